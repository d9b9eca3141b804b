"""What the lines of the audit log say."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

#: An action that has no words here is shown by its own name, so that nothing is ever left out.
ACTIONS: dict[str, LazyString] = {
    "unit_added": _("Enhed oprettet"),
    "unit_changed": _("Enhed ændret"),
    "unit_moved": _("Enhed flyttet"),
    "unit_deactivated": _("Enhed taget ud af brug"),
    "unit_activated": _("Enhed taget i brug igen"),
    "units_imported": _("Enheder importeret"),
    "person_added": _("Person oprettet"),
    "person_changed": _("Person ændret"),
    "person_deactivated": _("Person deaktiveret"),
    "person_activated": _("Person gjort aktiv igen"),
    "persons_imported": _("Personer importeret"),
    "role_given": _("Rolle givet"),
    "role_ended": _("Rolle afsluttet"),
    "team_added": _("Team oprettet"),
    "team_changed": _("Team ændret"),
    "team_deactivated": _("Team taget ud af brug"),
    "team_activated": _("Team taget i brug igen"),
    "team_member_added": _("Medlem sat på team"),
    "team_member_removed": _("Medlem fjernet fra team"),
    "system_added": _("System oprettet"),
    "system_changed": _("System ændret"),
    "system_deactivated": _("System taget ud af brug"),
    "system_activated": _("System taget i brug igen"),
    "priorities_set": _("Prioriteter ændret"),
    "priorities_restored": _("Prioriteter sat tilbage til standard"),
}

FACTS: dict[str, LazyString] = {
    "person": _("Person"),
    "role": _("Rolle"),
    "unit": _("Enhed"),
    "system": _("System"),
    "starts_on": _("Fra"),
    "ends_on": _("Til"),
    "made": _("Oprettet"),
    "changed": _("Ændret"),
    "deactivated": _("Deaktiveret"),
    "reason": _("Begrundelse"),
    "number": _("Henvendelse"),
}
