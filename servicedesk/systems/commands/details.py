"""The parts of a system's register that have rows of their own; each answers what it changed, in names."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select

from servicedesk.core.alphabet import in_order
from servicedesk.core.db import Base, db
from servicedesk.core.errors import N_, NotFoundError
from servicedesk.organisation.changes import Changes, FieldRefusedError, change
from servicedesk.organisation.models import Unit
from servicedesk.systems import needs, outside
from servicedesk.systems.models import MaintenanceWindow, System, SystemNeed, SystemRole, SystemUnit
from servicedesk.systems.windows import Window, noted

MOST_ROLES = 30
ROLE_LENGTH = 80
MOST_WINDOWS = 10


def write_outside(system: System, supplier_id: int | None, hours_id: int | None) -> Changes:
    """Who delivers it, and the calendar in which it can be used."""
    changes: Changes = {}
    wanted = (("supplier", outside.SUPPLIERS, supplier_id), ("hours", outside.HOURS, hours_id))
    for field, kind, id_ in wanted:
        before = getattr(system, f"{field}_id")
        if before == id_:
            continue
        name = outside.find_name(kind, id_, system.customer_id)
        if id_ is not None and name is None:
            raise NotFoundError
        changes[field] = [outside.find_name(kind, before, system.customer_id), name]
        change(system, **{f"{field}_id": id_})
    return changes


def write_units(system: System, unit_ids: Collection[int]) -> Changes:
    """The subtrees that use it; one below another that is named adds nothing, and is left out."""
    before = _names(Unit, SystemUnit.unit_id, SystemUnit.system_id == system.id)
    wanted = dict(_own(Unit, set(unit_ids) - before.keys(), system.customer_id, in_use=True))
    wanted |= {id_: name for id_, name in before.items() if id_ in unit_ids}
    paths: dict[int, str] = {
        row.id: row.path for row in db.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(wanted)))
    }
    if system.customer_id in wanted:  # the whole of it is everybody
        wanted = {}
    kept = {id_: name for id_, name in wanted.items() if not _is_below_another(id_, paths)}
    _replace(SystemUnit, SystemUnit.unit_id, system.id, before, kept)
    return _told("units", before, kept)


def _is_below_another(id_: int, paths: dict[int, str]) -> bool:
    return any(paths[id_].startswith(path) for other, path in paths.items() if other != id_)


def write_needs(system: System, needed_ids: Collection[int]) -> Changes:
    """Raises FieldRefusedError for what would make a circle, and says which."""
    before = _names(System, SystemNeed.needed_id, SystemNeed.system_id == system.id)
    wanted = dict(_own(System, set(needed_ids) - before.keys(), system.customer_id))
    wanted |= {id_: name for id_, name in before.items() if id_ in needed_ids}
    if system.id in wanted:
        raise FieldRefusedError("needed_ids", N_("Et system kan ikke afhænge af sig selv."))
    _check_no_circle(system, wanted)
    _replace(SystemNeed, SystemNeed.needed_id, system.id, before, wanted)
    return _told("needs", before, wanted)


def _check_no_circle(system: System, wanted: dict[int, str]) -> None:
    query = select(SystemNeed.system_id, SystemNeed.needed_id).join(System, System.id == SystemNeed.system_id)
    links: dict[int, set[int]] = {}
    for one, needed in db.session.execute(query.where(System.customer_id == system.customer_id)):
        links.setdefault(one, set()).add(needed)
    for id_ in wanted:
        if found := needs.way(links, id_, system.id):
            names = dict(db.session.execute(select(System.id, System.name).where(System.id.in_(found))).all())
            circle = " → ".join(names[one] for one in [system.id, *found] if one in names)
            message = N_("Det ville gå i ring: %(circle)s. Et system kan ikke afhænge af et, der afhænger af det.")
            raise FieldRefusedError("needed_ids", message, circle=circle)


def write_roles(system: System, roles: Sequence[str]) -> Changes:
    """Those that stay keep their ids, as what people need to learn hangs on them."""
    wanted = list(dict.fromkeys(name for role in roles if (name := " ".join(role.split()))))
    if len(wanted) > MOST_ROLES or any(len(name) > ROLE_LENGTH for name in wanted):
        message = N_("Skriv højst %(most)s roller med højst %(limit)s tegn i hver.")
        raise FieldRefusedError("roles", message, most=MOST_ROLES, limit=ROLE_LENGTH)
    before = {row.name: row for row in db.session.scalars(select(SystemRole).filter_by(system_id=system.id))}
    for name in before.keys() - set(wanted):
        db.session.delete(before[name])
    db.session.flush()
    db.session.add_all(SystemRole(system_id=system.id, name=name) for name in wanted if name not in before)
    return {} if before.keys() == set(wanted) else {"roles": [_listed(before), _listed(wanted)]}


def write_windows(system: System, windows: Collection[Window]) -> Changes:
    rows = list(db.session.scalars(select(MaintenanceWindow).filter_by(system_id=system.id)))
    before = {Window(row.weekday, row.week, row.starts, row.ends) for row in rows}
    wanted = set(windows)
    if before == wanted:
        return {}
    if len(wanted) > MOST_WINDOWS:
        raise FieldRefusedError("windows", N_("Det er for mange servicevinduer. Højst %(most)s."), most=MOST_WINDOWS)
    if any(one.starts == one.ends for one in wanted):
        raise FieldRefusedError("windows", N_("Et servicevindue skal slutte på et andet tidspunkt, end det begynder."))
    db.session.execute(delete(MaintenanceWindow).where(MaintenanceWindow.system_id == system.id))
    db.session.add_all(MaintenanceWindow(system_id=system.id, **one._asdict()) for one in sorted(wanted))
    return {"windows": [", ".join(map(noted, sorted(some))) or None for some in (before, wanted)]}


# ------------------------------------------------------------------------------------------------ rows beside it


def _names(kind: Any, key: Any, condition: Any) -> dict[int, str]:
    return dict(db.session.execute(select(kind.id, kind.name).join(key.class_, key == kind.id).where(condition)).all())


def _own(kind: Any, ids: Collection[int], customer_id: int, *, in_use: bool = False) -> Iterable[tuple[int, str]]:
    """Raises NotFoundError when one of them is not the customer's: another's does not exist here."""
    if not ids:
        return []
    query = select(kind.id, kind.name).where(kind.id.in_(ids), kind.customer_id == customer_id)
    found = [(row.id, row.name) for row in db.session.execute(query.where(kind.is_active) if in_use else query)]
    if len(found) != len(ids):
        raise NotFoundError
    return found


def _replace(kind: type[Base], key: Any, system_id: int, before: Collection[int], after: Collection[int]) -> None:
    gone, new = set(before) - set(after), set(after) - set(before)
    if gone:
        db.session.execute(delete(kind).where(key.class_.system_id == system_id, key.in_(gone)))
    db.session.add_all(kind(system_id=system_id, **{key.key: id_}) for id_ in sorted(new))
    db.session.flush()


def _told(field: str, before: dict[int, str], after: dict[int, str]) -> Changes:
    return {} if before.keys() == after.keys() else {field: [_listed(before.values()), _listed(after.values())]}


def _listed(names: Iterable[str]) -> str | None:
    return ", ".join(in_order(names, lambda name: name)) or None
