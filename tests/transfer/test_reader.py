"""Rows become cases, whatever stands in the file, and what cannot be read is told with its line."""

import gzip
from datetime import UTC, datetime

import pytest

from servicedesk.tickets.workflow import State
from servicedesk.transfer import mapping
from servicedesk.transfer.mapping import MappingError
from servicedesk.transfer.reader import Cases, FileError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAPPING = mapping.of(
    {
        "source": "Gammel",
        "empty": ["-"],
        "time_format": "%d.%m.%Y %H:%M",
        "columns": {"number": "nr", "at": "tid", "state": "status", "team": "gruppe"},
        "values": {"state": {"Åben": "open"}},
    }
)
HEADER = "nr,tid,status,gruppe\n"


@pytest.fixture
def cases(tmp_path):
    def read(text: str | bytes) -> Cases:
        file = tmp_path / "cases.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return Cases(file, MAPPING, now=NOW)

    return read


ROWS = "A,01.02.2026 10:00,new,Net\nA,01.02.2026 11:00,Åben,-\nB,01.02.2026 12:00,new,Net\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param((HEADER + ROWS).encode(), id="plain"),
        pytest.param((HEADER + ROWS).encode("utf-8-sig"), id="with a byte order mark"),
        pytest.param((HEADER + ROWS).replace(",", ";").encode(), id="semicolons"),
        pytest.param((HEADER + ROWS).replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(gzip.compress((HEADER + ROWS).encode()), id="packed"),
        pytest.param((HEADER + ROWS).replace("\nB", "\n\nB").encode(), id="a blank line"),
    ],
)
def test_a_file_is_read_as_it_comes(cases, content):
    first, second = cases(content)

    assert [(row.state, row.team) for row in first.rows] == [(State.NEW, "Net"), (State.OPEN, None)]
    assert (second.number, len(second.rows), second.refused) == ("B", 1, [])


def test_rows_of_a_case_need_not_stand_together(cases):
    found = cases(f"{HEADER}A,01.02.2026 10:00,new,\nB,01.02.2026 10:05,new,\nA,01.02.2026 11:00,open,\n")

    assert [(case.number, len(case.rows)) for case in found] == [("B", 1), ("A", 2)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("A,i går,new,Net", "at: 'i går' is no time like %d.%m.%Y %H:%M", id="no time"),
        pytest.param("A,31.02.2026 10:00,new,Net", "at: '31.02.2026 10:00' is no time", id="no such day"),
        pytest.param("A,-,new,Net", "at: there is no time", id="empty time"),
        pytest.param("A,01.02.2036 10:00,new,Net", "2036-02-01 is before 1970 or still to come", id="future"),
        pytest.param("A,01.02.0001 10:00,new,Net", "is before 1970", id="long ago"),
        pytest.param("A,01.02.2026 10:00,Halvåben,Net", "state: 'Halvåben' is not in [values.state]", id="state"),
        pytest.param("A,01.02.2026 10:00,new", "has 3 columns, not 4", id="too short"),
        pytest.param("A,01.02.2026 10:00,new,Net,x", "has 5 columns, not 4", id="too long"),
        pytest.param("A,01.02.2026 10:00,new," + "x" * 201, "team: the text is longer than 200", id="long text"),
        pytest.param("-,01.02.2026 10:00,new,Net", "has no number", id="no number"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(cases, row, reason):
    found = list(cases(f"{HEADER}B,01.02.2026 10:00,new,Net\n{row}\n"))

    (refused,) = [refused for case in found for refused in case.refused]
    assert refused.line == 3
    assert reason in refused.reason
    assert len(found) == 2


def test_bytes_that_are_no_utf8_refuse_their_row(cases):
    (case,) = cases(HEADER.encode() + b"A,01.02.2026 10:00,new,N\xe6t\n")

    assert [refused.reason for refused in case.refused] == ["is not UTF-8"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(f'{HEADER}A,01.02.2026 10:00,new,"Net\nB,01.02.2026 10:00,new,Net\n', id="a quote left open"),
        pytest.param(f'{HEADER}A,01.02.2026 10:00,new,"Net"x\n', id="a quote in the middle"),
        pytest.param(gzip.compress(HEADER.encode())[:-6], id="cut off"),
        pytest.param(b"\x1f\x8bxx", id="damaged"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused_as_a_whole(cases, text):
    with pytest.raises(FileError):
        list(cases(text))


def test_a_column_that_the_file_does_not_have_is_named(cases):
    with pytest.raises(MappingError, match=r"columns\.team: the file has no column 'gruppe'"):
        cases("nr,tid,status\n")
