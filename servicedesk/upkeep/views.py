from flask import Blueprint

from servicedesk.core.access import public

bp = Blueprint("upkeep", __name__)


@bp.get("/healthz")
@public
def healthz() -> str:
    return "healthz"


@bp.get("/readyz")
@public
def readyz() -> str:
    return "readyz"


@bp.get("/admin/audit")
@public
def audit_log() -> str:
    return "audit_log"
