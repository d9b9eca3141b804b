"""The components page."""

from flask import Blueprint, render_template

from servicedesk.core.access import requires
from servicedesk.developer import samples, tokens
from servicedesk.organisation.policy import UnitPermission

bp = Blueprint("developer", __name__)


@bp.get("/developer/components")
@requires(UnitPermission.OPEN_ADMINISTRATION)
def components() -> str:
    return render_template(
        "components/_all.html",
        colours=tokens.colours(),
        pairs=tokens.pairs(),
        densities=tokens.densities(),
        icons=tokens.icons(),
        **samples.figures(),
    )
