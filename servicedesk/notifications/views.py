from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("notifications", __name__)


@bp.get("/admin/outbox")
@public
def outbox() -> str:
    return "outbox"
