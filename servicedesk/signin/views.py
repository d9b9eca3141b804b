from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("signin", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> str:
    return "sign_in"


@bp.get("/sign-out")
@public
def sign_out() -> str:
    return "sign_out"


@bp.get("/me")
@public
def profile() -> str:
    return "profile"


@bp.get("/language")
@public
def language() -> str:
    return "language"
