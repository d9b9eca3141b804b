"""What lies above the systems and is named by them: suppliers and calendars, as far as a name needs."""

from collections.abc import Iterable

from sqlalchemy import column, select, table
from sqlalchemy.sql.expression import ColumnClause, TableClause

from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db


def _named(name: str) -> TableClause:
    return table(name, column("id"), column("customer_id"), column("name"))


#: The tables of agreements.models.Supplier and agreements.models.OpeningHours.
SUPPLIERS, HOURS = _named("supplier"), _named("opening_hours")
_IN_USE: ColumnClause[bool] = column("is_active")


def find_name(kind: TableClause, id_: int | None, customer_id: int) -> str | None:
    """The name of one that the customer has; None when it has none such."""
    return None if id_ is None else names(kind, customer_id, [id_]).get(id_)


def names(kind: TableClause, customer_id: int, ids: Iterable[int]) -> dict[int, str]:
    """The names of those of a customer's, in one question."""
    query = select(kind.c.id, kind.c.name).where(kind.c.customer_id == customer_id, kind.c.id.in_(set(ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def suppliers_in_use(customer_id: int) -> list[tuple[int, str]]:
    query = select(SUPPLIERS.c.id, SUPPLIERS.c.name).where(SUPPLIERS.c.customer_id == customer_id, _IN_USE)
    return in_order(((row.id, row.name) for row in db.session.execute(query)), lambda one: one[1])


def calendars(customer_id: int) -> list[tuple[int, str]]:
    query = select(HOURS.c.id, HOURS.c.name).where(HOURS.c.customer_id == customer_id)
    return in_order(((row.id, row.name) for row in db.session.execute(query)), lambda one: one[1])
