"""Rows as CSV and XLSX that a spreadsheet shows as text, whatever people have written in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

#: What makes a spreadsheet take a cell for a formula, also behind what it may take for separators.
_FORMULA = re.compile(r"""[\s"';,|]*[=+\-@＝＋－＠]|[\t\r\n]""")
#: Danish and other European Excels split at semicolons, and know UTF-8 by its mark.
DELIMITER, MARK = ";", "\ufeff"
#: More does not fit in a cell.
_CELL = 32_767
_MINUTE = "yyyy-mm-dd hh:mm"

Record = Mapping[str, Any]


def safe(value: Any) -> Any:
    """A text that a spreadsheet could run gets an apostrophe in front, and can still be read: '+45 12 34 56 78."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_csv(columns: Sequence[str], rows: Iterable[Record]) -> Iterator[str]:
    """The lines of a CSV, one after the other, for a file or a streamed answer."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=DELIMITER, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    yield MARK + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([_written(row[column]) for column in columns])
        yield line.getvalue()


def _written(value: Any) -> Any:
    return safe(as_text(value) if isinstance(value, datetime) else "" if value is None else value)


def as_text(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def write_xlsx(columns: Sequence[str], rows: Iterable[Record], out: IO[bytes], *, zone: ZoneInfo) -> None:
    """A workbook with one sheet: numbers as numbers, times as times on the wall in `zone`, all else as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        minute = book.add_format({"num_format": _MINUTE})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                _write_cell(sheet, number, place, row[column], minute, zone)


def _write_cell(sheet: Any, row: int, column: int, value: Any, minute: Any, zone: ZoneInfo) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None), minute)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, str(value)[:_CELL])
