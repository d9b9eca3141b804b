"""What happened to each incident, by the conventions of docs/real-incidents.md."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.real_history.opening import OpenTime, minute_of
from tests.real_history.promises import Agreement, Opening

NEW, OPEN, WAITING_USER, WAITING_SUPPLIER = "new", "open", "waiting_user", "waiting_supplier"
RESOLVED, CLOSED = "resolved", "closed"
UNDER_WAY = (NEW, OPEN, WAITING_USER, WAITING_SUPPLIER)
DONE = (RESOLVED, CLOSED)
#: "-100" is the log's own mistake: nothing is said, and all is as it was.
STATES: Mapping[str, str | None] = {
    "New": NEW,
    "Active": OPEN,
    "Awaiting Problem": OPEN,
    "Awaiting User Info": WAITING_USER,
    "Awaiting Evidence": WAITING_USER,
    "Awaiting Vendor": WAITING_SUPPLIER,
    "Resolved": RESOLVED,
    "Closed": CLOSED,
    "-100": None,
}
NOTHING = "?"

Row = Mapping[str, str]


class Stretch(NamedTuple):
    """A time in one state; `end` is the instant of the next."""

    start: int
    end: int
    state: str


@dataclass
class Incident:
    """An incident as the rows tell it, in the order of the file."""

    number: str
    opened: int
    priority: int
    team: str | None
    state: str = NEW
    #: When the priority was last set to another.
    aimed: int = 0
    answered: int | None = None
    solved: int | None = None
    reopened: list[int] = field(default_factory=list)
    handovers: int = 0
    stretches: list[Stretch] = field(default_factory=list)
    #: What the file itself says of the promise in the end, and when the incident was closed for good.
    made_sla: bool = True
    closed: int = 0
    _since: int = 0

    def __post_init__(self) -> None:
        self.aimed = self._since = self.opened

    def take(self, row: Row, before: int) -> None:
        """The next row; `before` is when the row before it was written."""
        written = minute_of(row["sys_updated_at"])
        wanted = STATES[row["incident_state"]] or self.state
        if (self.state == RESOLVED and wanted in UNDER_WAY) or (self.state == CLOSED and wanted != CLOSED):
            self._go(OPEN, written)
            self.reopened.append(self._since)
        self._correct(row, written)
        if wanted in DONE:
            self._finish(row, wanted, before, written)
        elif wanted == NEW:
            if self.state in (WAITING_USER, WAITING_SUPPLIER):
                self._go(OPEN, written)
        elif wanted != self.state:
            self._go(wanted, written)

    def _correct(self, row: Row, written: int) -> None:
        priority, team = row["priority"], row["assignment_group"]
        if priority != NOTHING and int(priority[0]) != self.priority:
            self.priority, self.aimed = int(priority[0]), max(written, self._since)
        if team not in (NOTHING, self.team):
            self.team = team
            self.handovers += 1

    def _finish(self, row: Row, wanted: str, before: int, written: int) -> None:
        if self.state not in DONE:
            self._go(RESOLVED, _told(row["resolved_at"], before, written))
            self.solved = self._since
        if wanted == CLOSED != self.state:
            self._go(CLOSED, _told(row["closed_at"], before, written))

    def _go(self, state: str, at: int) -> None:
        """Into another state, never earlier than into the one before."""
        at = max(at, self._since)
        self.stretches.append(Stretch(self._since, at, self.state))
        self.state, self._since = state, at
        if state in (WAITING_USER, RESOLVED) and self.answered is None:
            self.answered = at

    def minutes_in(self, state: str) -> int:
        return sum(one.end - one.start for one in self.stretches if one.state == state)

    def counting(self) -> Iterator[Stretch]:
        """The stretches in which the time to the solution counts."""
        return (one for one in self.stretches if one.state in UNDER_WAY and one.state != WAITING_USER)


def _told(text: str, earliest: int, latest: int) -> int:
    """The instant that the row tells, where it can be; otherwise when it was written."""
    told = latest if text == NOTHING else minute_of(text)
    return told if earliest <= told <= latest else latest


def read(file: Path) -> list[Incident]:
    """Those of a CSV, packed with gzip or not; all of them must have been closed."""
    incidents = [_told_by(number, rows) for number, rows in rows_of(file).items()]
    still_open = [one.number for one in incidents if one.state != CLOSED]
    if still_open:
        raise ValueError(f"not closed in the file: {', '.join(still_open[:10])}")
    return incidents


def rows_of(file: Path) -> Mapping[str, list[Row]]:
    """By the incident's number, in the order of the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["number"]].append(row)
    return found


def _told_by(number: str, rows: list[Row]) -> Incident:
    first, last = rows[0], rows[-1]
    team = first["assignment_group"]
    opened = minute_of(first["opened_at"])
    incident = Incident(number, opened, int(first["priority"][0]), None if team == NOTHING else team)
    before = opened
    for row in rows:
        incident.take(row, before)
        before = minute_of(row["sys_updated_at"])
    incident.made_sla, incident.closed = last["made_sla"] == "true", minute_of(last["closed_at"])
    return incident


# ------------------------------------------------------------------------------------------------ promises


class Verdict(NamedTuple):
    """Whether a promise was kept, when that was settled, and the open time that was used."""

    is_kept: bool
    at: int
    used: int


class Judge:
    """What became of the promises of an agreement."""

    def __init__(self, agreement: Agreement, incidents: Iterable[Incident]) -> None:
        self._promises = agreement.promises
        instants = [at for one in incidents for at in (one.opened, one.closed, one.stretches[-1].end)]
        self._span = min(instants), max(instants) + 1
        self._open: dict[str, OpenTime] = {}

    def hours(self, opening: Opening) -> OpenTime:
        if opening.name not in self._open:
            self._open[opening.name] = OpenTime(opening, *self._span)
        return self._open[opening.name]

    def response(self, incident: Incident) -> Verdict | None:
        """Everything counts until the user gets the first answer."""
        promise = self._promises[incident.priority]
        if promise.response is None or incident.answered is None:
            return None
        whole = [Stretch(incident.opened, incident.answered, NEW)]
        return _verdict(whole, self.hours(promise.opening), promise.response, incident.answered, incident.aimed)

    def resolution(self, incident: Incident) -> Verdict:
        promise = self._promises[incident.priority]
        assert incident.solved is not None
        return _verdict(
            list(incident.counting()),
            self.hours(promise.opening),
            promise.resolution,
            incident.solved,
            incident.aimed,
        )


def _verdict(counting: list[Stretch], hours: OpenTime, target: int, stopped: int, aimed: int) -> Verdict:
    """Broken at the first instant after it was due at which the clock still ran; a priority that is changed moves the
    due time from the filing on, but nothing is broken before it is changed."""
    used = sum(hours.between(one.start, one.end) for one in counting)
    due = _due(counting, hours, target)
    if due is None:
        return Verdict(True, stopped, used)
    late = [one for one in counting if one.end > max(due, one.start)]
    if not late:
        return Verdict(True, stopped, used)
    broken = (max(due, aimed, one.start) for one in late if max(due, aimed) <= one.end)
    return Verdict(False, next(broken, max(stopped, aimed)), used)


def _due(counting: list[Stretch], hours: OpenTime, target: int) -> int | None:
    """The first instant at which the target is used up; None when it never is."""
    left = target
    for one in counting:
        passed = hours.between(one.start, one.end)
        if passed >= left:
            return hours.after(one.start, left)
        left -= passed
    return None
