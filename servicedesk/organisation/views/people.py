"""People and their roles."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, labels, looking, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor, Role
from servicedesk.core.downloads import Table, taken_home
from servicedesk.organisation import administration, commands, queries
from servicedesk.organisation.forms import PersonForm, RoleForm, attempt
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.organisation.views.blueprint import bp
from servicedesk.organisation.views.units import unit_choices

PERSON_FIELDS = ("name", "initials", "email", "phone", "title", "unit_id", "employed_since")

administration.offer(
    administration.Card(
        _("Personer"),
        _("Medarbejdere og deres roller"),
        "organisation.people",
        "person",
        PersonPermission.MANAGE,
        rank=10,
    )
)


@bp.get("/admin/people")
@requires(PersonPermission.MANAGE)
def people() -> str:
    who, wanted = actor(), _filter()
    looking.note_search(wanted.q)
    page = queries.people(who, wanted, after=web.key_in_address("after"), before=web.key_in_address("before"))
    return render_template(
        "organisation/people.html",
        page=page,
        wanted=wanted,
        units=unit_choices(queries.units(who)),
        address={"q": wanted.q or None, "unit": wanted.unit_id, "show": None if wanted.is_active else "inactive"},
    )


@bp.get("/admin/people.<sheet:ending>")
@requires(PersonPermission.MANAGE)
def people_table(ending: str) -> Response:
    """Everybody on the list, not a page of them."""
    columns = [
        *(gettext("Navn"), gettext("Initialer"), gettext("Titel"), gettext("Enhed")),
        *(gettext("Mail"), gettext("Telefon"), gettext("Ansat siden")),
    ]
    table = Table(file="personer", title=gettext("Personer"), columns=columns, rows=_rows(actor(), _filter()))
    return taken_home(table, ending)


#: People that are in memory at once.
_BATCH = 500


def _rows(who: Actor, wanted: queries.PeopleFilter) -> Iterator[list[Any]]:
    after: int | None = None
    while True:
        page = queries.people(who, wanted, after=after, size=_BATCH)
        for one in page.rows:
            yield [one.name, one.initials, one.title, one.unit.name, one.email, one.phone, one.employed_since]
        after = page.after
        if after is None:
            return


@bp.get("/admin/people/new")
@requires(PersonPermission.MANAGE)
def new_person() -> str:
    return _new_page({"unit_id": web.key_in_address("unit")}, {})


@bp.post("/admin/people/new")
@requires(PersonPermission.MANAGE)
def add_person() -> ResponseReturnValue:
    form = PersonForm()
    made: list[Person] = []
    errors = attempt(form, lambda: made.append(commands.add_person(**form.told(), by=actor(), now=clock.now())))
    if errors:
        return _new_page(form.data, errors), 422
    flash(gettext("%(name)s er oprettet.", name=made[0].name), "success")
    return web.see_other("organisation.person", person_id=made[0].id)


@bp.get("/admin/people/<int:person_id>")
@requires(PersonPermission.MANAGE)
def person(person_id: int) -> str:
    return _person_page(queries.get_person(person_id, actor()))


@bp.post("/admin/people/<int:person_id>")
@requires(PersonPermission.MANAGE)
def change_person(person_id: int) -> ResponseReturnValue:
    form = PersonForm()
    errors = attempt(form, lambda: commands.change_person(person_id, **form.told(), by=actor(), now=clock.now()))
    if errors:
        return _person_page(queries.get_person(person_id, actor()), given=form.data, errors=errors), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("organisation.person", person_id=person_id)


@bp.post("/admin/people/<int:person_id>/deactivation")
@requires(PersonPermission.MANAGE)
def deactivate_person(person_id: int) -> ResponseReturnValue:
    changed = commands.set_person_active(person_id, False, by=actor(), now=clock.now())
    flash(gettext("%(name)s er deaktiveret og kan ikke længere logge ind.", name=changed.name), "success")
    return web.see_other("organisation.person", person_id=person_id)


@bp.post("/admin/people/<int:person_id>/activation")
@requires(PersonPermission.MANAGE)
def activate_person(person_id: int) -> ResponseReturnValue:
    changed = commands.set_person_active(person_id, True, by=actor(), now=clock.now())
    flash(gettext("%(name)s er aktiv igen.", name=changed.name), "success")
    return web.see_other("organisation.person", person_id=person_id)


@bp.post("/admin/people/<int:person_id>/roles")
@requires(PersonPermission.MANAGE)
def give_role(person_id: int) -> ResponseReturnValue:
    form = RoleForm()
    errors = attempt(form, lambda: _give(person_id, form))
    if errors:
        given = {name: request.form.get(name, "") for name in ("role", "scope", "starts_on", "ends_on")}
        return _person_page(queries.get_person(person_id, actor()), role=given, errors=errors), 422
    flash(gettext("Rollen er givet."), "success")
    return web.see_other("organisation.person", person_id=person_id)


@bp.post("/admin/roles/<int:grant_id>/end")
@requires(PersonPermission.MANAGE)
def end_role(grant_id: int) -> ResponseReturnValue:
    person_id = queries.get_grant(grant_id, actor()).person_id
    commands.end_role(grant_id, today=clock.today(), by=actor(), now=clock.now())
    flash(gettext("Rollen er afsluttet."), "success")
    return web.see_other("organisation.person", person_id=person_id)


def _give(person_id: int, form: RoleForm) -> None:
    assert form.starts_on.data is not None
    commands.give_role(
        person_id,
        role=Role(form.role.data or ""),
        **form.scope_ids(),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        by=actor(),
        now=clock.now(),
    )


def _filter() -> queries.PeopleFilter:
    return queries.PeopleFilter(
        q=request.args.get("q", "").replace("\x00", "").strip()[:100],
        unit_id=web.key_in_address("unit"),
        is_active=request.args.get("show") != "inactive",
    )


def _new_page(given: dict[str, Any], errors: dict[str, str]) -> str:
    choices = unit_choices(queries.units(actor()))
    return render_template("organisation/person_new.html", given=given, errors=errors, units=choices)


def _person_page(
    person: Person,
    given: dict[str, Any] | None = None,
    role: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    who = actor()
    units = queries.units(who)
    return render_template(
        "organisation/person.html",
        person=person,
        is_self=person.id == who.id,
        given=given or {name: getattr(person, name) for name in PERSON_FIELDS},
        role={"starts_on": clock.today().isoformat(), **(role or {})},
        errors=errors or {},
        units=unit_choices([unit for unit in units if unit.customer_id == person.customer_id]),
        scopes=_scopes(unit_choices(units)),
        roles=[(r.value, labels.in_words(r)) for r in Role if r is not Role.SUPERBRUGER],
        held=queries.roles_of(person.id, who),
        teams=queries.teams_of(person.id, who),
        today=clock.today(),
    )


def _scopes(units: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """What a role can be over, for whom may give it: everything, a unit with all below it, a system."""
    everything = [("all", gettext("Alle organisationer"))] if queries.is_over_all(actor()) else []
    systems = [
        (f"system:{key}", gettext("System: %(name)s", name=name)) for key, name in queries.systems_to_give(actor())
    ]
    return [*everything, *((f"unit:{key}", name) for key, name in units), *systems]
