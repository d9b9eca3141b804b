"""From a ticket's journal to its clocks: which events each clock hears of, and what it shows; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from servicedesk.agreements.book import Book
from servicedesk.agreements.terms import Kind, Priority, Promise
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import State, Tier
from sla import Clock, Event, Reading, Target


class Happening(Protocol):
    """What a clock needs to know of a journal entry."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> EntryKind: ...
    @property
    def state(self) -> State: ...
    @property
    def data(self) -> dict[str, Any]: ...


#: Entries that no clock hears of.
SILENT = frozenset(
    {
        EntryKind.NOTED,
        EntryKind.ABSORBED,
        EntryKind.RELEASED,
        EntryKind.LINKED,
        EntryKind.UNLINKED,
        EntryKind.FOLLOWED,
        EntryKind.UNFOLLOWED,
        EntryKind.PROMISED,
        EntryKind.SPLIT_OFF,
        EntryKind.APPRAISED,
    }
)
#: Entries of what a clock has fired; `data` names clock, stage and cycle.
FIRINGS = frozenset({EntryKind.WARNED, EntryKind.BREACHED})
#: What was fired already: (clock, stage, cycle).
Fired = set[tuple[str, str, int]]


@dataclass
class Track:
    """One clock: the target that it began with, and what it hears."""

    target: Target
    events: list[Event] = field(default_factory=list)

    def say(self, at: datetime, state: str) -> None:
        if not self.events or self.state != state:
            self.events.append(Event(at, state))

    def aim(self, at: datetime, target: Target) -> None:
        if target != self.target_now:
            self.events.append(Event(at, target=target))

    @property
    def state(self) -> str | None:
        return next((one.state for one in reversed(self.events) if one.state is not None), None)

    @property
    def said_at(self) -> datetime | None:
        """When it last heard of a state."""
        return next((one.at for one in reversed(self.events) if one.state is not None), None)

    @property
    def target_now(self) -> Target:
        return next((one.target for one in reversed(self.events) if one.target is not None), self.target)

    def fold(self, now: datetime) -> Reading:
        return Clock(self.target).fold(self.events, now)


@dataclass(frozen=True)
class Clocks:
    """Every clock of a ticket, and what they have fired."""

    tracks: Mapping[str, Track]
    fired: Fired

    def read(self, now: datetime) -> dict[str, Reading]:
        return {name: track.fold(now) for name, track in self.tracks.items()}


def clocks_of(entries: Iterable[Happening], book: Book) -> Clocks:
    """The clocks that a journal sets going under these agreements; entries oldest first."""
    teller = _Teller(book)
    for entry in entries:
        if entry.kind in FIRINGS:
            data = entry.data
            teller.fired.add((data["clock"], data["stage"], data["cycle"]))
        elif entry.kind not in SILENT:
            teller.take(entry)
    return Clocks(teller.told(), teller.fired)


class _Teller:
    """Walks along a journal and tells each clock what concerns it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.tracks: dict[str, Track] = {}
        self.fired: Fired = set()
        #: What a promise's clock would have heard so far, were it there.
        self.heard: dict[Promise, list[Event]] = {promise: [] for promise in Promise}
        self.agreement_id: int | None = None
        self.kind, self.priority = Kind.INCIDENT, Priority.LOW
        self.tier, self.state = Tier.SERVICEDESK, State.NEW
        #: Whether it has been with a superbruger, and how long the guideline lets it be there.
        self.was_local = False
        self.local: str | None = None
        self.team_id: int | None = None
        self.supplier_id: int | None = None
        self.is_answered = False
        #: The user wrote again after the first answer.
        self.has_asked = False

    def take(self, entry: Happening) -> None:
        aimed = self._aims
        self._learn(entry)
        for promise in Promise:
            state = self._promise_state(promise, entry)
            if state is not None:
                self._hear(promise, entry.at, state)
        if aimed != self._aims or entry.kind is EntryKind.FILED:
            self._aim(entry.at)
        self._follow_holders(entry)
        self.was_local = self.was_local or self.tier is Tier.LOCAL

    @property
    def _aims(self) -> tuple[object, ...]:
        """What targets hang on."""
        return (self.agreement_id, self.kind, self.priority, self.local)

    def _learn(self, entry: Happening) -> None:
        data, self.state = entry.data, entry.state
        if entry.kind is EntryKind.FILED:
            self.kind, self.priority = Kind(data["kind"]), Priority(data["priority"])
            self.agreement_id = data.get("agreement_id")
        elif entry.kind is EntryKind.CHANGED:
            self.kind = Kind(data["kind"][1]) if "kind" in data else self.kind
            self.priority = Priority(data["priority"][1]) if "priority" in data else self.priority
            self.agreement_id = data["agreement_id"][1] if "agreement_id" in data else self.agreement_id
        elif entry.kind is EntryKind.AGREED:
            self.agreement_id = data["agreement_id"]
        if "tier" in data:
            self.tier, self.local = Tier(data["tier"]), data.get("local", self.local)
        if "team_id" in data:
            self.team_id = data["team_id"]
        if entry.kind is EntryKind.WAITING:
            self.supplier_id = data.get("supplier_id") if entry.state is State.WAITING_SUPPLIER else None
        elif entry.state is not State.WAITING_SUPPLIER:
            self.supplier_id = None

    # -------------------------------------------------------------------------------- clocks of the agreement

    def _promise_state(self, promise: Promise, entry: Happening) -> str | None:
        """What the entry means to that clock; None when nothing."""
        if promise is Promise.RESPONSE:
            return self._response(entry)
        if promise is Promise.RESOLUTION:
            return _stance(entry)
        if promise is Promise.UPDATE:
            return self._update(entry)
        stance = _stance(entry)
        if self.tier is Tier.LOCAL or stance in _OVER:
            return stance
        return "passed_on" if self.was_local else "elsewhere"

    def _response(self, entry: Happening) -> str | None:
        if is_answer(entry):
            self.is_answered = True
        if self.is_answered:
            return "answered" if is_answer(entry) or entry.kind is EntryKind.UNMERGED else None
        stance = _stance(entry)
        return stance if stance in _ENDINGS else "new"

    def _update(self, entry: Happening) -> str | None:
        stance = _stance(entry)
        if stance in _ENDINGS:
            return stance
        if is_answer(entry):
            return "answered" if self.has_asked else None
        if self.is_answered and is_users_word(entry):
            self.has_asked = True
            return "asked"
        return "quiet" if entry.kind is EntryKind.FILED else None

    def _hear(self, promise: Promise, at: datetime, state: str) -> None:
        self.heard[promise].append(Event(at, state))
        if track := self.tracks.get(promise.value):
            track.say(at, state)

    def _aim(self, at: datetime) -> None:
        """The targets of the present agreement, kind and priority."""
        for promise in Promise:
            target = self._target(promise)
            track = self.tracks.get(promise.value)
            if track is None and target is not None:
                self.tracks[promise.value] = self._begun(promise, target, at)
            elif track is not None and target is None:
                track.say(at, "withdrawn")
            elif track is not None and target is not None:
                if track.state == "withdrawn":
                    track.say(at, self._last_heard(promise))
                track.aim(at, target)

    def _target(self, promise: Promise) -> Target | None:
        if promise is Promise.LOCAL and self.local is not None:
            return self.book.local_target(self.agreement_id, self.local)
        return self.book.target(self.agreement_id, promise, self.kind, self.priority)

    def _begun(self, promise: Promise, target: Target, at: datetime) -> Track:
        """A clock that begins with a change counts from there, or from the filing, as the agreement says."""
        heard = self.heard[promise]
        track = Track(target)
        for one in heard if target.on_change == "filing" else [Event(at, self._last_heard(promise))]:
            track.say(one.at, one.state or "")
        return track

    def _last_heard(self, promise: Promise) -> str:
        return next((one.state for one in reversed(self.heard[promise]) if one.state), "new")

    # -------------------------------------------------------------------------------- those who hold it for a while

    def _follow_holders(self, entry: Happening) -> None:
        stance = _stance(entry)
        holders = {f"ola:{self.team_id}"} if self.team_id is not None else set()
        if self.supplier_id is not None:
            holders.add(f"uc:{self.supplier_id}")
        for name in holders - self.tracks.keys():
            if stance not in _OVER and (target := self._holder_target(name, entry.at)):
                self.tracks[name] = Track(target)
        for name, track in self.tracks.items():
            if name.startswith("ola:"):
                is_over_or_asks = stance in _OVER or stance == State.WAITING_USER.value
                track.say(entry.at, stance if is_over_or_asks else "held" if name in holders else "elsewhere")
            elif name.startswith("uc:"):
                track.say(entry.at, stance if stance in _OVER else "held" if name in holders else "elsewhere")

    def _holder_target(self, name: str, at: datetime) -> Target | None:
        what, _, key = name.partition(":")
        find = self.book.team_target if what == "ola" else self.book.supplier_target
        return find(int(key), self.kind, self.priority, at)

    def told(self) -> dict[str, Track]:
        return {name: self._without_withdrawn(name, track) for name, track in self.tracks.items()}

    def _without_withdrawn(self, name: str, track: Track) -> Track:
        """A team's or supplier's agreement ends on its own date, whatever the ticket does."""
        what, _, key = name.partition(":")
        if what not in ("ola", "uc"):
            return track
        at = self.book.withdrawn_at(**{"team_id" if what == "ola" else "supplier_id": int(key)})
        if at is None or not track.events or at < track.events[0].at:
            return track
        return Track(track.target, [*(one for one in track.events if one.at <= at), Event(at, "withdrawn")])


_ENDINGS = frozenset({"cancelled", "merged", "withdrawn"})
_OVER = _ENDINGS | {"resolved", "closed"}


def _stance(entry: Happening) -> str:
    """The ticket's state as clocks know it: merged is not closed."""
    return "merged" if entry.kind is EntryKind.MERGED else entry.state.value


def is_answer(entry: Happening) -> bool:
    """Staff told the user something that the user can see. Receipts, notes and changes of state are no answer."""
    match entry.kind:
        case EntryKind.REPLIED:
            return bool(entry.data["is_answer"])
        case EntryKind.WAITING:
            return entry.state is State.WAITING_USER and bool(entry.data.get("body"))
        case _:
            return entry.kind is EntryKind.RESOLVED


def is_users_word(entry: Happening) -> bool:
    """The user wrote something that waits for an answer."""
    if entry.kind is EntryKind.REPLIED:
        return not entry.data["is_answer"]
    return entry.kind is EntryKind.REOPENED
