"""What each kind of user is called and comes for; for the buttons of the trial."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.core.actor import Role

_KINDS: Mapping[Role | None, tuple[LazyString, LazyString]] = {
    None: (_("Medarbejder"), _("Melder en fejl, bestiller noget og følger sine egne henvendelser.")),
    Role.SUPERBRUGER: (_("Superbruger"), _("Hjælper kollegerne på sin egen enhed og ser deres henvendelser.")),
    Role.SUPPORTER: (_("Supporter"), _("Arbejder i køen: tager, svarer på og løser henvendelser.")),
    Role.MANAGER: (_("Leder"), _("Følger med i sin egen del af organisationen.")),
    Role.SYSTEM_OWNER: (_("Systemejer"), _("Ser henvendelserne om sit eget system.")),
    Role.TRAINING_COORDINATOR: (_("Uddannelseskoordinator"), _("Fastsætter, hvad folk skal lære, og holder kurserne.")),
    Role.SERVICEDESK_MANAGER: (_("Servicedesk-leder"), _("Ser hele køen og fordeler arbejdet.")),
    Role.ADMINISTRATOR: (_("Administrator"), _("Styrer personer, enheder, team, systemer og rettigheder.")),
    Role.DATA_PROTECTION_OFFICER: (_("Databeskyttelsesrådgiver"), _("Ser, hvem der har slået hvad op, og hvorfor.")),
}


def described(kind: Role | None) -> tuple[LazyString, LazyString]:
    """(name, what such a person does here)"""
    return _KINDS[kind]
