"""The corps: who is a superbruger where, and each appointment."""

from collections.abc import Container, Iterable, Iterator
from typing import Any

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, navigation, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.actor import Actor, Role
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import NotFoundError
from servicedesk.core.labels import in_words, options
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.views.units import unit_choices
from servicedesk.superbrugere import commands, corps
from servicedesk.superbrugere.models import Appointment
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.superbrugere.views import bp

#: Appointments on a page.
PAGE = 100

navigation.offer(
    navigation.Item(_("Superbrugere"), "superbrugere.index", CorpsPermission.WATCH, rank=45, owns=("superbrugere.",))
)


@bp.get("")
@requires(CorpsPermission.READ)
def index() -> str:
    who, today = actor(), clock.today()
    customer = chosen_customer(who)
    wanted = _wanted()
    found = corps.in_force(customer.id, today, wanted)
    start = min(max(web.key_in_address("from") or 0, 0), max(len(found) - 1, 0))
    shown = found[start : start + PAGE]
    coming, ended = corps.coming_and_ended(customer.id, who, today)
    return render_template(
        "superbrugere/index.html",
        **standing(who, customer),
        held=shown,
        count=len(found),
        before=max(start - PAGE, 0) if start else None,
        after=start + PAGE if start + PAGE < len(found) else None,
        readable=corps.readable([one.appointment.id for one in shown], who),
        coming=coming,
        ended=ended,
        wanted=wanted,
        address=_address(),
        units=unit_choices(organisation.in_tree_order(corps.units_of(customer.id))),
        systems=[(system.id, system.name) for system in corps.systems_of(customer.id)],
        kinds=options(AppointmentKind),
    )


@bp.get("/list.<sheet:ending>")
@requires(CorpsPermission.READ)
def corps_table(ending: str) -> Response:
    """Everybody on the list, not a page of them; agreed time only where the reader may read the appointment."""
    who, customer = actor(), chosen_customer(actor())
    found = corps.in_force(customer.id, clock.today(), _wanted())
    columns = [
        *(gettext("Navn"), gettext("Arbejder i"), gettext("Slags"), gettext("Enheder"), gettext("Systemer")),
        *(gettext("I dag"), gettext("Fra"), gettext("Til"), gettext("Aftalte minutter om ugen")),
    ]
    table = Table(
        file="superbruger-liste",
        title=gettext("Superbrugere"),
        columns=columns,
        rows=_rows(found, corps.readable([one.appointment.id for one in found], who)),
        chosen=[(gettext("Organisation"), customer.name)],
    )
    return taken_home(table, ending)


def _rows(found: Iterable[corps.Held], readable: Container[int]) -> Iterator[list[Any]]:
    for held in found:
        one = held.appointment
        may_read = one.id in readable
        yield [
            *(one.person.name, one.person.unit.name, in_words(one.kind), ", ".join(_units(one))),
            ", ".join(system.name for system in one.systems) or gettext("Alle systemer"),
            _present(held),
            *((one.starts_on, one.ends_on, one.weekly_minutes) if may_read else (None, None, None)),
        ]


def _units(one: Appointment) -> Iterator[str]:
    for over in sorted(one.units, key=lambda over: over.unit.path):
        name = over.unit.name
        yield name if over.with_subunits else gettext("%(unit)s uden underenheder", unit=name)


def _present(held: corps.Held) -> str:
    if held.acting is None:
        return gettext("Væk uden stedfortræder")
    if held.is_deputised:
        return gettext("Væk. %(name)s er stedfortræder", name=held.acting.name)
    return gettext("Er her")


@bp.get("/appointments/<int:appointment_id>")
@signed_in
def appointment(appointment_id: int) -> str:
    who, today = actor(), clock.today()
    held = corps.get(appointment_id, who, today)
    return render_template(
        "superbrugere/appointment.html",
        held=held,
        one=held.appointment,
        changes=corps.changes_of(held.appointment),
        may_change=corps.may_change(held.appointment, who),
        today=today,
    )


@bp.post("/appointments/<int:appointment_id>/end")
@requires(CorpsPermission.MANAGE)
def end(appointment_id: int) -> ResponseReturnValue:
    commands.end_appointment(appointment_id, by=actor(), now=clock.now(), today=clock.today())
    flash(gettext("Udpegningen er afsluttet. Adgangen er væk fra nu af, også for en stedfortræder."), "success")
    return web.see_other("superbrugere.appointment", appointment_id=appointment_id)


def chosen_customer(who: Actor, permission: CorpsPermission = CorpsPermission.READ) -> Unit:
    """The customer that the address names, else the person's own or the first."""
    known = corps.customers(who, permission)
    asked = web.key_in_address("customer")
    found = next((one for one in known if one.id == asked), None) if asked else next(iter(known), None)
    if found is None:
        raise NotFoundError
    return found


def standing(who: Actor, customer: Unit) -> dict[str, Any]:
    """What every page about a customer's corps shows: which customer, whether there are others, what one may do."""
    return {
        "customer": customer,
        "customers": [(one.id, one.name) for one in corps.customers(who)],
        "may_manage": any(one.id == customer.id for one in _managed(who)),
        "is_superbruger": who.has_role(Role.SUPERBRUGER),
    }


def _managed(who: Actor) -> list[Unit]:
    return corps.customers(who, CorpsPermission.MANAGE) if is_open(CorpsPermission.MANAGE, who) else []


def _wanted() -> corps.Wanted:
    kind = request.args.get("kind", "")
    return corps.Wanted(
        q=web.text_in_address("q", 100).strip(),
        kind=AppointmentKind(kind) if kind in {one.value for one in AppointmentKind} else None,
        unit_id=web.key_in_address("unit"),
        system_id=web.key_in_address("system"),
        is_uncovered=request.args.get("show") == "uncovered",
    )


def _address() -> dict[str, str]:
    names = ("customer", "q", "kind", "unit", "system", "show")
    return {name: request.args[name][:100] for name in names if request.args.get(name)}


def _on_person(person: Person, who: Actor) -> str | None:
    """On the administration's page of a person."""
    if not is_open(CorpsPermission.MANAGE, who):
        return None
    held = corps.of_person(person.id, who, clock.today())
    return render_template("superbrugere/_of_person.html", person=person, held=held, today=clock.today())


panels.offer(panels.Place.PERSON, _on_person)
