"""Tickets with four journal entries each, as rows for the tables.

The projection of each ticket is written down with its story rather than folded from it, which would take ten times as
long; every so many tickets the fold is made all the same and must agree. Digests are left empty: nothing that is
measured reads them, and `servicedesk check` would complain.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from bench.language import Writer
from bench.town import SHARE_OF_HOME, Customer
from servicedesk.organisation.models import Person
from servicedesk.tickets import journal
from servicedesk.tickets.models import NOT_DUE, Entry, EntryKind, Visibility
from servicedesk.tickets.workflow import DEFAULT_MATRIX, OPEN_STATES, Cause, Kind, Level, State

#: Of the newest tenth this share is open, of the rest the other: together 5 %.
_NEW_PART, _OPEN_IF_NEW, _OPEN_IF_OLD = 0.9, 0.36, 0.0156
_RESOLVED, _CANCELLED, _CONFIDENTIAL, _FOLLOWED, _FILE = 0.01, 0.03, 0.01, 0.05, 0.02
_CHECKED_EVERY = 5_000
#: Over so long a time the tickets were filed.
SPAN = timedelta(days=5 * 365)

Row = tuple[Any, ...]

TABLES = {
    "ticket": (
        "id customer_id unit_id system_id kind secrecy tier state is_open subject impact urgency priority filer_id"
        " affected_id assignee_id team_id cause solution filed_at first_answered_at resolved_at closed_at updated_at"
        " reopen_count is_unanswered version head form_id due_at due_order next_look_at"
    ).split(),
    "entry": "ticket_id customer_id seq at kind by_id visibility state data digest".split(),
    "follower": ["ticket_id", "person_id"],
    "attachment": "ticket_id customer_id seq visibility name stored_name media_type size sha256".split(),
    "ticket_clock": (
        "ticket_id name customer_id phase is_running cycle target started_at due_at ended_at outcome elapsed paused"
        " stopped overrun as_of"
    ).split(),
    "search_document": ["ticket_id", "doc"],
}
Rows = dict[str, list[Row]]

_LEVELS, _WEIGHTS = list(Level), (10, 35, 55)
_CAUSES = list(Cause)


class Step(NamedTuple):
    """An entry after the first: hours since the one before, and who made it."""

    kind: EntryKind
    by_user: bool
    state: State
    hours: int


#: What happened after the filing, by how the ticket stands now; three more entries each.
_STORIES: dict[State, list[tuple[Step, Step, Step]]] = {
    State.NEW: [
        (
            Step(EntryKind.NOTED, False, State.NEW, 1),
            Step(EntryKind.NOTED, False, State.NEW, 2),
            Step(EntryKind.REPLIED, True, State.NEW, 3),
        )
    ],
    State.OPEN: [
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 1),
            Step(EntryKind.NOTED, False, State.OPEN, 2),
            Step(EntryKind.REPLIED, False, State.OPEN, 3),
        ),
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 2),
            Step(EntryKind.REPLIED, False, State.OPEN, 5),
            Step(EntryKind.REPLIED, True, State.OPEN, 20),
        ),
    ],
    State.WAITING_USER: [
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 1),
            Step(EntryKind.NOTED, False, State.OPEN, 1),
            Step(EntryKind.WAITING, False, State.WAITING_USER, 4),
        )
    ],
    State.RESOLVED: [
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 1),
            Step(EntryKind.REPLIED, False, State.OPEN, 2),
            Step(EntryKind.RESOLVED, False, State.RESOLVED, 8),
        )
    ],
    State.CLOSED: [
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 1),
            Step(EntryKind.RESOLVED, False, State.RESOLVED, 10),
            Step(EntryKind.CONFIRMED, True, State.CLOSED, 30),
        ),
        (
            Step(EntryKind.REPLIED, False, State.OPEN, 2),
            Step(EntryKind.RESOLVED, False, State.RESOLVED, 20),
            Step(EntryKind.CLOSED, False, State.CLOSED, 240),
        ),
        (
            Step(EntryKind.NOTED, False, State.NEW, 1),
            Step(EntryKind.RESOLVED, False, State.RESOLVED, 4),
            Step(EntryKind.CONFIRMED, True, State.CLOSED, 2),
        ),
    ],
    State.CANCELLED: [
        (
            Step(EntryKind.TAKEN, False, State.OPEN, 1),
            Step(EntryKind.NOTED, False, State.OPEN, 2),
            Step(EntryKind.CANCELLED, True, State.CANCELLED, 5),
        )
    ],
}


@dataclass
class _Ticket:
    """A ticket while its journal is told."""

    fields: dict[str, Any]
    entries: list[dict[str, Any]] = field(default_factory=list)
    public: list[int] = field(default_factory=list)
    internal: list[int] = field(default_factory=list)


class Teller:
    """Tells the journals of a number of tickets, oldest first."""

    def __init__(self, customers: list[Customer], number: int, now: datetime) -> None:
        self._customers = customers
        self._number = number
        self._now, self._begin = now, now - SPAN
        self._draw = Random(number)
        self._writer = Writer(5)

    def rows(self, first: int, last: int) -> Rows:
        """Rows of the tickets with these ids, by table."""
        rows: Rows = {name: [] for name in TABLES}
        for id_ in range(first, last + 1):
            ticket = self._tell(id_)
            if id_ % _CHECKED_EVERY == 0:
                _check(ticket)
            rows["ticket_clock"].append(self._clock(ticket))
            rows["ticket"].append(tuple(ticket.fields.get(name) for name in TABLES["ticket"]))
            rows["entry"] += (tuple(entry[name] for name in TABLES["entry"]) for entry in ticket.entries)
            self._add_more(rows, ticket)
            rows["search_document"].append((id_, self._document(ticket)))
        return rows

    def _tell(self, id_: int) -> _Ticket:
        draw = self._draw
        customer = self._customers[0 if draw.random() < SHARE_OF_HOME else 1]
        state = self._state(id_)
        steps = draw.choice(_STORIES[state])
        ticket = _Ticket(self._filing(id_, customer))
        supporter = draw.choice(customer.supporters)
        for step in steps:
            self._take(ticket, step, supporter)
        ticket.fields.update(state=state.value, is_open=state in OPEN_STATES)
        return ticket

    def _clock(self, ticket: _Ticket) -> Row:
        """The clock of its solution, made up like the projection: an open one is due within a year, all after now."""
        told = ticket.fields
        is_waiting = told["state"] == State.WAITING_USER.value
        is_running = told["is_open"] and not is_waiting
        due_at = self._now + timedelta(days=1, seconds=self._draw.randrange(365 * 86_400)) if is_running else None
        told.update(due_at=due_at, due_order=due_at or NOT_DUE, next_look_at=due_at)
        ended_at = None if told["is_open"] else told["updated_at"]
        phase = "running" if is_running else "paused" if told["is_open"] else "met"
        named = (told["id"], "resolution", told["customer_id"], phase, is_running, 0, "10 working days")
        return (*named, told["filed_at"], due_at, ended_at, "met" if ended_at else None, 0, 0, 0, 0, told["updated_at"])

    def _state(self, id_: int) -> State:
        draw = self._draw
        share = _OPEN_IF_NEW if id_ > _NEW_PART * self._number else _OPEN_IF_OLD
        if draw.random() < share:
            return draw.choice((State.NEW, State.OPEN, State.OPEN, State.WAITING_USER))
        other = draw.random()
        if other < _RESOLVED:
            return State.RESOLVED
        return State.CANCELLED if other < _RESOLVED + _CANCELLED else State.CLOSED

    def _filing(self, id_: int, customer: Customer) -> dict[str, Any]:
        draw = self._draw
        filer = draw.choice(customer.people)
        affected = draw.choice(customer.people) if draw.random() < 0.1 else filer
        system = draw.choice(customer.systems) if draw.random() < 0.7 else None
        is_secret = draw.random() < _CONFIDENTIAL
        team = customer.closed.id if is_secret else (system and system.team_id) or customer.teams[0].id
        impact, urgency = draw.choices(_LEVELS, _WEIGHTS, k=2)
        at = self._begin + SPAN * (id_ / (self._number + 1))
        subject = self._writer.some(draw.randint(3, 7))
        description = self._writer.some(draw.randint(15, 50))
        return {
            "id": id_,
            "customer_id": customer.root.id,
            "unit_id": affected.unit_id,
            "system_id": system.id if system else None,
            "kind": (Kind.INCIDENT if draw.random() < 0.7 else Kind.REQUEST).value,
            "secrecy": "confidential" if is_secret else "ordinary",
            "tier": "servicedesk",
            "subject": self._writer.text(subject),
            "description": self._writer.text(description),
            "impact": impact.value,
            "urgency": urgency.value,
            "priority": int(DEFAULT_MATRIX[impact, urgency]),
            "filer_id": filer.id,
            "affected_id": affected.id,
            "team_id": team,
            "form_id": f"{filer.id}:{id_:032x}",
            "_words": subject + description,
            "_names": [filer.name, affected.name],
            "_at": at,
        }

    def _take(self, ticket: _Ticket, step: Step, supporter: Person) -> None:
        told = ticket.fields
        if not ticket.entries:
            self._begin_journal(ticket)
        at = told["updated_at"] + timedelta(hours=step.hours, seconds=self._draw.randint(0, 3599))
        by = told["filer_id"] if step.by_user else supporter.id
        is_internal = step.kind is EntryKind.NOTED
        data = self._data(ticket, step, supporter, at)
        told.update(updated_at=at, version=len(ticket.entries) + 1)
        self._append(ticket, step.kind, at, by, is_internal, step.state, data)

    def _begin_journal(self, ticket: _Ticket) -> None:
        told = ticket.fields
        words, at = told.pop("_words"), told.pop("_at")
        data = {name: value for name, value in told.items() if name not in ("id", "_names")}
        told.pop("description")
        ticket.public += words
        told.update(
            filed_at=at, updated_at=at, reopen_count=0, is_unanswered=True, version=1, head="", assignee_id=None
        )
        self._append(ticket, EntryKind.FILED, at, told["filer_id"], False, State.NEW, data)

    def _append(
        self,
        ticket: _Ticket,
        kind: EntryKind,
        at: datetime,
        by: int,
        is_internal: bool,
        state: State,
        data: dict[str, Any],
    ) -> None:
        ticket.entries.append(
            {
                "ticket_id": ticket.fields["id"],
                "customer_id": ticket.fields["customer_id"],
                "seq": len(ticket.entries) + 1,
                "at": at,
                "kind": kind.value,
                "by_id": by,
                "visibility": "internal" if is_internal else "public",
                "state": state.value,
                "data": json.dumps(data, ensure_ascii=False),
                "digest": "",
            }
        )

    def _data(self, ticket: _Ticket, step: Step, supporter: Person, at: datetime) -> dict[str, Any]:
        """What the entry says; also does to the projection what the entry does."""
        told = ticket.fields
        match step.kind:
            case EntryKind.TAKEN:
                told["assignee_id"] = supporter.id
                return {"assignee_id": supporter.id, "team_id": told["team_id"]}
            case EntryKind.NOTED:
                return {"body": self._said(ticket.internal, 12)}
            case EntryKind.REPLIED:
                if step.by_user:
                    told["is_unanswered"] = True
                else:
                    _answer(told, at)
                return {"body": self._said(ticket.public, 20), "is_answer": not step.by_user}
            case EntryKind.WAITING:
                _answer(told, at)
                return {"body": self._said(ticket.public, 15)}
            case EntryKind.RESOLVED:
                _answer(told, at)
                cause = self._draw.choice(_CAUSES).value
                told.update(resolved_at=at, solution=self._said(ticket.public, 15), cause=cause)
                return {"solution": told["solution"], "cause": cause}
            case _:
                told["closed_at"] = at
                return {}

    def _said(self, words: list[int], number: int) -> str:
        some = self._writer.some(number)
        words += some
        return self._writer.text(some)

    def _document(self, ticket: _Ticket) -> str:
        """The tokens that `core.words.index_text` would make of the texts."""
        public = dict.fromkeys(self._writer.found_by(ticket.public))
        for name in ticket.fields["_names"]:
            public.update(dict.fromkeys(self._writer.tokens_of(name)))
        internal = dict.fromkeys("0" + token for token in self._writer.found_by(ticket.internal))
        return " ".join([*public, *internal])

    def _add_more(self, rows: Rows, ticket: _Ticket) -> None:
        told, draw = ticket.fields, self._draw
        if draw.random() < _FOLLOWED:
            rows["follower"].append((told["id"], draw.choice(self._customers[0].people).id))
        if draw.random() < _FILE:
            name = f"{told['id']:032x}"
            file = ("skærm.png", name, "image/png", 120_000, "0" * 64)
            rows["attachment"].append((told["id"], told["customer_id"], 1, "public", *file))


def _answer(told: dict[str, Any], at: datetime) -> None:
    told["is_unanswered"] = False
    told.setdefault("first_answered_at", at)


def _check(ticket: _Ticket) -> None:
    """What was written down must be what the journal says."""
    entries = [
        Entry(
            seq=entry["seq"],
            at=entry["at"],
            kind=EntryKind(entry["kind"]),
            by_id=entry["by_id"],
            visibility=Visibility(entry["visibility"]),
            state=State(entry["state"]),
            data=json.loads(entry["data"]),
            digest="",
        )
        for entry in ticket.entries
    ]
    said = vars(journal.replay(entries).fields)
    wrong = {name: value for name, value in said.items() if ticket.fields.get(name) != value}
    if wrong:
        raise AssertionError(f"ticket {ticket.fields['id']}: the journal says {wrong}")


def pieces(number: int, size: int = 10_000) -> Iterator[tuple[int, int]]:
    """First and last id of each piece that is written at once."""
    for first in range(1, number + 1, size):
        yield first, min(first + size - 1, number)
