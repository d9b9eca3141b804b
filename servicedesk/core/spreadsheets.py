"""Rows as CSV and XLSX that a spreadsheet shows as text, whatever people have written in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

import xlsxwriter

#: What makes a spreadsheet take a cell for a formula, also behind what it may take for separators.
_FORMULA = re.compile(r"""[\s"';,|]*[=+\-@＝＋－＠]|[\t\r\n]""")
#: Danish and other European Excels split at semicolons, and know UTF-8 by its mark.
DELIMITER, MARK = ";", "\ufeff"
#: More does not fit in a cell.
_CELL = 32_767
#: A column is at least and at most so wide, in signs; longer text is read in its cell.
_NARROW, _WIDE = 9, 60
#: The arrow of the filter beside a heading takes so many signs.
_ARROW = 3
#: Excel's own limit, and the signs that it does not take in the name of a sheet.
_SHEET_NAME, _NOT_IN_A_NAME = 31, re.compile(r"[\[\]:*?/\\]")

_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "minute": {"num_format": "yyyy-mm-dd hh:mm"},
    "day": {"num_format": "yyyy-mm-dd"},
    "share": {"num_format": "0.0%"},
    "length": {"num_format": "[h]:mm"},
    "name": {"bold": True, "valign": "top"},
    "words": {"text_wrap": True, "valign": "top", "align": "left"},
}

#: A cell: text, a number, a `Share`, an instant, a date, a length of time, or nothing.
Row = Sequence[Any]


class Share(float):
    """A part of a whole, from 0 to 1; told in percent."""

    __slots__ = ()


def safe(value: Any) -> Any:
    """A text that a spreadsheet could run gets an apostrophe in front, and can still be read: '+45 12 34 56 78."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


# ----------------------------------------------------------------------------------------------------------------- CSV


def write_csv(columns: Sequence[str], rows: Iterable[Row], *, decimal: str = ".") -> Iterator[str]:
    """The lines of a CSV, one after the other. With `decimal` a comma, decimals read as numbers in a Danish Excel."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=DELIMITER, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    yield MARK + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([_written(value, decimal) for value in row])
        yield line.getvalue()


def _written(value: Any, decimal: str) -> Any:
    match value:
        case None:
            return ""
        case Share():
            return _number(round(100 * value, 1), decimal)
        case float():
            return _number(value, decimal)
        case datetime():
            return as_text(value)
        case date():
            return value.isoformat()
        case timedelta():
            return _hours(value)
        case _:
            return safe(value)


def _number(value: float, decimal: str) -> Any:
    if value.is_integer():
        return int(value)
    return value if decimal == "." else f"{value}".replace(".", decimal)


def _hours(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60}:{minutes % 60:02}"


def as_text(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


# ---------------------------------------------------------------------------------------------------------------- XLSX


class Workbook:
    """A workbook that is written row by row, so that its size in memory is that of a row.

    Numbers are numbers, times are times on the wall in `zone`, shares are in percent, all else is text.
    """

    def __init__(self, out: IO[bytes], *, zone: ZoneInfo, title: str = "") -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, **plain})
        self._book.set_properties({"title": title})
        self._formats = {name: self._book.add_format(how) for name, how in _FORMATS.items()}
        self._zone = zone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._book.close()

    def add_table(self, name: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        """A sheet of that name, with headings that stay and filter; answers how many rows came."""
        sheet, number = self._book.add_worksheet(sheet_name(name)), 0
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, self._formats["heading"])
        widths = [_heading_width(column) for column in columns]
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                shown = self._write(sheet, number, place, value)
                widths[place] = max(widths[place], shown)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(_WIDE, width) + 1)
        sheet.autofilter(0, 0, number, max(0, len(columns) - 1))
        return number

    def add_facts(self, name: str, facts: Iterable[tuple[str, Any]]) -> None:
        """A sheet of things and what is to be said of each."""
        sheet = self._book.add_worksheet(sheet_name(name))
        sheet.set_column(0, 0, 24, self._formats["name"])
        sheet.set_column(1, 1, 90, self._formats["words"])
        for number, (what, value) in enumerate(facts):
            sheet.write_string(number, 0, what, self._formats["name"])
            words = _hours(value) if isinstance(value, timedelta) else self._on_the_wall(value)
            sheet.write_string(number, 1, str(words)[:_CELL], self._formats["words"])

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> int:
        """Answers how many signs wide the cell is."""
        match value:
            case None | "":
                return 0
            case datetime():
                sheet.write_datetime(
                    row, column, value.astimezone(self._zone).replace(tzinfo=None), self._formats["minute"]
                )
                return 16
            case date():
                sheet.write_datetime(row, column, value, self._formats["day"])
                return 10
            case timedelta():
                sheet.write_datetime(row, column, value, self._formats["length"])
                return 9
            case Share():
                sheet.write_number(row, column, value, self._formats["share"])
                return 8
            case int() | float():
                sheet.write_number(row, column, value)
                return len(str(value))
            case _:
                text = str(value)[:_CELL]
                sheet.write_string(row, column, text)
                return len(text)

    def _on_the_wall(self, value: Any) -> Any:
        return value.astimezone(self._zone).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value


def sheet_name(name: str) -> str:
    """The name as Excel takes it."""
    return _NOT_IN_A_NAME.sub(" ", name)[:_SHEET_NAME].strip(" '") or "1"


def _heading_width(heading: str) -> int:
    """Headings wrap, so their longest word decides."""
    return max(_NARROW, *(len(word) + _ARROW for word in heading.split()), 0)
