"""From the rows of a case to the journal of a ticket; pure.

Each row is compared with the ticket as the journal so far has it, and what differs becomes the entries that the
commands would have written: first that it was reopened, then what was corrected, then whose it became, then where it
stood. What the rows do not tell (who asked, in which words) is not made up, but for the sentences below, since a
journal of ours always has a text there.

- An entry is as late as its row, and never earlier than the entry before: the order of the file counts.
- Solved at `resolved_at` and closed at `closed_at` when that lies between the row before and the row that says so. A
  file with one row for each case so has a history, too.
- Work that begins is `taken` when somebody has the case by then; else work just goes on (`resumed`).
- A case that goes from solved or closed back to any other state was reopened. Solved and closed in one is both.
- A case that is under way does not become new again, and what was solved is closed rather than cancelled: our states
  know no such way.
- Priority is what the file says, right or wrong; where it says nothing, the matrix decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from servicedesk.tickets import hiding
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import (
    OPEN_STATES,
    Cause,
    Kind,
    Level,
    Matrix,
    Priority,
    Secrecy,
    State,
    Tier,
)
from servicedesk.transfer.reader import Row

DESCRIPTION = "Importeret fra {source}, hvor henvendelsen har nummer {number}."
SUBJECT = "{number} fra {source}"
SOLUTION = "Løst i {source}."
SOLUTION_AS = "Løst i {source} ({told})."
REASON = "Genåbnet i {source}."
QUESTION = "Brugeren blev spurgt i {source}. Ordlyden er ikke med i importen."
SUPPLIER = "Ikke oplyst i {source}"
UNKNOWN_PERSON = "Ukendt person ({source})"
MAX_SUBJECT = 200

_WAITING = (State.WAITING_USER, State.WAITING_SUPPLIER)
_ENDED = (State.CLOSED, State.CANCELLED)
#: Impact and urgency where the file only tells a priority.
_LEVELS_OF = {
    Priority.CRITICAL: (Level.HIGH, Level.HIGH),
    Priority.HIGH: (Level.HIGH, Level.MEDIUM),
    Priority.MEDIUM: (Level.MEDIUM, Level.MEDIUM),
    Priority.LOW: (Level.LOW, Level.LOW),
}


class Names(Protocol):
    """Ids of what the file only names."""

    def unit(self, name: str | None) -> int: ...

    def person(self, name: str) -> int: ...

    def system(self, name: str) -> int: ...

    def team(self, name: str) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is the same for all cases of an import."""

    source: str
    customer_id: int
    matrix: Matrix
    names: Names
    #: The version of an agreement that their clocks follow; None when nothing is promised.
    agreement_id: int | None = None
    #: What clocks came to before is history, of which nobody is warned.
    silent_until: datetime | None = None


def form_id(source: str, number: str) -> str:
    return f"import:{source}:{number}"


def unknown_person(source: str) -> str:
    """Who filed what the file names nobody for."""
    return UNKNOWN_PERSON.format(source=source)


def tell(number: str, rows: Sequence[Row], setting: Setting) -> "Told":
    """The journal of a case, and the ticket that follows from it."""
    told = Told(number, setting)
    told.file(rows[0])
    before = rows[0].opened_at or rows[0].at
    for row in rows:
        told.take(row, before)
        before = row.at
    return told


class Told(NewJournal):
    """A journal as it is being told."""

    def __init__(self, number: str, setting: Setting) -> None:
        super().__init__()
        self.number, self.setting = number, setting

    def _sentence(self, sentence: str, **facts: str) -> str:
        return sentence.format(source=self.setting.source, number=self.number, **facts)

    def _add(
        self,
        kind: EntryKind,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        *,
        state: State | None = None,
        by_id: int | None = None,
    ) -> None:
        at = max(at, self.entries[-1].at) if self.entries else at
        # The numbers are not kept: whoever needs them has the register that the history comes from.
        told, _numbers = hiding.hide_in(data or {})
        self.add(NewEntry(at=at, kind=kind, by_id=by_id, state=state or self.ticket.state, data=told))

    # -------------------------------------------------------------------------------------------- the filing

    def file(self, row: Row) -> None:
        names, source = self.setting.names, self.setting.source
        impact, urgency, priority = self._weight(row, None)
        subject = self._subject(row.subject) or self._sentence(SUBJECT)
        filer_id = names.person(row.filer or unknown_person(source))
        self.names = [name for name in (self.number, row.filer, row.unit, row.system) if name]
        told = {
            "customer_id": self.setting.customer_id,
            "unit_id": names.unit(row.unit),
            "system_id": names.system(row.system) if row.system else None,
            "kind": (row.kind or Kind.INCIDENT).value,
            "secrecy": Secrecy.ORDINARY.value,
            "tier": Tier.SERVICEDESK.value,
            "subject": subject,
            "description": self._description(row),
            "impact": impact.value,
            "urgency": urgency.value,
            "priority": int(priority),
            "filer_id": filer_id,
            "affected_id": filer_id,
            "team_id": names.team(row.team) if row.team else None,
            "form_id": form_id(source, self.number),
            "source_name": source,
            "source_number": self.number,
            "agreement_id": self.setting.agreement_id,
            "silent_until": self.setting.silent_until.isoformat() if self.setting.silent_until else None,
        }
        self._add(EntryKind.FILED, row.opened_at or row.at, told, state=State.NEW, by_id=filer_id)

    def _subject(self, text: str | None) -> str | None:
        line = " ".join((text or "").split())
        return line if len(line) <= MAX_SUBJECT else f"{line[: MAX_SUBJECT - 1]}…"

    def _description(self, row: Row) -> str:
        """A subject that had to be cut stands here in full."""
        whole = row.subject if row.subject and self._subject(row.subject) != " ".join(row.subject.split()) else None
        return "\n\n".join(text for text in (whole, row.description) if text) or self._sentence(DESCRIPTION)

    def _weight(self, row: Row, before: Any) -> tuple[Level, Level, Priority]:
        """Impact, urgency and priority, from the row as far as it tells."""
        usual = (before.impact, before.urgency) if before else (Level.MEDIUM, Level.MEDIUM)
        if row.priority and not (row.impact or row.urgency or before):
            usual = _LEVELS_OF[row.priority]
        impact, urgency = row.impact or usual[0], row.urgency or usual[1]
        if row.priority:
            return impact, urgency, row.priority
        is_same = before is not None and (impact, urgency) == (before.impact, before.urgency)
        return impact, urgency, before.priority if is_same else self.setting.matrix[impact, urgency]

    # -------------------------------------------------------------------------------------------- what came after

    def take(self, row: Row, before: datetime) -> None:
        """Adds what the row says that the journal does not; `before` is when the row before it was true."""
        wanted = row.state or self.ticket.state
        if self._is_reopened_by(wanted):
            self._add(EntryKind.REOPENED, row.at, {"reason": self._sentence(REASON)}, state=State.OPEN)
        self._correct(row)
        self._place(row, wanted)
        self._move(row, wanted, before)

    def _is_reopened_by(self, wanted: State) -> bool:
        now: State = self.ticket.state
        if now is State.RESOLVED:
            return wanted in OPEN_STATES
        return now in _ENDED and wanted not in _ENDED

    def _correct(self, row: Row) -> None:
        ticket, names = self.ticket, self.setting.names
        impact, urgency, priority = self._weight(row, ticket)
        wanted: dict[str, Any] = {"impact": impact, "urgency": urgency, "priority": priority}
        wanted["kind"] = row.kind or ticket.kind
        wanted["subject"] = self._subject(row.subject) or ticket.subject
        wanted["system_id"] = names.system(row.system) if row.system else ticket.system_id
        changed = {name: [getattr(ticket, name), value] for name, value in wanted.items()}
        changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
        if changed:
            self._add(EntryKind.CHANGED, row.at, changed)

    def _place(self, row: Row, wanted: State) -> None:
        """Whose it became. An assignee with whom work begins has taken it."""
        ticket, names = self.ticket, self.setting.names
        team_id = names.team(row.team) if row.team else ticket.team_id
        assignee_id = names.person(row.assignee) if row.assignee else None
        if team_id != ticket.team_id:
            kept = assignee_id if assignee_id == ticket.assignee_id else None
            self._add(EntryKind.MOVED, row.at, {"assignee_id": kept, "team_id": team_id, "team": row.team})
        begins = ticket.state is State.NEW and wanted is not State.NEW and assignee_id is not None
        place = {"assignee_id": assignee_id, "team_id": team_id, "assignee": row.assignee}
        if begins and wanted is State.OPEN:
            self._add(EntryKind.TAKEN, row.at, place, state=State.OPEN, by_id=assignee_id)
        elif assignee_id != ticket.assignee_id:
            self._add(EntryKind.ASSIGNED, row.at, place)

    def _move(self, row: Row, wanted: State, before: datetime) -> None:
        now: State = self.ticket.state
        if wanted is now:
            return
        match wanted:
            case State.NEW | State.OPEN:
                if wanted is State.OPEN or now in _WAITING:
                    self._add(EntryKind.RESUMED, row.at, state=State.OPEN)
            case State.WAITING_USER:
                self._add(EntryKind.WAITING, row.at, {"body": self._sentence(QUESTION)}, state=wanted)
            case State.WAITING_SUPPLIER:
                supplier = row.supplier or self._sentence(SUPPLIER)
                self._add(EntryKind.WAITING, row.at, {"supplier": supplier}, state=wanted)
            case State.RESOLVED:
                self._resolve(row, before)
            case State.CLOSED | State.CANCELLED:
                self._end(row, wanted, before)

    def _resolve(self, row: Row, before: datetime) -> None:
        solution = self._sentence(SOLUTION_AS, told=row.solution) if row.solution else self._sentence(SOLUTION)
        told = {"solution": solution, "cause": (row.cause or Cause.OTHER).value}
        self._add(EntryKind.RESOLVED, _within(row.resolved_at, before, row.at), told, state=State.RESOLVED)

    def _end(self, row: Row, wanted: State, before: datetime) -> None:
        now: State = self.ticket.state
        if now in _ENDED:
            return
        if wanted is State.CANCELLED and now in OPEN_STATES:
            if now in _WAITING:
                self._add(EntryKind.RESUMED, row.at, state=State.OPEN)
            self._add(EntryKind.CANCELLED, _within(row.closed_at, before, row.at), state=wanted)
            return
        if now is not State.RESOLVED:
            self._resolve(row, before)
        self._add(EntryKind.CLOSED, _within(row.closed_at, before, row.at), state=State.CLOSED)


def _within(at: datetime | None, earliest: datetime, latest: datetime) -> datetime:
    return at if at is not None and earliest <= at <= latest else latest
