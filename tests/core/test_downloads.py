"""Tables as files: what stands in a workbook, who is named in it, and that it is accounted for."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core import downloads
from servicedesk.core.actor import Role
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.core.spreadsheets import Share, Workbook, sheet_name, write_csv

ZONE = ZoneInfo("Europe/Copenhagen")
COLUMNS = ["Navn", "Antal", "Andel", "Fra", "Dag", "Tid", "En overskrift af mange ord"]
ROW = ["Æblegrød", 12, Share(0.125), datetime(2026, 3, 2, 8, tzinfo=UTC), date(2026, 3, 2), timedelta(hours=30), None]


def workbook(columns, rows, facts=()):
    out = io.BytesIO()
    with Workbook(out, zone=ZONE, title="Tal") as book:
        assert book.add_table("Tal: 2026/03", columns, rows) == len(rows)
        book.add_facts("Om", facts)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def read_csv(lines):
    return list(csv.reader(io.StringIO("".join(lines).lstrip("\ufeff"), newline=""), delimiter=";"))


def test_cells_are_what_they_are():
    sheet = workbook(COLUMNS, [ROW]).worksheets[0]
    [text, number, share, at, on, length, nothing] = sheet[2]
    assert (text.value, number.value, share.value) == ("Æblegrød", 12, 0.125)
    assert at.value == datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the wall clock, as a workbook has it
    assert on.value.date() == date(2026, 3, 2) and nothing.value is None
    assert (share.number_format, length.number_format, on.number_format) == ("0.0%", "[h]:mm", "yyyy-mm-dd")


def test_the_headings_stay_and_filter_and_the_columns_can_be_read():
    sheet = workbook(COLUMNS, [ROW, ["x" * 500, *ROW[1:]]]).worksheets[0]
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Tal  2026 03", "A2", "A1:G3")
    assert 50 < sheet.column_dimensions["A"].width < 70
    assert sheet.column_dimensions["D"].width > len("2026-03-02 09:00")
    assert sheet["G1"].alignment.wrap_text and sheet["A1"].font.bold


def test_a_table_without_rows_is_a_table():
    assert workbook(COLUMNS, []).worksheets[0].max_row == 1


def test_what_is_said_of_it_is_text():
    facts = workbook(["x"], [], [("Filter", "=1+1"), ("Rækker", 3), ("Hentet", ROW[3]), ("Tid", ROW[5])])["Om"]
    assert [cell.value for cell in facts["B"]] == ["=1+1", "3", "2026-03-02 09:00", "30:00"]
    assert {cell.data_type for cell in facts["B"]} == {"s"}


@pytest.mark.parametrize(("name", "shown"), [("a[b]:c*?/\\", "a b  c"), ("'x'", "x"), ("?", "1"), ("y" * 40, "y" * 31)])
def test_a_sheet_has_a_name_that_excel_takes(name, shown):
    assert sheet_name(name) == shown


@given(st.text(max_size=60))
def test_excel_takes_any_name(name):
    shown = sheet_name(name)
    assert 0 < len(shown) <= 31 and not set(shown) & set("[]:*?/\\") and shown.strip("'") == shown


def test_a_csv_has_numbers_as_the_reader_writes_them():
    [_columns, row] = read_csv(write_csv(COLUMNS, [[*ROW[:6], 2.5]], decimal=","))
    assert row == ["Æblegrød", "12", "12,5", "2026-03-02T08:00:00Z", "2026-03-02", "30:00", "2,5"]


def test_a_negative_number_is_no_formula():
    [_columns, row] = read_csv(write_csv(["x", "y"], [[-3, -2.5]], decimal=","))
    assert row == ["-3", "-2,5"]


# ------------------------------------------------------------------------------------------------------- on a page


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Birthe Holm")


def test_a_workbook_says_what_it_is_and_for_whom(desk, browse, chief, at):
    at("2026-03-02 09:00")
    answer = browse(chief).get("/superbrugere/report.xlsx?from=2026-01-01&to=2026-02-28")
    assert answer.mimetype == downloads.KINDS["xlsx"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="superbrugere.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    told = dict(book["Om"].iter_rows(values_only=True))
    assert told["Hentet af"] == "Birthe Holm" and told["Hentet"] == "2026-03-02 09:00"
    assert told["Periode"] == "1. jan. 2026 til 28. feb. 2026" and told["Organisation"] == desk.home.name


def test_what_is_taken_home_is_accounted_for(desk, browse, chief):
    browse(chief).get("/superbrugere/map.csv?unit=1")
    [line] = desk.all(LookUp, seen=Seen.EXPORT)
    assert (line.by_id, line.door) == (chief.id, "superbrugere.coverage_table")
    assert line.facts == {"file": "daekning.csv", "rows": 0, "path": "/superbrugere/map.csv?unit=1"}


def test_there_is_no_third_kind(browse, chief):
    assert browse(chief).get("/superbrugere/map.exe").status_code == 404


def test_a_large_file_is_sent_in_pieces_and_whole(browse, chief, monkeypatch):
    small = browse(chief).get("/superbrugere/map.csv")
    monkeypatch.setattr(downloads, "IN_MEMORY", 10)
    with browse(chief).get("/superbrugere/map.csv", buffered=False) as large:
        assert (large.data, large.headers["Content-Length"]) == (small.data, str(len(small.data)))
