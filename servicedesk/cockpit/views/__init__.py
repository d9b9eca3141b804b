"""The pages of the cockpit."""

from flask import Blueprint
from flask_babel import lazy_gettext as _

from servicedesk.cockpit import words  # noqa: F401 names for what the pages show
from servicedesk.core import navigation
from servicedesk.core.navigation import Item
from servicedesk.tickets.policy import TicketPermission

bp = Blueprint("cockpit", __name__)

navigation.offer(
    Item(_("Kø"), "cockpit.queue", TicketPermission.OVERSEE, rank=20, owns=("cockpit.queue", "cockpit.views"))
)

# Each module adds its routes to the blueprint.
import servicedesk.cockpit.views.arranging  # noqa: E402
import servicedesk.cockpit.views.bulk  # noqa: E402
import servicedesk.cockpit.views.knowing  # noqa: E402
import servicedesk.cockpit.views.live  # noqa: E402
import servicedesk.cockpit.views.macros  # noqa: E402
import servicedesk.cockpit.views.majors  # noqa: E402
import servicedesk.cockpit.views.presence  # noqa: E402
import servicedesk.cockpit.views.preview  # noqa: E402
import servicedesk.cockpit.views.queue  # noqa: E402
import servicedesk.cockpit.views.saving  # noqa: E402
import servicedesk.cockpit.views.start  # noqa: E402
import servicedesk.cockpit.views.table  # noqa: E402, F401
