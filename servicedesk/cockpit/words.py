"""What columns, groupings and sharing are called."""

from flask_babel import lazy_gettext as _

from servicedesk.cockpit.models import Sharing
from servicedesk.cockpit.shape import Column, Grouping
from servicedesk.core.labels import declare

declare(
    {
        Column.PRIORITY: _("Prioritet"),
        Column.TIME: _("Tid"),
        Column.STATE: _("Tilstand"),
        Column.WHO: _("Hvem"),
        Column.SYSTEM: _("System"),
        Column.HELD: _("Hos"),
        Column.FILED: _("Oprettet"),
        Column.UPDATED: _("Ændret"),
        Column.KIND: _("Slags"),
        Column.TIER: _("Hvem har den"),
    }
)
declare(
    {
        Grouping.TEAM: _("Team"),
        Grouping.ASSIGNEE: _("Ansvarlig"),
        Grouping.PRIORITY: _("Prioritet"),
        Grouping.STATE: _("Tilstand"),
        Grouping.SYSTEM: _("System"),
        Grouping.UNIT: _("Enhed"),
        Grouping.DUE: _("Forfaldsdag"),
    }
)
declare(
    {
        Sharing.PRIVATE: _("Kun mig"),
        Sharing.TEAM: _("Mit team"),
        Sharing.CUSTOMER: _("Alle i organisationen"),
    }
)
