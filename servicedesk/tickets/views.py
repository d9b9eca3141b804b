from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("tickets", __name__)


@bp.get("/")
@public
def home() -> str:
    return "home"


@bp.get("/search")
@public
def search() -> str:
    return "search"
