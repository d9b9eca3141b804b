"""What became of promises, reckoned from the log's own rows and nothing else: no journal, no engine."""

import csv
import gzip
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")
ASKS = ("Awaiting User Info", "Awaiting Evidence")
DONE = ("Resolved", "Closed")
#: Monday to Friday from eight to four; no holidays.
_DAYS = [day for day in (date(2015, 1, 1) + timedelta(n) for n in range(1500)) if day.weekday() < 5]
_OPENS = [datetime.combine(day, time(8), ZONE).timestamp() for day in _DAYS]
_BEFORE = [0, *accumulate([8 * 3600] * len(_DAYS))]


class Verdict(NamedTuple):
    priority: int
    #: Open seconds until the first answer, and until it was solved for good, without those spent on the user.
    response: int
    resolution: int


def verdicts(file: Path) -> dict[str, Verdict]:
    """By the case's number."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        for row in csv.DictReader(opened):
            cases[row["number"]].append(row)
    return {number: _verdict(rows) for number, rows in cases.items()}


def _verdict(rows: list[dict[str, str]]) -> Verdict:
    counted, asked_or_done = 0.0, None
    filed_at, state = _at(rows[0]["opened_at"]), "New"
    since = filed_at
    for at, becomes in _told(rows):
        if state not in (*ASKS, *DONE):
            counted += _open_until(at) - _open_until(since)
        since, state = at, becomes
        if becomes in (*ASKS, *DONE) and asked_or_done is None:
            asked_or_done = at
    assert state in DONE
    assert asked_or_done is not None
    response = _open_until(asked_or_done) - _open_until(filed_at)
    return Verdict(int(rows[-1]["priority"][0]), round(response), round(counted))


def _told(rows: list[dict[str, str]]) -> Iterator[tuple[float, str]]:
    """Instants and states, never backwards."""
    latest = before = _at(rows[0]["opened_at"])
    state = "New"
    for row in rows:
        at = written = _at(row["sys_updated_at"])
        wanted = state if row["incident_state"] == "-100" else row["incident_state"]
        if wanted in DONE and state not in DONE and row["resolved_at"] != "?":
            solved = _at(row["resolved_at"])
            at = solved if before <= solved <= written else written
        if wanted != state:
            latest = max(latest, at)
            yield latest, wanted
        state, before = wanted, written


def _at(text: str) -> float:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE).astimezone(UTC).timestamp()


def _open_until(at: float) -> float:
    day = bisect_right(_OPENS, at) - 1
    return _BEFORE[day] + min(at - _OPENS[day], 8 * 3600)
