"""The customer's suppliers: whom a ticket can wait for under a contract."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.agreements import commands, queries
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.agreements.views import chosen_customer
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.core.forms import stripped
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customers, get_unit

MANAGE = AgreementPermission.MANAGE

bp = Blueprint("suppliers", __name__)


@bp.get("/admin/suppliers")
@requires(MANAGE)
def all_suppliers() -> str:
    return _page(chosen_customer())


@bp.post("/admin/suppliers/new/<int:customer_id>")
@requires(MANAGE)
def add(customer_id: int) -> ResponseReturnValue:
    customer, name = get_unit(customer_id, actor(), MANAGE), _name()
    try:
        made = commands.add_supplier(customer.id, name=name, by=actor(), now=clock.now())
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _page(customer, name, {"name": web.refusal(refused)}), 422
    flash(gettext("%(name)s er oprettet.", name=made.name), "success")
    return web.see_other("suppliers.all_suppliers", customer=customer_id)


@bp.get("/admin/suppliers/<int:supplier_id>")
@requires(MANAGE)
def supplier(supplier_id: int) -> str:
    found = queries.get_supplier(supplier_id, actor())
    return render_template("agreements/supplier.html", supplier=found, name=found.name, errors={})


@bp.post("/admin/suppliers/<int:supplier_id>")
@requires(MANAGE)
def change(supplier_id: int) -> ResponseReturnValue:
    found, name = queries.get_supplier(supplier_id, actor()), _name()
    is_active = request.form.get("is_active") == "1"
    try:
        commands.change_supplier(found.id, name=name, is_active=is_active, by=actor(), now=clock.now())
    except NotFoundError:
        raise
    except RefusedError as refused:
        found = queries.get_supplier(supplier_id, actor())
        errors = {"name": web.refusal(refused)}
        return render_template("agreements/supplier.html", supplier=found, name=name, errors=errors), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("suppliers.all_suppliers", customer=found.customer_id)


def _name() -> str:
    return str(stripped(request.form.get("name", "")))


def _page(customer: Unit, name: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template(
        "agreements/suppliers.html",
        customer=customer,
        customers=customers(actor(), MANAGE),
        suppliers=queries.suppliers(customer.id),
        name=name,
        errors=errors or {},
    )
