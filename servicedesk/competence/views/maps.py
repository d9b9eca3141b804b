"""The map: every unit against every system, how much people need to be shown and how many are trained."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from servicedesk.competence import coverage, need
from servicedesk.competence.coverage import Coverage
from servicedesk.competence.need import Need
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.competence.rules import FEW, Key, Level
from servicedesk.competence.views import bp, place
from servicedesk.competence.words import rate, rounded
from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, requires
from servicedesk.core.db import db
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import NotFoundError
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext
from servicedesk.core.pdf import page_or_pdf
from servicedesk.organisation.models import Unit
from servicedesk.organisation.views.units import unit_choices
from servicedesk.systems.models import System

LOOK = UnitCompetencePermission.LOOK

navigation.offer(navigation.Item(_("Kompetence"), "competence.heat_map", LOOK, rank=47, owns=("competence.",)))


@bp.get("/competence.pdf", endpoint="heat_map_pdf")
@bp.get("/competence")
@requires(LOOK)
def heat_map() -> ResponseReturnValue:
    who = actor()
    customer, when = place.chosen(who), place.period()
    whole = need.read(customer.id, when, who)
    covered = coverage.read(customer.id, who, clock.today())
    shown = _narrowed(whole)
    systems = _systems(shown, covered)
    return page_or_pdf(
        "kompetence",
        "competence/map.html",
        **place.standing(who, customer),
        need=shown,
        systems=systems,
        hidden=len(shown.systems) - len(systems),
        shows_all=_shows_all(),
        covered=covered,
        levels=[one for one in Level if one is not Level.NONE],
        rate=rate,
        few=FEW,
        period=when,
        units=unit_choices(list(whole.units)),
        kinds=sorted(set(whole.kinds.values())),
        chosen={"unit": web.key_in_address("unit"), "kind": _kind()},
        narrowed=_chosen(customer),
        address=place.address(),
    )


@bp.get("/competence/map.<sheet:ending>")
@requires(LOOK)
def heat_map_table(ending: str) -> Response:
    """One line for each unit and system that it uses."""
    who = actor()
    customer, when = place.chosen(who), place.period()
    shown = _narrowed(need.read(customer.id, when, who))
    columns = [
        *(gettext("Enhed"), gettext("Slags"), gettext("System"), gettext("Brugere"), gettext("Henvendelser")),
        *(gettext("Pr. 100 brugere om året"), gettext("Behov (udjævnet)"), gettext("Ventet"), gettext("Niveau")),
        *(gettext("Skal have kursus"), gettext("Har det")),
    ]
    table = Table(
        file="kompetence",
        title=gettext("Behov og træning"),
        columns=columns,
        rows=_rows(shown, coverage.read(customer.id, who, clock.today())),
        period=when,
        chosen=_chosen(customer),
        notes=[gettext("Kurser for færre end %(few)s personer ad gangen er ikke talt.", few=FEW)],
    )
    return taken_home(table, ending)


def _chosen(customer: Unit) -> list[tuple[str, str]]:
    asked = web.key_in_address("unit")
    unit = db.session.scalar(select(Unit).where(Unit.id == asked, Unit.customer_id == customer.id)) if asked else None
    told = [(gettext("Organisation"), customer.name), (gettext("Enhed"), unit.name if unit else "")]
    return [(what, name) for what, name in (*told, (gettext("Slags"), _kind())) if name]


def _rows(shown: Need, covered: Mapping[Key, Coverage]) -> Iterator[list[Any]]:
    for key, cell in shown.cells.items():
        if not cell.is_used and not cell.tickets:
            continue
        told = covered.get(key)
        is_told = told is not None and told.is_told
        yield [
            cell.unit.name,
            shown.kinds.get(cell.unit.id, ""),
            cell.system.name,
            cell.people,
            cell.tickets,
            *map(rounded, (cell.rate, cell.shrunken, cell.usual)),
            in_words(cell.standing.level) if cell.standing else "",
            told.required if told and is_told else gettext("under %(few)s", few=FEW) if told else "",
            told.trained if told and is_told else "",
        ]


def _kind() -> str:
    return web.text_in_address("kind", 100).strip()


def _narrowed(whole: Need) -> Need:
    """A unit that is not shown narrows it to nothing, as one that does not exist would."""
    asked = web.key_in_address("unit")
    paths = {unit.id: unit.path for unit in whole.units}
    return whole.narrowed(path=paths.get(asked, "-") if asked is not None else "", kind=_kind())


def _shows_all() -> bool:
    return request.args.get("show") == "all"


def _systems(shown: Need, covered: Mapping[Key, Coverage]) -> list[System]:
    """Those of which there is anything to see, unless all are asked for."""
    if _shows_all():
        return list(shown.systems)
    told = {key[1] for key in covered if key in shown.cells}
    told |= {cell.system.id for cell in shown.cells.values() if cell.tickets}
    return [one for one in shown.systems if one.id in told]


@bp.get("/competence/places/<int:unit_id>/<int:system_id>")
@requires(LOOK)
def cell(unit_id: int, system_id: int) -> str:
    """What a cell of the map stands for: its tickets, its people for who may see them, and what can be done."""
    who, when = actor(), place.period()
    unit = db.session.scalar(select(Unit).where(Unit.id == unit_id))
    known = {one.id: one for one in place.customers(who)}
    customer = known.get(unit.customer_id or 0) if unit else None
    if unit is None or customer is None:
        raise NotFoundError
    found = need.read(customer.id, when, who).cells.get((unit_id, system_id))
    if found is None:
        raise NotFoundError
    return render_template(
        "competence/cell.html",
        **place.standing(who, customer),
        cell=found,
        rate=rate,
        few=FEW,
        covered=coverage.read(customer.id, who, clock.today()).get((unit_id, system_id)),
        members=coverage.members(unit, system_id, who, clock.today()),
        period=when,
        months=round((when.last - when.first + timedelta(days=1)).days / 30.4),
        link=place.linker(when, who),
        address=place.address(),
    )
