"""Appointing superbrugere: one form, by whoever runs a customer's servicedesk."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext
from servicedesk.organisation import choosing
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.policy import PersonPermission
from servicedesk.superbrugere import commands, corps
from servicedesk.superbrugere.corps import Held
from servicedesk.superbrugere.forms import AppointmentForm
from servicedesk.superbrugere.models import Appointment
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.superbrugere.views import bp
from servicedesk.superbrugere.views.corps import chosen_customer

#: Suggestions of people at once.
SHOWN = 8
_HINTS = {
    AppointmentKind.SYSTEM: lazy("Kender nogle systemer og det arbejde, der udføres i dem"),
    AppointmentKind.IT: lazy("Hjælper med pc, print, login og det, enheden ellers bruger"),
}


@bp.get("/people")
@requires(CorpsPermission.MANAGE)
def people() -> str:
    """Options of a list, for the fields of the form that name a person."""
    found = choosing.choose(
        web.text_in_address("q", 100), actor(), PersonPermission.PLAN_ABSENCE_OF_OTHERS, limit=SHOWN
    )
    return render_template("organisation/_people_options.html", people=found)


@bp.get("/appointments/new")
@requires(CorpsPermission.MANAGE)
def new() -> str:
    customer, person = chosen_customer(actor(), CorpsPermission.MANAGE), _person_in_address()
    if person is not None and person.customer_id is not None:
        customer = next(one for one in corps.customers(actor(), CorpsPermission.MANAGE) if one.id == person.customer_id)
    return _page(customer, _suggested(person), {})


@bp.post("/appointments/new")
@requires(CorpsPermission.MANAGE)
def add() -> ResponseReturnValue:
    form, made = AppointmentForm(), list[Appointment]()
    errors = attempt(form, lambda: made.append(_appoint(form)))
    if errors:
        return _page(chosen_customer(actor(), CorpsPermission.MANAGE), _typed(), errors), 422
    flash(gettext("Udpegningen er gemt. Den gælder fra den første dag, uden at nogen skal gøre mere."), "success")
    return web.see_other("superbrugere.appointment", appointment_id=made[0].id)


@bp.get("/appointments/<int:appointment_id>/edit")
@requires(CorpsPermission.MANAGE)
def edit(appointment_id: int) -> str:
    held, customer = _to_change(appointment_id)
    return _page(customer, _told(held.appointment), {}, held=held)


@bp.post("/appointments/<int:appointment_id>/edit")
@requires(CorpsPermission.MANAGE)
def change(appointment_id: int) -> ResponseReturnValue:
    form = AppointmentForm()
    held, customer = _to_change(appointment_id)
    try:
        errors = attempt(form, lambda: _change(appointment_id, form))
    except ConflictError as error:
        # Nothing typed is lost; sending again, now that it is said, overwrites.
        held, customer = _to_change(appointment_id)
        typed = {**_typed(), "seen": held.appointment.version}
        return _page(customer, typed, {}, held=held, news=web.refusal(error)), error.status
    if errors:
        return _page(customer, _typed(), errors, held=held), 422
    flash(gettext("Ændringerne er gemt og gælder fra nu af."), "success")
    return web.see_other("superbrugere.appointment", appointment_id=appointment_id)


# ------------------------------------------------------------------------------------------------ what is told


def _appoint(form: AppointmentForm) -> Appointment:
    person = _chosen("person", form)
    if person is None:
        raise FieldRefusedError("person", N_("Vælg, hvem der skal være superbruger."))
    return commands.appoint(person.id, _terms(form), by=actor(), now=clock.now())


def _change(appointment_id: int, form: AppointmentForm) -> None:
    commands.change_appointment(appointment_id, _terms(form), by=actor(), now=clock.now(), seen=form.seen.data)


def _terms(form: AppointmentForm) -> commands.Terms:
    deputy, agreed_by = _chosen("deputy", form), _chosen("agreed_by", form)
    return form.terms(
        deputy_id=deputy.id if deputy else None,
        agreed_by_id=agreed_by.id if agreed_by else None,
    )


def _chosen(name: str, form: AppointmentForm) -> Person | None:
    """Who was chosen from the suggestions, or else the only one whom what was typed means."""
    key, typed = form[f"{name}_id"].data, form[name].data or ""
    if not typed:
        return None
    if key is not None:
        try:
            return organisation.get_person(key, actor(), PersonPermission.PLAN_ABSENCE_OF_OTHERS)
        except NotFoundError:
            key = None
    found = choosing.the_one(typed, choosing.choose(typed, actor(), PersonPermission.PLAN_ABSENCE_OF_OTHERS))
    if found is None:
        raise FieldRefusedError(name, N_("Vi kunne ikke finde præcis én person. Skriv initialerne."))
    return found


def _typed() -> dict[str, Any]:
    """Everything as it was sent, so that none of it is lost."""
    many = ("units", "below", "systems")
    return {**request.form.to_dict(), **{name: request.form.getlist(name) for name in many}}


def _told(one: Appointment) -> dict[str, Any]:
    hours, minutes = divmod(one.weekly_minutes, 60)
    return {
        "kind": one.kind.value,
        "units": [str(over.unit_id) for over in one.units],
        "below": [str(over.unit_id) for over in one.units if over.with_subunits],
        "systems": [str(system.id) for system in one.systems],
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat() if one.ends_on else "",
        "hours": f"{hours + minutes / 60:g}".replace(".", ","),
        **_naming("agreed_by", one.agreed_by),
        **_naming("deputy", one.deputy),
        "seen": one.version,
    }


def _naming(name: str, person: Person | None) -> dict[str, Any]:
    return {name: person.name, f"{name}_id": person.id} if person else {}


def _suggested(person: Person | None) -> dict[str, Any]:
    """The likely answers: the person's own unit, or those that the address names, as the map's gaps do."""
    unit, system = web.key_in_address("unit"), web.key_in_address("system")
    unit = unit or (person.unit_id if person else None)
    return {
        "kind": AppointmentKind.SYSTEM.value if system else AppointmentKind.IT.value,
        "units": [str(unit)] if unit else [],
        "below": [str(unit)] if unit else [],
        "systems": [str(system)] if system else [],
        "starts_on": clock.today().isoformat(),
        **_naming("person", person),
    }


def _person_in_address() -> Person | None:
    key = web.key_in_address("person")
    if key is None:
        return None
    person = organisation.get_person(key, actor(), PersonPermission.PLAN_ABSENCE_OF_OTHERS)
    if person.customer_id not in {one.id for one in corps.customers(actor(), CorpsPermission.MANAGE)}:
        raise NotFoundError
    return person


def _to_change(appointment_id: int) -> tuple[Held, Unit]:
    """The appointment and its customer; raises NotFoundError when it is not the person's to change."""
    who = actor()
    held = corps.get(appointment_id, who, clock.today())
    if not corps.may_change(held.appointment, who):
        raise NotFoundError
    return held, next(one for one in corps.customers(who) if one.id == held.appointment.customer_id)


def _page(customer: Unit, given: Mapping[str, Any], errors: dict[str, str], **more: Any) -> str:
    units = organisation.in_tree_order(corps.units_of(customer.id))
    return render_template(
        "superbrugere/appoint.html",
        customer=customer,
        given=given,
        errors=errors,
        units=units,
        parents={unit.parent_id for unit in units},
        systems=[(system.id, system.name) for system in corps.systems_of(customer.id)],
        kinds=[(kind.value, in_words(kind), hint) for kind, hint in _HINTS.items()],
        **more,
    )
