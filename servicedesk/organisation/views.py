from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("organisation", __name__)


@bp.get("/admin")
@public
def admin() -> str:
    return "admin"


@bp.get("/admin/people")
@public
def people() -> str:
    return "people"


@bp.get("/admin/units")
@public
def units() -> str:
    return "units"


@bp.get("/admin/teams")
@public
def teams() -> str:
    return "teams"
