"""What another system's file means in our words: a TOML file, read and checked.

docs/examples/servicenow.toml is an example with every key explained.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servicedesk.tickets.workflow import Cause, Kind, Level, Priority, State

E = TypeVar("E", bound=Enum)

#: Our fields that a column can be named for.
FIELDS = (
    *("number", "at", "opened_at", "resolved_at", "closed_at"),
    *("state", "kind", "priority", "impact", "urgency", "cause"),
    *("filer", "unit", "system", "team", "assignee", "supplier"),
    *("subject", "description", "solution"),
)
REQUIRED = ("number", "at", "state")
#: Fields that hold one of a few values, translated by [values.FIELD].
CHOICES: Mapping[str, type[Enum]] = {
    "state": State,
    "kind": Kind,
    "priority": Priority,
    "impact": Level,
    "urgency": Level,
    "cause": Cause,
}
KEYS = ("source", "time_format", "time_zone", "empty", "agreement", "columns", "values")
ISO = "iso"
#: Stands for "as it was" in [values.FIELD].
UNCHANGED = ""


class MappingError(ValueError):
    """The mapping cannot be used; `key` says what in it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key


@dataclass(frozen=True, kw_only=True)
class CaseMapping:
    """How to read a file of cases."""

    #: Name of the system that the cases come from.
    source: str
    #: Our field to their columns; the texts of several columns are joined.
    columns: Mapping[str, tuple[str, ...]]
    #: Our field to {their value: ours}; None is "as it was".
    values: Mapping[str, Mapping[str, Any]]
    time_format: str = ISO
    zone: ZoneInfo
    #: What the file writes where it has nothing to say.
    empty: frozenset[str] = frozenset({""})
    #: Name of the service agreement that the cases are held against; None for the customer's general one.
    agreement: str | None = None

    def instant(self, text: str) -> datetime:
        """Raises ValueError when the text is no time in the mapping's format."""
        at = datetime.fromisoformat(text) if self.time_format == ISO else datetime.strptime(text, self.time_format)  # noqa: DTZ007 - the zone comes next
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)


def read(file: Path) -> CaseMapping:
    """Raises MappingError for the first thing that cannot be used."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError(file.name, f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(file.name, f"is not TOML ({error})") from error
    return of(told)


def of(told: Mapping[str, Any]) -> CaseMapping:
    """The mapping that a TOML document tells; raises MappingError."""
    _check_known(told, KEYS, "")
    columns = _columns(_table(told, "columns"))
    return CaseMapping(
        source=_text(told, "source"),
        columns=columns,
        values=_values(_table(told, "values"), columns),
        time_format=_time_format(told),
        zone=_zone(told),
        empty=frozenset({"", *_texts(told.get("empty", []), "empty")}),
        agreement=_text(told, "agreement") if "agreement" in told else None,
    )


def _check_known(told: Iterable[str], known: Iterable[str], where: str) -> None:
    names = tuple(known)
    for key in told:
        if key not in names:
            raise MappingError(f"{where}{key}", f"is not known; there is {', '.join(names)}")


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MappingError(key, "must be a text")
    return value.strip()


def _texts(value: Any, key: str) -> tuple[str, ...]:
    some = [value] if isinstance(value, str) else value
    if not isinstance(some, list) or not all(isinstance(one, str) for one in some):
        raise MappingError(key, "must be a text or a list of texts")
    return tuple(some)


def _table(told: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = told.get(key, {})
    if not isinstance(table, dict):
        raise MappingError(key, f"must be a table, [{key}]")
    return table


def _columns(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    _check_known(table, FIELDS, "columns.")
    for field in REQUIRED:
        if field not in table:
            raise MappingError(f"columns.{field}", "is missing: a case cannot be read without it")
    columns = {field: _texts(names, f"columns.{field}") for field, names in table.items()}
    for field, names in columns.items():
        if len(names) != 1 and field not in ("subject", "description", "solution"):
            raise MappingError(f"columns.{field}", "must name one column")
    return columns


def _values(table: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    _check_known(table, CHOICES, "values.")
    for field in CHOICES:
        if field in columns and field not in table:
            table = {**table, field: {}}
    return {field: _choices(field, _table(table, field), CHOICES[field]) for field in table}


def _choices(field: str, table: Mapping[str, Any], kind: type[Enum]) -> dict[str, Any]:
    """Our own values need no translation."""
    ours = {str(member.value): member for member in kind}
    translated: dict[str, Any] = dict(ours)
    for theirs, meant in table.items():
        if str(meant) != UNCHANGED and str(meant) not in ours:
            known = ", ".join(ours)
            raise MappingError(f'values.{field}."{theirs}"', f'{meant!r} is not one of {known} (or "" for unchanged)')
        translated[theirs] = ours.get(str(meant))
    return translated


def _time_format(told: Mapping[str, Any]) -> str:
    form = str(told.get("time_format", ISO))
    if form == ISO:
        return form
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    try:
        read_back = datetime.strptime(moment.strftime(form), form)  # noqa: DTZ007 - only its parts are looked at
    except ValueError as error:
        raise MappingError("time_format", f"{form!r} is no time format ({error})") from error
    if (read_back.date(), read_back.hour, read_back.minute) != (moment.date(), moment.hour, moment.minute):
        raise MappingError("time_format", f"{form!r} does not tell day, month, year, hour and minute")
    return form


def _zone(told: Mapping[str, Any]) -> ZoneInfo:
    name = told.get("time_zone", "UTC")
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingError("time_zone", f"{name!r} is no time zone, such as Europe/Copenhagen") from error
