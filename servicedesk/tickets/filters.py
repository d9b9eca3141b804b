"""What a list of tickets is narrowed and ordered by; its address is the view, so it reads from one and writes one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any, Protocol, Self, TypeVar

from servicedesk.tickets import marks
from servicedesk.tickets.workflow import Cause, Kind, Priority, State, Tier

#: Instead of an id: the person who looks, and nobody.
ME, NOBODY = "me", "none"

E = TypeVar("E", bound=Enum)

#: A search is no longer.
MOST_SIGNS = 400

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """How a list is sorted; a leading "-" is newest first."""

    PRIORITY = "priority"
    #: What is due first, first.
    DUE = "due"
    FILED = "filed"
    NEWEST = "-filed"
    UPDATED = "-updated"
    OLDEST_CHANGE = "updated"


class Course(StrEnum):
    """How a ticket has fared with superbrugere."""

    #: Has been there at all.
    THERE = "there"
    #: Was solved there.
    SOLVED = "solved"
    #: Was passed on to the servicedesk, by whomever.
    PASSED_ON = "passed_on"
    #: Was reopened before anybody had passed it on.
    REOPENED = "reopened"


@dataclass(frozen=True)
class Span:
    """Between two instants, the second left out; without one it has no end on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def __str__(self) -> str:
        return "..".join(f"{at:%Y-%m-%dT%H:%MZ}" if at else "" for at in (self.start, self.end))

    @property
    def is_all(self) -> bool:
        return self.start is None and self.end is None

    @classmethod
    def read(cls, text: str | None) -> Self:
        """From an address; what makes no sense is no end."""
        start, _, end = (text or "").partition("..")
        return cls(_minute(start), _minute(end))


def _minute(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


class Query(Protocol):
    """The query part of an address, with several values to a name."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Empty means everything; several values of one field are alternatives, several fields hold together."""

    states: tuple[State, ...] = ()
    #: With no states chosen: only what still has work in it.
    only_open: bool = True
    kinds: tuple[Kind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    tiers: tuple[Tier, ...] = ()
    #: Ids as text, or ME and NOBODY where that makes sense.
    teams: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    systems: tuple[int, ...] = ()
    unanswered: bool = False
    #: Only what is overdue or falls due soon; `soon.told` says what that is.
    soon: bool = False
    #: Follows from `soon` and the time; never part of an address.
    due_before: datetime | None = None
    #: Who filed it, or whom it is about.
    people: tuple[int, ...] = ()
    #: How it has fared with superbrugere, and which of them did it.
    courses: tuple[Course, ...] = ()
    helpers: tuple[int, ...] = ()
    #: Why the help was needed.
    causes: tuple[Cause, ...] = ()
    #: What else is known of it, such as "unit-12"; see marks.py.
    marks: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    filed: Span = Span()
    updated: Span = Span()
    #: What is written in it, as in a search.
    words: str = ""
    order: Order = Order.PRIORITY

    @classmethod
    def read(cls, query: Query) -> Self:
        """From an address; what makes no sense is left out rather than refused, as people share and edit links."""
        chosen = query.getlist("show")
        return cls(
            states=_members(State, query.getlist("state")),
            only_open="all" not in chosen,
            kinds=_members(Kind, query.getlist("kind")),
            priorities=_members(Priority, _whole(query.getlist("priority"))),
            tiers=_members(Tier, query.getlist("tier")),
            teams=_ids_or(query.getlist("team"), ME, NOBODY),
            assignees=_ids_or(query.getlist("assignee"), ME, NOBODY),
            units=_whole(query.getlist("unit")),
            systems=_whole(query.getlist("system")),
            unanswered="unanswered" in chosen,
            soon="soon" in chosen,
            people=_whole(query.getlist("person")),
            courses=_members(Course, query.getlist("local")),
            helpers=_whole(query.getlist("helper")),
            causes=_members(Cause, query.getlist("cause")),
            marks=marks.known(query.getlist("mark")),
            ids=_whole(query.getlist("number")),
            filed=Span.read(next(iter(query.getlist("filed")), None)),
            updated=Span.read(next(iter(query.getlist("updated")), None)),
            words=" ".join(" ".join(query.getlist("q")).replace("\x00", "").split())[:MOST_SIGNS],
            order=next(iter(_members(Order, query.getlist("sort"))), Order.PRIORITY),
        )

    def address(self, **others: Any) -> dict[str, Any]:
        """The values that `read` would read back, with further ones beside them; for url_for."""
        shown = (("all", not self.only_open), ("unanswered", self.unanswered), ("soon", self.soon))
        show = [word for word, wanted in shown if wanted]
        values = {
            "state": [state.value for state in self.states],
            "show": show,
            "kind": [kind.value for kind in self.kinds],
            "priority": [int(priority) for priority in self.priorities],
            "tier": [tier.value for tier in self.tiers],
            "team": list(self.teams),
            "assignee": list(self.assignees),
            "unit": list(self.units),
            "system": list(self.systems),
            "person": list(self.people),
            "local": [course.value for course in self.courses],
            "helper": list(self.helpers),
            "cause": [cause.value for cause in self.causes],
            "mark": list(self.marks),
            "number": list(self.ids),
            "filed": None if self.filed.is_all else str(self.filed),
            "updated": None if self.updated.is_all else str(self.updated),
            "q": self.words,
            "sort": self.order.value if self.order is not Order.PRIORITY else None,
            **others,
        }
        return {name: value for name, value in values.items() if value not in (None, [], "")}

    def without(self, field: str, value: Any) -> Self:
        """The same without one of the chosen values."""
        current = getattr(self, field)
        is_several = isinstance(current, tuple)
        fewer: Any = tuple(one for one in current if one != value) if is_several else type(current)()
        return replace(self, **{field: fewer})


@dataclass(frozen=True)
class Place:
    """A row's place in an ordered list: the page after it begins there, whatever is filed meanwhile."""

    at: datetime
    id: int
    priority: int = 0

    def __str__(self) -> str:
        return f"{self.priority}.{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """From an address; None for the beginning, and for what makes no sense."""
        parts = (text or "").split(".")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):
            return None
        priority, micros, id_ = (int(part) for part in parts)
        try:
            at = _EPOCH + timedelta(microseconds=micros)
        except OverflowError:
            return None
        return cls(at, id_, priority)


def _members(kind: type[E], values: Iterable[Any]) -> tuple[E, ...]:
    known: Mapping[Any, E] = {member.value: member for member in kind}
    return tuple(dict.fromkeys(known[value] for value in values if value in known))


def _whole(values: Iterable[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(value) for value in values if value.isdecimal() and len(value) < 19))


def _ids_or(values: Iterable[str], *words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value in words or (value.isdecimal() and len(value) < 19)))
