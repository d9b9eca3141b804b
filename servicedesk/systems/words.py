"""What values about systems are called."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.systems.rules import Audience, Criticality, DisturbanceKind, KnownErrorState, Phase

labels.declare({KnownErrorState.ACTIVE: _("Aktiv"), KnownErrorState.SOLVED: _("Løst")})
labels.declare({Audience.EVERYBODY: _("Alle"), Audience.STAFF: _("Kun supportere og systemejer")})
labels.declare({DisturbanceKind.DISTURBANCE: _("Driftsforstyrrelse"), DisturbanceKind.MAINTENANCE: _("Servicevindue")})
labels.declare({Phase.PLANNED: _("Planlagt"), Phase.RUNNING: _("I gang"), Phase.OVER: _("Afsluttet")})
labels.declare(
    {
        Criticality.VITAL: _("Samfundskritisk"),
        Criticality.CRITICAL: _("Kritisk"),
        Criticality.IMPORTANT: _("Vigtig"),
        Criticality.ORDINARY: _("Almindelig"),
    }
)
