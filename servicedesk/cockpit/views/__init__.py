"""The pages of the cockpit."""

from flask import Blueprint
from flask_babel import lazy_gettext as _

from servicedesk.core import navigation
from servicedesk.core.navigation import Item
from servicedesk.tickets.policy import TicketPermission

bp = Blueprint("cockpit", __name__)

navigation.offer(Item(_("Kø"), "cockpit.queue", TicketPermission.OVERSEE, rank=20))

# Each module adds its routes to the blueprint.
import servicedesk.cockpit.views.knowing  # noqa: E402
import servicedesk.cockpit.views.queue  # noqa: E402, F401
