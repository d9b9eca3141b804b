"""Networks of superbrugere: a list, a page for each, and writing to everybody in it."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, markup, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, ConflictError
from servicedesk.core.labels import options
from servicedesk.core.language import gettext
from servicedesk.organisation import choosing
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import PersonPermission
from servicedesk.superbrugere import corps
from servicedesk.superbrugere.networks import commands, events, queries, words  # noqa: F401  they are declared
from servicedesk.superbrugere.networks.forms import MailForm, MemberForm, NetworkForm
from servicedesk.superbrugere.networks.models import Network, NetworkMail
from servicedesk.superbrugere.networks.policy import NetworkPermission
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.superbrugere.views import bp
from servicedesk.superbrugere.views.corps import chosen_customer, standing


@bp.get("/networks")
@requires(CorpsPermission.READ)
def networks() -> str:
    who = actor()
    customer = chosen_customer(who)
    found = queries.listed(who, clock.now(), customer_id=customer.id)
    return render_template("superbrugere/networks.html", **standing(who, customer), found=found)


@bp.get("/networks/<int:network_id>")
@signed_in
def network(network_id: int) -> str:
    return _network_page(queries.get(network_id, actor()), {}, {})


def _network_page(one: Network, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    who, now = actor(), clock.now()
    coming, past = queries.meetings(one, now)
    customer = next(each for each in corps.customers(who) if each.id == one.customer_id)
    members = queries.members(one)
    return render_template(
        "superbrugere/network.html",
        **standing(who, customer),
        one=one,
        about=markup.render(one.about),
        members=members,
        addresses=", ".join(each.email for each in members if each.email),
        mails=[(mail, markup.render(mail.body)) for mail in queries.mails(one)],
        coming=coming,
        past=past,
        own_answers=queries.own_answers([each.id for each in coming], who),
        may_coordinate=queries.may(one, who, NetworkPermission.COORDINATE),
        may_change=queries.may(one, who, NetworkPermission.MANAGE),
        given=given,
        errors=errors,
        form_id=given.get("form_id") or token_hex(16),
    )


# ------------------------------------------------------------------------------------------------ making and changing


@bp.get("/networks/new")
@requires(CorpsPermission.MANAGE)
def new_network() -> str:
    return _form_page(chosen_customer(actor(), CorpsPermission.MANAGE), {}, {})


@bp.post("/networks/new")
@requires(CorpsPermission.MANAGE)
def add_network() -> ResponseReturnValue:
    customer, form = chosen_customer(actor(), CorpsPermission.MANAGE), NetworkForm()
    made = list[Network]()
    errors = attempt(form, lambda: made.append(_make(customer, form)))
    if errors:
        return _form_page(customer, form.data, errors), 422
    flash(gettext("Netværket er oprettet."), "success")
    return web.see_other("superbrugere.network", network_id=made[0].id)


def _make(customer: Unit, form: NetworkForm) -> Network:
    return commands.make_network(customer.id, _terms(form), by=actor(), now=clock.now())


@bp.get("/networks/<int:network_id>/edit")
@requires(NetworkPermission.MANAGE)
def edit_network(network_id: int) -> str:
    one = queries.get(network_id, actor(), NetworkPermission.MANAGE)
    return _form_page(_customer_of(one), _told(one), {}, one)


@bp.post("/networks/<int:network_id>/edit")
@requires(NetworkPermission.MANAGE)
def change_network(network_id: int) -> ResponseReturnValue:
    one, form = queries.get(network_id, actor(), NetworkPermission.MANAGE), NetworkForm()
    try:
        errors = attempt(form, lambda: _change(network_id, form))
    except ConflictError as error:
        given = {**form.data, "seen": one.version}
        return _form_page(_customer_of(one), given, {"name": web.refusal(error)}, one), error.status
    if errors:
        return _form_page(_customer_of(one), form.data, errors, one), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("superbrugere.network", network_id=network_id)


def _change(network_id: int, form: NetworkForm) -> None:
    commands.change_network(network_id, _terms(form), seen=form.seen.data, by=actor(), now=clock.now())


@bp.post("/networks/<int:network_id>/closing")
@requires(NetworkPermission.MANAGE)
def close_network(network_id: int) -> ResponseReturnValue:
    is_closed = request.form.get("open") is None
    commands.set_closed(network_id, is_closed, by=actor(), now=clock.now())
    flash(gettext("Netværket er lukket.") if is_closed else gettext("Netværket er åbnet igen."), "success")
    return web.see_other("superbrugere.network", network_id=network_id)


def _terms(form: NetworkForm) -> commands.NetworkTerms:
    return commands.NetworkTerms(
        name=form.name.data or "",
        about=form.about.data or "",
        system_id=form.system_id.data,
        kind=AppointmentKind(form.kind.data) if form.kind.data else None,
        coordinator_id=_person_id(form.coordinator_id.data, form.coordinator.data, "coordinator"),
    )


def _person_id(key: int | None, typed: str | None, field: str) -> int | None:
    """The one chosen from the suggestions, else the one whom the text names; raises FieldRefusedError."""
    asked = (typed or "").strip()
    if key is not None or not asked:
        return key
    found = choosing.choose(asked, actor(), PersonPermission.PLAN_ABSENCE_OF_OTHERS)
    one = choosing.the_one(asked, found)
    if one is None:
        raise FieldRefusedError(field, N_("Vælg en person fra listen, eller skriv initialerne."))
    return one.id


def _customer_of(one: Network) -> Unit:
    return next(each for each in corps.customers(actor(), CorpsPermission.MANAGE) if each.id == one.customer_id)


def _told(one: Network) -> dict[str, Any]:
    return {
        "name": one.name,
        "about": one.about,
        "system_id": one.system_id,
        "kind": one.kind.value if one.kind else "",
        "coordinator_id": one.coordinator_id,
        "coordinator": one.coordinator.name if one.coordinator else "",
        "seen": one.version,
    }


def _form_page(customer: Unit, given: Mapping[str, Any], errors: Mapping[str, str], one: Network | None = None) -> str:
    return render_template(
        "superbrugere/network_form.html",
        customer=customer,
        one=one,
        given=given,
        errors=errors,
        systems=[(each.id, each.name) for each in corps.systems_of(customer.id)],
        kinds=options(AppointmentKind),
    )


# ------------------------------------------------------------------------------------------------ members and mails


@bp.post("/networks/<int:network_id>/members")
@requires(NetworkPermission.MANAGE)
def add_member(network_id: int) -> ResponseReturnValue:
    one, form = queries.get(network_id, actor(), NetworkPermission.MANAGE), MemberForm()
    errors = attempt(form, lambda: _add_member(one, form))
    if errors:
        return _network_page(one, form.data, errors), 422
    flash(gettext("Personen er føjet til netværket."), "success")
    return web.see_other("superbrugere.network", network_id=network_id)


def _add_member(one: Network, form: MemberForm) -> None:
    person_id = _person_id(form.person_id.data, form.person.data, "person")
    if person_id is None:
        raise FieldRefusedError("person", N_("Vælg en person fra listen, eller skriv initialerne."))
    commands.add_member(one.id, person_id, by=actor(), now=clock.now())


@bp.post("/networks/<int:network_id>/members/<int:person_id>/removal")
@requires(NetworkPermission.MANAGE)
def remove_member(network_id: int, person_id: int) -> ResponseReturnValue:
    commands.remove_member(network_id, person_id, by=actor(), now=clock.now())
    return web.see_other("superbrugere.network", network_id=network_id)


@bp.post("/networks/<int:network_id>/mails")
@requires(NetworkPermission.COORDINATE)
def write_to_network(network_id: int) -> ResponseReturnValue:
    one, form = queries.get(network_id, actor(), NetworkPermission.COORDINATE), MailForm()
    sent = list[NetworkMail]()
    errors = attempt(form, lambda: sent.append(_write(one, form)))
    if errors:
        return _network_page(one, form.data, errors), 422
    flash(gettext("Der er skrevet til %(num)s i netværket.", num=sent[0].receivers), "success")
    return web.see_other("superbrugere.network", network_id=network_id)


def _write(one: Network, form: MailForm) -> NetworkMail:
    told = {name: form[name].data or "" for name in ("subject", "body", "form_id")}
    return commands.write(one.id, **told, by=actor(), now=clock.now())


# ------------------------------------------------------------------------------------------------ elsewhere


def _of_superbruger(_nothing: Any, who: Actor) -> str | None:
    """On a superbruger's own page: the own networks and when they meet next."""
    found = [one for one in queries.listed(who, clock.now()) if one.network.closed_at is None]
    return render_template("superbrugere/_own_networks.html", found=found) if found else None


panels.offer(panels.Place.SUPERBRUGER, _of_superbruger, rank=70)
