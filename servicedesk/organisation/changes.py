"""How a row that is not a ticket is changed: alone, and with before and after for the audit log."""

from datetime import date
from typing import Any

from sqlalchemy import select

from servicedesk.core.db import Base, db
from servicedesk.core.errors import RefusedError
from servicedesk.organisation.models import Unit

#: Field to [before, after].
Changes = dict[str, list[Any]]


class FieldRefusedError(RefusedError):
    """An answer in a form cannot be used; `field` says which."""

    def __init__(self, field: str, message: str, **values: Any) -> None:
        super().__init__(message, **values)
        self.field = field


def hold(customer_id: int | None, *rows: Base) -> None:
    """Lets nobody else change this customer's units, people and teams until the transaction ends; `rows` are read anew.

    Tickets can still be filed meanwhile: they only refer to the customer's row.
    """
    db.session.execute(select(Unit.id).where(Unit.id == customer_id).with_for_update(key_share=True))
    for row in rows:
        db.session.refresh(row)


def change(row: Base, **values: Any) -> Changes:
    """Sets what differs, and tells it."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    told = {name: [as_told(getattr(row, name)), as_told(value)] for name, value in differing.items()}
    for name, value in differing.items():
        setattr(row, name, value)
    return told


def as_told(value: Any) -> Any:
    """A value as the audit log keeps it."""
    return value.isoformat() if isinstance(value, date) else value
