"""What look-ups are called: for those who watch, and for the person."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.accountability.models import PackageEnding
from servicedesk.core import labels
from servicedesk.core.actor import Role
from servicedesk.core.language import gettext
from servicedesk.core.lookups import LookUp, Seen

labels.declare(
    {
        Seen.TICKET: _("Henvendelse læst"),
        Seen.ATTACHMENT: _("Vedhæftet fil åbnet"),
        Seen.NUMBERS: _("Skjulte CPR-numre vist"),
        Seen.PERSON: _("Oplysninger om personen læst"),
        Seen.SEARCH: _("Søgning"),
        Seen.EXPORT: _("Hentet som fil"),
        Seen.PACKAGE: _("Samlet udtræk af personens oplysninger"),
    }
)
labels.declare(
    {
        PackageEnding.READY: _("Klar"),
        PackageEnding.REFUSED: _("Stoppet, fordi adgangen er ophørt"),
        PackageEnding.CANCELLED: _("Stoppet"),
    }
)

#: What somebody was about, by the route of the page; others are called after what was seen.
DOORS: dict[str, LazyString] = {
    "cockpit.preview": _("Henvendelse læst ved siden af køen"),
    "cockpit.queue": _("Henvendelse læst ved siden af køen"),
    "cockpit.queue_table": _("Henvendelse taget med i en fil fra køen"),
    "cockpit.macro_preview": _("Henvendelse læst for at bruge en makro på den"),
    "tickets.explain_clocks": _("Henvendelsens frister læst"),
    "tickets.edit": _("Henvendelse åbnet for at rette den eller give den videre"),
    "tickets.split_page": _("Henvendelse åbnet for at dele den"),
    "tickets.preview_merge": _("Henvendelse åbnet for at lægge den sammen med en anden"),
    "tickets.hidden_numbers": _("Siden med henvendelsens skjulte CPR-numre åbnet, uden at de blev vist"),
    "tickets.call": _("Personens side åbnet, mens der blev ringet til servicedesk"),
    "competence.of_ticket": _("Kurser for henvendelsens system læst"),
    "organisation.person": _("Personens side i administrationen åbnet"),
    "signin.persons_sign_in": _("Personens login åbnet i administrationen"),
    "training.person": _("Personens kursusbeviser læst"),
    "export": _("Taget med i en fil af alle henvendelser"),
}


def purpose(line: LookUp) -> str:
    """What it was for, as far as the page tells."""
    if line.seen is Seen.SEARCH:
        return labels.in_words(line.seen)
    is_listed = line.seen in (Seen.TICKET, Seen.PERSON)
    return str(DOORS[line.door]) if is_listed and line.door in DOORS else labels.in_words(line.seen)


def roles(line: LookUp) -> str:
    """In which roles it was read."""
    known = {role.value: role for role in Role}
    names = [labels.in_words(known[one]) if one in known else one for one in line.roles.split()]
    return ", ".join(names) or gettext("Medlem af et team")


def details(line: LookUp) -> list[tuple[str, str]]:
    """What else is known of it: (what, value)."""
    told = {
        "words": gettext("Søgte efter"),
        "file": gettext("Fil"),
        "rows": gettext("Rækker"),
        "reason": gettext("Begrundelse"),
        "attachment": gettext("Filens nummer"),
    }
    return [(words, str(line.facts[name])) for name, words in told.items() if line.facts.get(name) is not None]
