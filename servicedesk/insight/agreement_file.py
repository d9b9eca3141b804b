"""An agreement that somebody thinks about: a TOML file, read and checked.

docs/examples/agreement.toml is an example with every key explained.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from servicedesk.agreements import closed_days
from servicedesk.agreements.book import Book, Version, make_calendar
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Kind, Priority, Promise, Terms, TermsError
from sla import Calendar, SlaError, Target

_CALENDAR_KEYS = ("name", "zone", "weekly", "closed_days", "half_days")
_TERMS_KEYS = ("pauses_for_supplier", "on_reopen", "on_change", "warnings", "auto_close", "local")
KEYS = ("name", "calendar", "hours", *_TERMS_KEYS, "targets")
_TARGET_KEYS = ("kind", "priority", "response", "resolution", "update", "hours")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Stands for all Danish closed days, of these years and up to next year.
DANISH, FIRST_YEAR = "DK", 2010
_THE_VERSION = 1


class AgreementFileError(ValueError):
    """The file cannot be used; the sentence says what in it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")


@dataclass(frozen=True, eq=False)
class Supposed(Book):
    """Every ticket is held against the one agreement, whatever its journal says."""

    def target(self, version_id: int | None, promise: Promise, kind: Kind, priority: Priority) -> Target | None:
        return super().target(_THE_VERSION, promise, kind, priority)


def read(file: Path, *, this_year: int) -> Supposed:
    """Raises AgreementFileError for the first thing that cannot be used."""
    try:
        octets = file.read_bytes()
    except OSError as error:
        raise AgreementFileError(file.name, f"cannot be read ({error.strerror})") from error
    return of_octets(octets, file.name, this_year=this_year)


def of_octets(octets: bytes, name: str, *, this_year: int) -> Supposed:
    """The agreement that a file of that name holds; raises AgreementFileError."""
    try:
        told = tomllib.loads(octets.decode("utf-8-sig").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AgreementFileError(name, f"is not TOML ({error})") from error
    return of(told, this_year=this_year)


def supposed(terms: Terms, book: Book, name: str) -> Supposed:
    """Every ticket under those terms, in the calendars of a customer's book."""
    version = Version(_THE_VERSION, 1, name, AgreementKind.SERVICE, None, None, date.min, None, terms)
    return Supposed(0, versions={_THE_VERSION: version}, calendars=book.calendars, zone=book.zone)


def of(told: Mapping[str, Any], *, this_year: int) -> Supposed:
    """The agreements that a TOML document tells; raises AgreementFileError."""
    _check_known(told, KEYS, "")
    calendars: dict[int | str, Calendar] = {}
    for number, table in enumerate(_tables(told, "calendar"), start=1):
        name, calendar = _calendar(table, f"calendar {number}", this_year)
        if name in calendars:
            raise AgreementFileError("calendar", f"there are two that are called {name!r}")
        calendars[name] = calendar
    terms = _terms(told, calendars)
    _check_targets(terms, calendars)
    name = str(told.get("name", "supposed"))
    return supposed(terms, Book(0, calendars=calendars, zone=calendars[terms.calendar].zone), name)


def _check_known(told: Iterable[str], known: Iterable[str], where: str) -> None:
    names = tuple(known)
    for key in told:
        if key not in names:
            raise AgreementFileError(f"{where}{key}", f"is not known; there is {', '.join(names)}")


def _tables(told: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    some = told.get(key)
    if not isinstance(some, list) or not some or not all(isinstance(one, dict) for one in some):
        raise AgreementFileError(key, f"is missing: write at least one [[{key}]]")
    return some


# ------------------------------------------------------------------------------------------------ calendars


def _calendar(table: Mapping[str, Any], where: str, this_year: int) -> tuple[str, Calendar]:
    _check_known(table, _CALENDAR_KEYS, f"{where}, ")
    name, weekly = table.get("name"), table.get("weekly")
    if not isinstance(name, str) or not name.strip():
        raise AgreementFileError(f"{where}, name", "must be a text")
    if not isinstance(weekly, dict) or not weekly:
        raise AgreementFileError(f"{where}, weekly", 'must tell its hours, such as weekly.mon = ["08:00-15:00"]')
    _check_known(weekly, DAYS, f"{where}, weekly.")
    week = {str(DAYS.index(day)): _hours(hours, f"{where}, weekly.{day}") for day, hours in weekly.items()}
    zone = str(table.get("zone", Book.zone))
    try:
        ordinary = make_calendar(zone, [(date.min, week)], {})
        special = _special(table, where, ordinary, this_year)
        return name, make_calendar(zone, [(date.min, week)], special)
    except SlaError as error:
        raise AgreementFileError(where, str(error)) from error


def _hours(told: Any, where: str) -> list[list[str]]:
    if not isinstance(told, list) or not all(isinstance(one, str) and one.count("-") == 1 for one in told):
        raise AgreementFileError(where, 'must be a list such as ["08:00-12:00", "13:00-15:00"]')
    return [[end.strip() for end in one.split("-")] for one in told]


def _special(table: Mapping[str, Any], where: str, week: Calendar, this_year: int) -> dict[date, list[list[str]]]:
    found: dict[date, list[list[str]]] = {}
    closed = table.get("closed_days", [])
    if closed == DANISH:
        for day in closed_days.proposed(range(FIRST_YEAR, this_year + 2)):
            if week.is_working_day(day.on):
                found[day.on] = day.hours(week)
    else:
        found |= {on: [] for on in _dates(closed, f"{where}, closed_days")}
    for on in _dates(table.get("half_days", []), f"{where}, half_days"):
        found[on] = closed_days.ProposedDay(on, "", is_half=True).hours(week)
    return found


def _dates(told: Any, where: str) -> list[date]:
    try:
        if not isinstance(told, list):
            raise TypeError
        return [one if type(one) is date else date.fromisoformat(one) for one in told]
    except (TypeError, ValueError) as error:
        expected = f'must be "{DANISH}" or a' if where.endswith("closed_days") else "must be a"
        raise AgreementFileError(where, f"{expected} list of dates such as 2026-12-24") from error


# ------------------------------------------------------------------------------------------------ what is promised


def _terms(told: Mapping[str, Any], calendars: Mapping[int | str, Calendar]) -> Terms:
    """Read bit by bit first, so that a mistake is told by its place."""
    hours = _known_hours(told.get("hours", next(iter(calendars))), calendars, "hours")
    for key in _TERMS_KEYS:
        if key in told:
            _read({"calendar": hours, key: told[key]}, key)
    targets = []
    for number, table in enumerate(_tables(told, "targets"), start=1):
        _check_known(table, _TARGET_KEYS, f"targets {number}, ")
        target = {key: value for key, value in table.items() if key != "hours"}
        if "hours" in table:
            target["calendar"] = _known_hours(table["hours"], calendars, f"targets {number}, hours")
        _read({"calendar": hours, "targets": [target]}, f"targets {number}")
        targets.append(target)
    return _read({"calendar": hours, "targets": targets, **{key: told[key] for key in _TERMS_KEYS if key in told}}, "")


def _check_targets(terms: Terms, calendars: Mapping[int | str, Calendar]) -> None:
    for goal in terms.goals:
        for promise in Promise:
            try:
                terms.target(promise, goal.kind or Kind.INCIDENT, goal.priority, calendars)
            except SlaError as error:
                raise AgreementFileError("warnings", str(error)) from error


def _known_hours(name: Any, calendars: Mapping[int | str, Calendar], where: str) -> str:
    if name not in calendars:
        raise AgreementFileError(
            where, f"{name!r} is no calendar of the file; there is {', '.join(map(str, calendars))}"
        )
    return str(name)


def _read(told: Mapping[str, Any], where: str) -> Terms:
    try:
        return Terms.read(told)
    except TermsError as error:
        said = str(error.values.get("what", "")) or "two lines are about the same kind and priority"
        said = "priority is missing" if said == "'priority'" else said
        raise AgreementFileError(where or "targets", said) from error
    except SlaError as error:
        raise AgreementFileError(where or "targets", str(error)) from error
