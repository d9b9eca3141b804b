"""The page on which a customer sets its own priorities."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, labels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotFoundError
from servicedesk.organisation import administration
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customers
from servicedesk.tickets import matrix
from servicedesk.tickets.matrix import MatrixPermission, cell_name
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Level, Priority

bp = Blueprint("matrix", __name__)

administration.offer(
    administration.Card(
        _("Prioriteter"),
        _("Hvordan påvirkning og hastegrad bliver til en prioritet"),
        "matrix.priorities",
        "priority",
        MatrixPermission.SET,
        rank=50,
    )
)


@bp.get("/admin/priorities")
@requires(MatrixPermission.SET)
def priorities() -> str:
    customer = _customer(web.key_in_address("customer"))
    return _page(customer, {cell_name(*cell): str(int(p)) for cell, p in matrix.get(customer.id).items()}, {})


@bp.post("/admin/priorities/<int:customer_id>")
@requires(MatrixPermission.SET)
def set_priorities(customer_id: int) -> ResponseReturnValue:
    customer = _customer(customer_id)
    given = {cell_name(*cell): request.form.get(cell_name(*cell), "") for cell in DEFAULT_MATRIX}
    known = {str(int(priority)): priority for priority in Priority}
    errors = {name: gettext("Vælg en prioritet.") for name, value in given.items() if value not in known}
    if errors:
        return _page(customer, given, errors), 422
    cells = {cell: known[given[cell_name(*cell)]] for cell in DEFAULT_MATRIX}
    matrix.set_all(customer.id, cells, by=actor(), now=clock.now())
    flash(gettext("Prioriteterne er gemt. De gælder for nye henvendelser."), "success")
    return web.see_other("matrix.priorities", customer=customer.id)


@bp.post("/admin/priorities/<int:customer_id>/default")
@requires(MatrixPermission.SET)
def restore_priorities(customer_id: int) -> ResponseReturnValue:
    matrix.restore_default(customer_id, by=actor(), now=clock.now())
    flash(gettext("Prioriteterne er sat tilbage til standard."), "success")
    return web.see_other("matrix.priorities", customer=customer_id)


def _customer(customer_id: int | None) -> Unit:
    """The one asked for, else the first that the person may set priorities for."""
    own = customers(actor(), MatrixPermission.SET)
    wanted = [customer for customer in own if customer_id in (None, customer.id)]
    if not wanted:
        raise NotFoundError
    return wanted[0]


def _page(customer: Unit, given: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "tickets/priorities.html",
        customer=customer,
        customers=customers(actor(), MatrixPermission.SET),
        levels=list(Level),
        cell_name=cell_name,
        options=[(int(priority), labels.in_words(priority)) for priority in Priority],
        given=given,
        errors=errors,
    )
