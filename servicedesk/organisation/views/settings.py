"""How each customer wants its desk to work."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration, commands, queries
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.views.blueprint import bp

administration.offer(
    administration.Card(
        _("Arbejdsgange"),
        _("Minutter, mål for servicen og hvad en time koster"),
        "organisation.settings",
        "edit",
        UnitPermission.SET_UP_DESK,
        rank=38,
    )
)


@bp.get("/admin/settings")
@requires(UnitPermission.SET_UP_DESK)
def settings() -> str:
    customers = queries.customers(actor(), UnitPermission.SET_UP_DESK)
    chosen = queries.settings_of([customer.id for customer in customers])
    return render_template("organisation/settings.html", customers=customers, chosen=chosen)


@bp.post("/admin/settings/<int:customer_id>")
@requires(UnitPermission.SET_UP_DESK)
def change_settings(customer_id: int) -> ResponseReturnValue:
    commands.change_settings(
        customer_id,
        counts_minutes=request.form.get("counts_minutes") == "1",
        kept_goal=_whole("kept_goal"),
        hourly_rate=_whole("hourly_rate"),
        by=actor(),
        now=clock.now(),
    )
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("organisation.settings")


def _whole(field: str) -> int | None:
    """Nothing for an empty field; for what is no number, one that the command refuses."""
    typed = request.form.get(field, "").strip()
    if not typed:
        return None
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 8 else -1
