"""What the tests of other service desks and business-time libraries expect, and what real incidents recorded."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from sla import Calendar, Clock, Event, OpenTime, Target

DATA = Path(__file__).parents[1] / "data"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

pytestmark = pytest.mark.usefixtures("machine_zone")


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=f"{row['source_repo']}, {row['note']}") for row in csv.DictReader(file)]


def _calendar(row):
    written = json.loads(row["calendar"])
    return Calendar(
        row["timezone"],
        {DAYS.index(day): hours for day, hours in written.items() if day in DAYS},
        closed=[date.fromisoformat(day) for day in json.loads(row["holidays"])],
        special={date.fromisoformat(day): hours for day, hours in written.items() if day not in DAYS},
    )


@pytest.mark.parametrize("row", _rows("business_time_vectors.csv"))
def test_business_time(row):
    calendar, start = _calendar(row), datetime.fromisoformat(row["start"])
    if row["op"] == "add":
        found = calendar.add(start, timedelta(seconds=float(row["arg"])))
        assert found == datetime.fromisoformat(row["expected"])
    else:
        found = calendar.between(start, datetime.fromisoformat(row["arg"]))
        assert found == timedelta(seconds=float(row["expected"]))


@pytest.mark.parametrize("row", _rows("sla_pause_vectors.csv"))
def test_pauses(row):
    length = OpenTime(timedelta(seconds=float(row["amount_s"])))
    clock = Clock(Target("answer", length, _calendar(row), pauses={"hold"}))
    events = [Event(datetime.fromisoformat(row["start"]), "new")]
    for paused, resumed in json.loads(row["pauses"]):
        events += [Event(datetime.fromisoformat(paused), "hold"), Event(datetime.fromisoformat(resumed), "open")]

    assert clock.fold(events, events[-1].at).due_at == datetime.fromisoformat(row["expected_deadline"])
    if row["used_until"]:
        used = clock.fold(events, datetime.fromisoformat(row["used_until"])).elapsed
        assert used == timedelta(seconds=float(row["expected_used_s"]))
