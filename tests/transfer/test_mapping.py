"""A mapping that cannot be used is refused with the key that is wrong."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from servicedesk.tickets.workflow import Level, Priority, State
from servicedesk.transfer import mapping
from servicedesk.transfer.mapping import MappingError

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "servicenow.toml"
LEAST: dict[str, Any] = {"source": "Gammelt system", "columns": {"number": "id", "at": "tid", "state": "status"}}


def test_the_documented_example_can_be_read():
    read = mapping.read(EXAMPLE)

    assert read.source == "ServiceNow"
    assert read.values["state"]["Awaiting Vendor"] is State.WAITING_SUPPLIER
    assert read.values["state"]["-100"] is None
    assert read.values["priority"]["3 - Moderate"] is Priority.MEDIUM
    assert read.values["impact"]["1 - High"] is Level.HIGH
    assert read.columns["subject"] == ("category", "subcategory", "u_symptom")
    assert read.instant("29/2/2016 01:16") == datetime(2016, 2, 29, 0, 16, tzinfo=UTC)


def test_our_own_values_need_no_translation():
    assert mapping.of(LEAST).values["state"]["resolved"] is State.RESOLVED


def test_an_agreement_is_taken_and_says_nothing_yet():
    assert mapping.of({**LEAST, "agreement": "Standard"}).source == "Gammelt system"


def test_a_time_with_an_offset_keeps_it():
    assert mapping.of(LEAST).instant("2026-03-01T10:00:00+02:00") == datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "key"),
    [
        pytest.param({"source": ""}, "source", id="no source"),
        pytest.param({"sauce": "x"}, "sauce", id="unknown key"),
        pytest.param({"columns": {"number": "id", "at": "tid"}}, "columns.state", id="a column is missing"),
        pytest.param({"columns": {**LEAST["columns"], "colour": "x"}}, "columns.colour", id="unknown field"),
        pytest.param({"columns": {**LEAST["columns"], "team": ["a", "b"]}}, "columns.team", id="two columns for one"),
        pytest.param({"columns": "id"}, "columns", id="columns are no table"),
        pytest.param({"values": {"state": {"Lukket": "shut"}}}, 'values.state."Lukket"', id="unknown state"),
        pytest.param({"values": {"team": {"A": "B"}}}, "values.team", id="values of a free text"),
        pytest.param({"time_format": "%H:%M"}, "time_format", id="a format without a date"),
        pytest.param({"time_zone": "Europe/Odder"}, "time_zone", id="unknown zone"),
        pytest.param({"time_zone": 1}, "time_zone", id="a zone that is a number"),
        pytest.param({"empty": [1]}, "empty", id="empty is no text"),
    ],
)
def test_what_is_wrong_is_named(told, key):
    with pytest.raises(MappingError) as refused:
        mapping.of({**LEAST, **told})

    assert refused.value.key == key


@pytest.mark.parametrize("content", [b"a = [", b"\xff\xfe", b'source = "a"\nsource = "b"'])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    file = tmp_path / "mapping.toml"
    file.write_bytes(content)

    with pytest.raises(MappingError):
        mapping.read(file)
