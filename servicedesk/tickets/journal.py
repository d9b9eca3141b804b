"""What a journal entry does to a ticket: the fold that commands, import and `servicedesk check` share; pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol

from servicedesk.core.db import canonical_json
from servicedesk.tickets.models import EntryKind, Visibility
from servicedesk.tickets.workflow import (
    OPEN_STATES,
    Cause,
    Kind,
    Level,
    LinkKind,
    Priority,
    Secrecy,
    State,
    Tier,
)


class EntryLike(Protocol):
    """A journal entry, whether a row or one that is about to become a row."""

    seq: int
    at: datetime
    kind: EntryKind
    by_id: int | None
    visibility: Visibility
    state: State
    data: dict[str, Any]
    digest: str


def digest_of(entry: EntryLike, before: str) -> str:
    """SHA-256 in hex over the entry and the digest of the one before it ("" for the first).

    The ticket's id is not part of it, being unknown until the row is there; the form's id, which is in the first
    entry and unique, ties a journal to its ticket.
    """
    told = [
        before,
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.kind.value,
    ]
    told += [entry.by_id, entry.visibility.value, entry.state.value, entry.data]
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()


Changes = dict[str, Any]
Before = Any  # a Ticket row or the namespace of a replay: anything that has the projection's fields


def _filed(entry: EntryLike, _before: Before) -> Changes:
    data = entry.data
    return {
        "customer_id": data["customer_id"],
        "unit_id": data["unit_id"],
        "system_id": data["system_id"],
        "kind": Kind(data["kind"]),
        "secrecy": Secrecy(data["secrecy"]),
        "tier": Tier(data["tier"]),
        "subject": data["subject"],
        "impact": Level(data["impact"]),
        "urgency": Level(data["urgency"]),
        "priority": Priority(data["priority"]),
        "filer_id": data["filer_id"],
        "affected_id": data["affected_id"],
        "assignee_id": data.get("assignee_id"),
        "team_id": data["team_id"],
        "cause": None,
        "solution": None,
        "filed_at": entry.at,
        "first_answered_at": None,
        "resolved_at": None,
        "closed_at": None,
        "reopen_count": 0,
        "is_unanswered": True,
        "merged_into_id": None,
        "agreement_id": data.get("agreement_id"),
        "promised_at": None,
        "silent_until": _instant(data.get("silent_until")),
        "source_name": data.get("source_name"),
        "source_number": data.get("source_number"),
        "form_id": data["form_id"],
    }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _answered(entry: EntryLike, before: Before) -> Changes:
    """Staff told the user something that the user can see."""
    return {
        "is_unanswered": False,
        "first_answered_at": before.first_answered_at or entry.at,
    }


def _replied(entry: EntryLike, before: Before) -> Changes:
    return _answered(entry, before) if entry.data["is_answer"] else {"is_unanswered": True}


def _placed(entry: EntryLike, _before: Before) -> Changes:
    tier = {"tier": Tier(entry.data["tier"])} if "tier" in entry.data else {}
    return {"assignee_id": entry.data["assignee_id"], "team_id": entry.data["team_id"], **tier}


_READ_BACK: Mapping[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "impact": Level,
    "urgency": Level,
    "priority": Priority,
}


def _changed(entry: EntryLike, _before: Before) -> Changes:
    return {name: _READ_BACK.get(name, lambda value: value)(after) for name, (_, after) in entry.data.items()}


def _classified(entry: EntryLike, before: Before) -> Changes:
    return {"secrecy": Secrecy(entry.data["secrecy"]), **_placed(entry, before)}


def _waiting(entry: EntryLike, before: Before) -> Changes:
    return _answered(entry, before) if entry.data.get("body") and entry.state is State.WAITING_USER else {}


def _resolved(entry: EntryLike, before: Before) -> Changes:
    done = {
        "resolved_at": entry.at,
        "solution": entry.data["solution"],
        "cause": Cause(entry.data["cause"]),
    }
    return {**done, **_answered(entry, before)}


def _reopened(_entry: EntryLike, before: Before) -> Changes:
    undone = {"resolved_at": None, "closed_at": None, "solution": None, "cause": None}
    return {**undone, "reopen_count": before.reopen_count + 1, "is_unanswered": True}


def _ended(entry: EntryLike, _before: Before) -> Changes:
    return {"closed_at": entry.at}


def _merged(entry: EntryLike, _before: Before) -> Changes:
    return {"closed_at": entry.at, "merged_into_id": entry.data["into"]}


def _unmerged(_entry: EntryLike, _before: Before) -> Changes:
    return {"closed_at": None, "merged_into_id": None}


def _agreed(entry: EntryLike, _before: Before) -> Changes:
    return {"agreement_id": entry.data["agreement_id"]}


def _promised(entry: EntryLike, _before: Before) -> Changes:
    return {"promised_at": _instant(entry.data["promised_at"])}


def _nothing(_entry: EntryLike, _before: Before) -> Changes:
    return {}


EFFECTS: Mapping[EntryKind, Callable[[EntryLike, Before], Changes]] = {
    EntryKind.FILED: _filed,
    EntryKind.REPLIED: _replied,
    EntryKind.NOTED: _nothing,
    EntryKind.TAKEN: _placed,
    EntryKind.ASSIGNED: _placed,
    EntryKind.MOVED: _placed,
    EntryKind.CHANGED: _changed,
    EntryKind.CLASSIFIED: _classified,
    EntryKind.WAITING: _waiting,
    EntryKind.RESUMED: _nothing,
    EntryKind.RESOLVED: _resolved,
    EntryKind.CONFIRMED: _ended,
    EntryKind.REOPENED: _reopened,
    EntryKind.CLOSED: _ended,
    EntryKind.CANCELLED: _ended,
    EntryKind.MERGED: _merged,
    EntryKind.UNMERGED: _unmerged,
    EntryKind.ABSORBED: _nothing,
    EntryKind.RELEASED: _nothing,
    EntryKind.LINKED: _nothing,
    EntryKind.UNLINKED: _nothing,
    EntryKind.FOLLOWED: _nothing,
    EntryKind.UNFOLLOWED: _nothing,
    EntryKind.AGREED: _agreed,
    EntryKind.WARNED: _nothing,
    EntryKind.BREACHED: _nothing,
    EntryKind.PROMISED: _promised,
    EntryKind.SPLIT_OFF: _nothing,
    EntryKind.ESCALATED: _placed,
    EntryKind.HANDED_BACK: _placed,
    EntryKind.APPRAISED: _nothing,
}


def changes(entry: EntryLike, before: Before) -> Changes:
    """The fields of the projection that `entry` sets, given the projection `before` it."""
    return {
        **EFFECTS[entry.kind](entry, before),
        "state": entry.state,
        "is_open": entry.state in OPEN_STATES,
        "updated_at": entry.at,
        "version": entry.seq,
        "head": entry.digest,
    }


@dataclass
class Projected:
    """What a journal says that the ticket, its followers and its links must be."""

    fields: SimpleNamespace = field(default_factory=SimpleNamespace)
    followers: set[int] = field(default_factory=set)
    links: set[tuple[int, LinkKind]] = field(default_factory=set)

    def take(self, entry: EntryLike) -> None:
        for name, value in changes(entry, self.fields).items():
            setattr(self.fields, name, value)
        data = entry.data
        match entry.kind:
            case EntryKind.FOLLOWED:
                self.followers.add(data["person_id"])
            case EntryKind.UNFOLLOWED:
                self.followers.discard(data["person_id"])
            case EntryKind.LINKED:
                self.links.add((data["other_id"], LinkKind(data["link"])))
            case EntryKind.UNLINKED:
                self.links.discard((data["other_id"], LinkKind(data["link"])))
            case _:
                pass


def replay(entries: Iterable[EntryLike]) -> Projected:
    """Folds a whole journal, oldest entry first."""
    projected = Projected()
    for entry in entries:
        projected.take(entry)
    return projected


# ------------------------------------------------------------------------------------ before there are rows


@dataclass(slots=True, kw_only=True)
class NewEntry:
    """A journal entry that is about to become a row; its journal numbers it and gives it its digest."""

    at: datetime
    kind: EntryKind
    by_id: int | None
    state: State
    data: dict[str, Any]
    visibility: Visibility = Visibility.PUBLIC
    seq: int = 0
    digest: str = ""


class NewJournal:
    """The entries of a ticket that is not in the database yet, told in their order, and what they come to."""

    def __init__(self, ticket_id: int | None = None) -> None:
        #: None until the database has numbered the ticket.
        self.ticket_id = ticket_id
        self.entries: list[NewEntry] = []
        #: Names of people and things that the ticket is found by.
        self.names: list[str] = []
        self.projected = Projected()

    @property
    def ticket(self) -> Any:
        """The projection so far: one attribute for each column of the ticket's row but the id."""
        return self.projected.fields

    def add(self, entry: NewEntry) -> None:
        before = self.entries[-1] if self.entries else None
        entry.seq = len(self.entries) + 1
        entry.digest = digest_of(entry, before.digest if before else "")
        self.entries.append(entry)
        self.projected.take(entry)
