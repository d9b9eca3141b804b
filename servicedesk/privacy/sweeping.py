"""Finding somebody in what is written outside of tickets: every column with text in the schema, but what is left out
on purpose (`places.UNSWEPT`)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Enum, LargeBinary, String, Table, Text, delete, false, or_, select, type_coerce, update

from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import Json, db
from servicedesk.privacy.places import DELETED_WHEN_MET, UNSWEPT
from servicedesk.privacy.rules import Known, scrub_all


def tables() -> list[str]:
    """The names of all tables in which people may be met, always in the same order."""
    return sorted(name for name, table in db.metadata.tables.items() if name not in UNSWEPT and _texts(table))


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if _holds_text(column) and not column.foreign_keys]


def _holds_text(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind, String | Text | Json) and not isinstance(kind, Enum | LargeBinary)


def sweep(name: str, known: Known, *, now: datetime) -> int:
    """Takes the person out of one table, as part of the caller's transaction; answers in how many rows."""
    table = db.metadata.tables[name]
    columns, keys = _texts(table), list(table.primary_key.columns)
    met, naming = 0, []
    for row in _rows(table, columns, keys, known):
        before = {column.name: row._mapping[column] for column in columns}
        after = {column: scrub_all(value, [known]) for column, value in before.items()}
        if after == before:
            continue
        met += 1
        is_it = [key == row._mapping[key] for key in keys]
        if name in DELETED_WHEN_MET:
            db.session.execute(delete(table).where(*is_it))
        elif name == "audit_line":
            naming.append(row.id)
        else:
            db.session.execute(update(table).where(*is_it).values(after))
    audit.erase_facts(naming, by=SYSTEM, now=now)
    return met


def _rows(table: Table, columns: list[Column[Any]], keys: list[Any], known: Known) -> Iterator[Any]:
    looked = list(dict.fromkeys([*keys, *columns]))
    wanted = needles(known)
    is_met = (type_coerce(column, Text).contains(one, autoescape=True) for column in columns for one in wanted)
    yield from db.session.execute(select(*looked).where(or_(false(), *is_met))).all()


def needles(known: Known) -> list[str]:
    """One of these stands in every text in which the person is met. Case is folded here: SQLite only folds English."""
    wanted = [known.email, known.initials if len(known.initials) > 2 else "", *known.name.split()[-1:]]
    digits = "".join(sign for sign in known.phone if sign.isdecimal())[-8:]
    if len(digits) >= 6:
        wanted += [digits, known.phone, " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))]
    ways = (way for one in wanted if one for way in (one, one.lower(), one.upper(), one.title()))
    return list(dict.fromkeys(ways))
