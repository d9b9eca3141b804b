from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("systems", __name__)


@bp.get("/admin/systems")
@public
def register() -> str:
    return "register"
