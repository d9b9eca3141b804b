"""A CSV file as rows, whatever program wrote it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.changes import FieldRefusedError

LARGEST_FILE = 20_000_000
MOST_ROWS = 100_000
_DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class Row:
    """A line of the file; only the columns that the file has are there."""

    line: int
    cells: dict[str, str]
    #: The line has more cells than there are headings.
    is_too_long: bool = False


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    rows: list[Row]


def read(content: bytes) -> Sheet:
    """Finds out encoding and separator; raises FieldRefusedError when this is no CSV file."""
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") >= first.count(",") else ","
    lines = _lines(text, separator)
    _line, heading = next(lines, (1, []))
    columns = tuple(cell.strip().lower() for cell in heading)
    if len(set(columns)) != len(columns):
        raise FieldRefusedError("file", N_("To kolonner har samme overskrift. Ret den første linje i filen."))
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == MOST_ROWS:
            raise FieldRefusedError("file", N_("Filen har mere end %(limit)s linjer. Del den op."), limit=MOST_ROWS)
        values = [cell.replace("\x00", "").strip() for cell in cells]
        padded = values + [""] * (len(columns) - len(values))
        told = dict(zip(columns, padded, strict=False))
        rows.append(Row(line, told, any(values[len(columns) :])))
    return Sheet(columns, rows)


def _decoded(content: bytes) -> str:
    if not content.strip():
        raise FieldRefusedError("file", N_("Filen er tom."))
    if len(content) > LARGEST_FILE:
        raise FieldRefusedError("file", N_("Filen er for stor. Den må højst fylde 20 MB."))
    if content.startswith(b"PK\x03\x04"):
        raise FieldRefusedError(
            "file", N_("Det er en Excel-fil. Gem den som »CSV UTF-8« i Excel, og vælg den nye fil.")
        )
    if b"\x00" in content:
        raise FieldRefusedError("file", N_("Filen er ikke en tekstfil. Gem den som CSV, og prøv igen."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FieldRefusedError("file", N_("Vi kan ikke læse filens bogstaver. Gem den som »CSV UTF-8«, og prøv igen."))


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank with the number that an editor shows for it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FieldRefusedError(
                "file",
                N_("Linje %(line)s kan ikke læses: der mangler et anførselstegn, eller der er et for meget."),
                line=line,
            ) from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def day_of(text: str) -> date:
    """A day as people write it; raises RefusedError."""
    for format_ in _DATES:
        try:
            return datetime.strptime(text, format_).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise RefusedError(N_("%(text)s er ikke en dato. Skriv den som 31-12-2026."), text=text)
