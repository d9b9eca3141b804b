"""What stands in the way of an erasure, how far one has come, and what the rules are about, in words."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.privacy.queries import Obstacle

labels.declare(
    {
        Obstacle.ACTIVE: _("Personen er stadig aktiv. En administrator skal deaktivere personen først."),
        Obstacle.OPEN_TICKETS: _("Personen har henvendelser, der ikke er lukket. Luk dem først."),
        Obstacle.ASSIGNED: _("Personen har åbne henvendelser at arbejde på. Giv dem til en anden først."),
        Obstacle.HELD: _("Personen holdes tilbage af databeskyttelsesrådgiveren."),
        Obstacle.ON_HELD_TICKET: _("En af personens henvendelser holdes tilbage af databeskyttelsesrådgiveren."),
    },
)
