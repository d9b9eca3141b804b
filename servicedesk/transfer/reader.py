"""A file of cases, read twice: once to see how many rows each case has, once to hand over each case when it is whole.

In memory are only the numbers of the cases and the rows of those that have begun and not ended; where the rows of a
case stand together, as they mostly do, that is one case. A file whose quotes do not add up is refused as a whole, since
nobody can say which cases the swallowed rows belong to.
"""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from servicedesk.tickets.workflow import Cause, Kind, Level, Priority, State
from servicedesk.transfer.mapping import CHOICES, CaseMapping, MappingError

_GZIP = b"\x1f\x8b"
#: What undecodable bytes are read as.
_UNDECODED = ("\udc80", "\udcff")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
#: Clocks differ; a case from later than this is a mistake.
_AHEAD = timedelta(days=1)
_JOINED_BY = " · "
MAX_SHORT = 200
MAX_LONG = 50_000


class FileError(ValueError):
    """The file as a whole cannot be read; says why."""


class Refused(NamedTuple):
    """A row that cannot be used."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case as it stood at an instant; None where the file says nothing."""

    line: int
    at: datetime
    state: State | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    impact: Level | None = None
    urgency: Level | None = None
    cause: Cause | None = None
    opened_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    filer: str | None = None
    unit: str | None = None
    system: str | None = None
    team: str | None = None
    assignee: str | None = None
    supplier: str | None = None
    subject: str | None = None
    description: str | None = None
    solution: str | None = None


@dataclass(slots=True)
class Case:
    """The rows of a case in the order of the file, and those that kept it from being read."""

    number: str
    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True)
class Contents:
    """How many rows each case has."""

    rows_of: Counter[str]
    rows: int


class Cases:
    """The cases of a file. Raises FileError when it cannot be read, MappingError when columns are missing in it."""

    def __init__(self, file: Path, mapping: CaseMapping, *, now: datetime) -> None:
        self._file, self._mapping = file, mapping
        self._latest = now + _AHEAD
        self.contents = self._count()

    def _count(self) -> Contents:
        rows_of: Counter[str] = Counter()
        with _records(self._file) as (header, records):
            number = _Columns(header, self._mapping).number
            for _line, record in records:
                rows_of[number(record)] += 1
        return Contents(rows_of, rows_of.total())

    def __iter__(self) -> Iterator[Case]:
        """Each case when its last row is read; rows without a number each come alone, refused."""
        begun: dict[str, Case] = {}
        with _records(self._file) as (header, records):
            columns = _Columns(header, self._mapping)
            for line, record in records:
                number = columns.number(record)
                if not number:
                    yield Case("", refused=[Refused(line, "has no number")], size=1)
                    continue
                case = begun.setdefault(number, Case(number))
                self._take(case, line, record, columns)
                if case.size == self.contents.rows_of[number]:
                    yield begun.pop(number)

    def _take(self, case: Case, line: int, record: list[str], columns: "_Columns") -> None:
        case.size += 1
        try:
            row = columns.row(line, record)
            self._check_time(row)
            case.rows.append(row)
        except ValueError as error:
            case.refused.append(Refused(line, str(error)))

    def _check_time(self, row: Row) -> None:
        for at in (row.at, row.opened_at, row.resolved_at, row.closed_at):
            if at is not None and not _EARLIEST <= at <= self._latest:
                raise ValueError(f"{at:%Y-%m-%d} is before 1970 or still to come")


Read = Callable[[str], Any]


class _Columns:
    """Where in a record each field stands, and how it is read."""

    def __init__(self, header: Sequence[str], mapping: CaseMapping) -> None:
        self._width = len(header)
        self._empty = mapping.empty
        places = {name.strip(): place for place, name in enumerate(header)}
        for key, names in mapping.columns.items():
            for name in names:
                if name not in places:
                    raise MappingError(f"columns.{key}", f"the file has no column {name!r}; it has {', '.join(places)}")
        where = {key: tuple(places[name] for name in names) for key, names in mapping.columns.items()}
        self._number = where.pop("number")[0]
        self._fields = [(key, places, _reading(key, mapping)) for key, places in where.items()]

    def number(self, record: Sequence[str]) -> str:
        text = record[self._number].strip().replace("\x00", "") if self._number < len(record) else ""
        return "" if text in self._empty or not _is_text(text) or len(text) > MAX_SHORT else text

    def row(self, line: int, record: Sequence[str]) -> Row:
        """Raises ValueError with the reason when a field cannot be read."""
        if len(record) != self._width:
            raise ValueError(f"has {len(record)} columns, not {self._width}")
        if not all(map(_is_text, record)):
            raise ValueError("is not UTF-8")
        values: dict[str, Any] = {"line": line}
        for key, places, reading in self._fields:
            text = self._text(record, places)
            if text:
                values[key] = reading(text)
        if values.get("at") is None:
            raise ValueError("at: there is no time")
        return Row(**values)

    def _text(self, record: Sequence[str], places: tuple[int, ...]) -> str:
        if len(places) == 1:
            text = record[places[0]].strip()
            return "" if text in self._empty else text
        texts = (record[place].strip() for place in places)
        return _JOINED_BY.join(text for text in texts if text not in self._empty)


def _is_text(value: str) -> bool:
    return value.isascii() or not any(_UNDECODED[0] <= sign <= _UNDECODED[1] for sign in value)


def _reading(key: str, mapping: CaseMapping) -> Read:
    if key == "at" or key.endswith("_at"):
        return _time_reading(key, mapping)
    if key in CHOICES:
        return _choice_reading(key, mapping.values[key])
    return _text_reading(key, MAX_LONG if key in ("subject", "description", "solution") else MAX_SHORT)


def _time_reading(key: str, mapping: CaseMapping) -> Read:
    # A case repeats its times on every row.
    @lru_cache(maxsize=2_000)
    def read(text: str) -> datetime:
        try:
            return mapping.instant(text)
        except (ValueError, OverflowError):
            raise ValueError(f"{key}: {text[:40]!r} is no time like {mapping.time_format}") from None

    return read


def _choice_reading(key: str, choices: Mapping[str, Any]) -> Read:
    def read(text: str) -> Any:
        try:
            return choices[text]
        except KeyError:
            raise ValueError(f"{key}: {text[:40]!r} is not in [values.{key}] of the mapping") from None

    return read


def _text_reading(key: str, most: int) -> Read:
    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"{key}: the text is longer than {most} characters")
        kept = text.replace("\x00", "")
        return kept if most == MAX_LONG else " ".join(kept.split())

    return read


# ------------------------------------------------------------------------------------------------ records


@contextmanager
def _records(file: Path) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str]]]]]:
    """The header, and each record with the number of the line that it begins on."""
    try:
        with file.open("rb") as raw, _unpacked(raw) as unpacked:
            text = io.TextIOWrapper(unpacked, encoding="utf-8-sig", errors="surrogateescape", newline="")
            first = text.readline()
            if not first.strip():
                raise FileError("the file is empty")
            delimiter = ";" if first.count(";") > first.count(",") else ","
            header = next(csv.reader([first], delimiter=delimiter))
            yield header, _lines(csv.reader(text, delimiter=delimiter, strict=True))
    except (OSError, EOFError) as error:
        raise FileError(f"cannot be read ({getattr(error, 'strerror', None) or error})") from error


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    is_packed = raw.read(2) == _GZIP
    raw.seek(0)
    if not is_packed:
        yield raw
        return
    with gzip.open(raw) as unpacked:
        yield cast(IO[bytes], unpacked)


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The header was line 1. Blank lines are passed over."""
    while True:
        begins = reader.line_num + 2
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileError(f"line {begins}: the quotes do not add up ({error}); nothing was imported") from error
        if record:
            yield begins, record
