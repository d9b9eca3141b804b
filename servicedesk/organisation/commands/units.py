"""Changes of the tree of units."""

from datetime import datetime

from sqlalchemy import func, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import Changes, FieldRefusedError, change, hold
from servicedesk.organisation.models import Person, Unit

NAME_LENGTH = 120


def add_customer(*, name: str, external_id: str | None = None, by: Actor, now: datetime) -> Unit:
    """A new root: an organisation of its own. Only an administrator of everything may make one."""
    with transaction() as session:
        if not queries.is_over_all(by):
            raise NotFoundError
        unit = Unit(name=checked_name(name), external_id=external_id, path="", is_active=True)
        session.add(unit)
        session.flush()
        unit.customer_id, unit.path = unit.id, f"/{unit.id}/"
        record("unit_added", unit, by, now)
    return unit


def add_unit(*, name: str, parent_id: int, external_id: str | None = None, by: Actor, now: datetime) -> Unit:
    with transaction() as session:
        parent = queries.get_unit(parent_id, by)
        hold(parent.customer_id, parent)
        _check_in_use(parent)
        unit = Unit(
            name=checked_name(name), parent_id=parent.id, customer_id=parent.customer_id, external_id=external_id
        )
        session.add(unit)
        session.flush()
        unit.path = f"{parent.path}{unit.id}/"
        record("unit_added", unit, by, now, changes={"parent": [None, parent.name]})
    return unit


def rename_unit(unit_id: int, *, name: str, by: Actor, now: datetime) -> Unit:
    with transaction():
        unit = queries.get_unit(unit_id, by)
        hold(unit.customer_id, unit)
        changes = change(unit, name=checked_name(name))
        if changes:
            record("unit_changed", unit, by, now, changes=changes)
    return unit


def move_unit(unit_id: int, *, parent_id: int, by: Actor, now: datetime) -> Unit:
    """Puts a unit, and all below it, under another of the same customer."""
    with transaction():
        unit, parent = queries.get_unit(unit_id, by), queries.get_unit(parent_id, by)
        hold(unit.customer_id, unit, parent)
        _check_move(unit, parent, by)
        before = db.session.get_one(Unit, unit.parent_id)
        if before.id != parent.id:
            put_under(unit, parent)
            record("unit_moved", unit, by, now, changes={"parent": [before.name, parent.name]})
    return unit


def set_unit_active(unit_id: int, is_active: bool, *, by: Actor, now: datetime) -> Unit:
    """Takes a unit out of use when nobody is left in it, or back into use."""
    with transaction():
        unit = queries.get_unit(unit_id, by)
        hold(unit.customer_id, unit)
        if is_active:
            _check_parent_in_use(unit)
        else:
            _check_empty(unit)
        if change(unit, is_active=is_active):
            record("unit_activated" if is_active else "unit_deactivated", unit, by, now)
    return unit


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise FieldRefusedError("name", N_("Skriv et navn."))
    if len(name) > NAME_LENGTH:
        raise FieldRefusedError(
            "name", N_("Navnet er for langt. Det må højst fylde %(limit)s tegn."), limit=NAME_LENGTH
        )
    return name


def put_under(unit: Unit, parent: Unit) -> None:
    """Rewrites the paths of the whole subtree."""
    old, new = unit.path, f"{parent.path}{unit.id}/"
    for below in db.session.scalars(select(Unit).where(Unit.path.startswith(old))).all():
        below.path = new + below.path.removeprefix(old)
    unit.parent_id = parent.id
    db.session.flush()


def _check_move(unit: Unit, parent: Unit, by: Actor) -> None:
    if parent.customer_id != unit.customer_id:
        raise NotFoundError
    if unit.parent_id is None:
        raise FieldRefusedError("parent_id", N_("Den øverste enhed er selve organisationen og kan ikke flyttes."))
    if parent.path.startswith(unit.path):
        raise FieldRefusedError("parent_id", N_("En enhed kan ikke ligge under sig selv. Vælg en anden enhed."))
    _check_in_use(parent)
    # Whoever may move units could otherwise move them into the reach of his or her own roles.
    gained = (grant for grant in by.grants if grant.path and grant.role is not Role.ADMINISTRATOR)
    if any(parent.path.startswith(g.path or "-") and not unit.path.startswith(g.path or "-") for g in gained):
        raise NotAllowedError(
            N_("Flytningen ville give dig selv flere rettigheder. Bed en anden administrator om at gøre det.")
        )


def _check_in_use(parent: Unit) -> None:
    if not parent.is_active:
        raise FieldRefusedError("parent_id", N_("Enheden er ikke i brug. Vælg en anden enhed."))


def _check_parent_in_use(unit: Unit) -> None:
    if unit.parent_id is not None and not db.session.get_one(Unit, unit.parent_id).is_active:
        raise ConflictError(N_("Enheden ovenover er ikke i brug. Tag den i brug først."))


def _check_empty(unit: Unit) -> None:
    people = db.session.scalar(select(func.count()).where(Person.unit_id == unit.id, Person.is_active))
    below = db.session.scalar(select(func.count()).where(Unit.parent_id == unit.id, Unit.is_active))
    if people:
        raise ConflictError(N_("Der er stadig medarbejdere i enheden (%(count)s). Flyt dem først."), count=people)
    if below:
        raise ConflictError(N_("Der er stadig enheder under enheden (%(count)s). Flyt dem først."), count=below)


def record(action: str, unit: Unit, by: Actor, now: datetime, changes: Changes | None = None) -> None:
    told = {"changes": changes} if changes else {}
    audit.record(
        action, by=by, now=now, subject=("unit", unit.id), customer_id=unit.customer_id, name=unit.name, **told
    )
