"""How each customer asks its users."""

from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration
from servicedesk.organisation.forms import attempt
from servicedesk.surveys.commands.settings import change_asking
from servicedesk.surveys.forms import AskingForm
from servicedesk.surveys.policy import AskingPermission
from servicedesk.surveys.queries import settings
from servicedesk.surveys.views import bp

administration.offer(
    administration.Card(
        _("Tilfredshed"),
        _("Hvor ofte brugerne spørges, og hvor mange svar der skal til, før tal vises"),
        "surveys.asking",
        "chat",
        AskingPermission.SET,
        rank=39,
    )
)


@bp.get("/admin/satisfaction")
@requires(AskingPermission.SET)
def asking() -> str:
    return _page()


@bp.post("/admin/satisfaction/<int:customer_id>")
@requires(AskingPermission.SET)
def change(customer_id: int) -> ResponseReturnValue:
    form, customer = AskingForm(), settings.get_customer(customer_id, actor())
    errors = attempt(form, lambda: change_asking(customer.id, form.asking(), by=actor(), now=clock.now()))
    if errors:
        return _page(customer.id, form.data, errors), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("surveys.asking")


def _page(about: int = 0, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    """`about` is the customer whose form was sent."""
    customers = settings.customers(actor())
    chosen: dict[int, dict[str, Any]] = {one.id: settings.settings_of(one.id)._asdict() for one in customers}
    chosen |= {about: chosen[about] | (typed or {})} if about else {}
    return render_template("surveys/asking.html", customers=customers, chosen=chosen, about=about, errors=errors or {})
