"""The pages on which people see what they are told, choose how, and look after the outbox."""

from flask import Blueprint

bp = Blueprint("notifications", __name__)

# Each module adds its routes to the blueprint.
import servicedesk.notifications.views.choosing  # noqa: E402
import servicedesk.notifications.views.notices  # noqa: E402
import servicedesk.notifications.views.outbox  # noqa: E402, F401
