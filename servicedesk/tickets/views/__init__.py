"""The pages of tickets."""

from flask import Blueprint
from flask_babel import lazy_gettext as _

from servicedesk.core import navigation
from servicedesk.core.navigation import Item
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets import words as words

bp = Blueprint("tickets", __name__)

navigation.offer(
    Item(_("Forside"), "tickets.home", rank=10),
    Item(_("Mine henvendelser"), "tickets.mine", rank=15),
    Item(_("Telefon"), "tickets.call", PersonPermission.TAKE_CALL, rank=25, key="c"),
)

# Each module adds its routes to the blueprint.
import servicedesk.tickets.views.acting  # noqa: E402
import servicedesk.tickets.views.calls  # noqa: E402
import servicedesk.tickets.views.clocks  # noqa: E402
import servicedesk.tickets.views.filing  # noqa: E402
import servicedesk.tickets.views.hidden  # noqa: E402
import servicedesk.tickets.views.joining  # noqa: E402
import servicedesk.tickets.views.lists  # noqa: E402
import servicedesk.tickets.views.local_work  # noqa: E402
import servicedesk.tickets.views.passing  # noqa: E402
import servicedesk.tickets.views.people  # noqa: E402
import servicedesk.tickets.views.saying  # noqa: E402
import servicedesk.tickets.views.showing  # noqa: E402, F401
