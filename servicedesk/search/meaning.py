"""What a search means for a person: names become the things they stand for, as far as the person knows of them.

A name that stands for nothing, and one that stands for something hidden, are told in the same words, and both find
nothing: there is no learning here what there is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.core.actor import Actor
from servicedesk.core.labels import in_words
from servicedesk.core.words import fold
from servicedesk.organisation.choosing import choose
from servicedesk.organisation.policy import PersonPermission
from servicedesk.search.grammar import Asked, Field
from servicedesk.search.spans import span_of
from servicedesk.tickets import choices
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order
from servicedesk.tickets.finding import number_in
from servicedesk.tickets.workflow import Kind, Priority, State


class Unclear(NamedTuple):
    """A value that stands for nothing that the person knows of."""

    field: Field
    value: str


@dataclass(frozen=True)
class Meaning:
    """A search as a list of tickets is narrowed by it."""

    filters: Filters
    unclear: tuple[Unclear, ...] = ()
    #: Whether anything but words was asked for.
    has_conditions: bool = False

    @property
    def finds_nothing(self) -> bool:
        return bool(self.unclear)


@dataclass
class _Reader:
    """Gathers what the values of each field stand for."""

    who: Actor
    asked: Asked
    unclear: list[Unclear] = field(default_factory=list)

    def each(self, about: Field, find: Callable[[str], Iterable[Any]]) -> tuple[Any, ...]:
        found: list[Any] = []
        for value in self.asked.values(about):
            meant = list(find(value))
            found += meant
            if not meant:
                self.unclear.append(Unclear(about, value))
        return tuple(dict.fromkeys(found))


def mean(asked: Asked, who: Actor, *, now: datetime, zone: ZoneInfo) -> Meaning:
    """What `asked` stands for."""
    reader = _Reader(who, asked)
    states = reader.each(Field.STATUS, _states)
    spans = {
        about: reader.each(about, lambda value: span_of(value, now, zone)) for about in (Field.FILED, Field.UPDATED)
    }
    filters = Filters(
        words=asked.words,
        only_open=_Group.OPEN in states,
        states=() if _Group.ALL in states else tuple(one for one in states if isinstance(one, State)),
        kinds=reader.each(Field.KIND, lambda value: _members(value, Kind, _KINDS)),
        priorities=reader.each(Field.PRIORITY, lambda value: _members(value, Priority, _PRIORITIES)),
        teams=reader.each(Field.TEAM, lambda value: _team(value, who)),
        assignees=reader.each(Field.ASSIGNEE, lambda value: _assignee(value, who)),
        people=reader.each(Field.FILER, lambda value: _people(value, who)),
        systems=reader.each(Field.SYSTEM, lambda value: _named(value, choices.systems_of(who, most=None))),
        units=reader.each(Field.UNIT, lambda value: _named(value, choices.units_of(who, most=None))),
        ids=reader.each(Field.NUMBER, lambda value: [] if (number := number_in(value)) is None else [number]),
        order=Order.NEWEST,
    )
    if filters.states and filters.only_open:
        filters = replace(filters, states=tuple(dict.fromkeys((*_STILL_OPEN, *filters.states))))
    for about, found in spans.items():
        if found:
            filters = replace(filters, **{about.value: found[0]})
    return Meaning(filters, tuple(reader.unclear), bool(asked.conditions))


class _Group(Enum):
    """States that people speak of together; no text, or it would pass for the state of that name."""

    OPEN = 1
    ALL = 2


_STILL_OPEN = (State.NEW, State.OPEN, State.WAITING_USER, State.WAITING_SUPPLIER)
_STATES: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("open", "åben", "åbne"), (_Group.OPEN,)),
    **dict.fromkeys(("all", "alle"), (_Group.ALL,)),
    **dict.fromkeys(("waiting", "afventer", "venter"), (State.WAITING_USER, State.WAITING_SUPPLIER)),
    **dict.fromkeys(("working", "igang", "i gang"), (State.OPEN,)),
    **dict.fromkeys(("ended", "afsluttet", "afsluttede"), (State.CLOSED, State.CANCELLED)),
}
_KINDS: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("fejl", "error", "hændelse", "incident"), (Kind.INCIDENT,)),
    **dict.fromkeys(("bestilling", "anmodning", "serviceanmodning", "request"), (Kind.REQUEST,)),
}
_PRIORITIES: Mapping[str, tuple[Any, ...]] = {
    name: (priority,)
    for priority, danish in zip(Priority, ("kritisk", "høj", "middel", "lav"), strict=True)
    for name in (danish, priority.name.lower(), str(int(priority)))
}
_ME = frozenset(map(fold, ("me", "mig", "mine", "mit")))
_NOBODY = frozenset(map(fold, ("none", "ingen", "nobody", "intet")))


def _states(value: str) -> Iterable[Any]:
    # "open" is what has work in it; the state of that name is "under behandling", and is meant by it.
    return _members(value, State, _STATES)


def _members(value: str, kind: type[Enum], others: Mapping[str, tuple[Any, ...]]) -> Iterable[Any]:
    """The member of that name, in code, in the reader's language, or as people also say."""
    wanted = fold(value)
    for name, meant in others.items():
        if fold(name) == wanted:
            return meant
    return [one for one in kind if wanted in (fold(one.name), fold(one.name.replace("_", " ")), fold(in_words(one)))]


def _team(value: str, who: Actor) -> Iterable[str]:
    return _own(value) or [str(id_) for id_ in _named(value, choices.teams_of(who))]


def _assignee(value: str, who: Actor) -> Iterable[str]:
    return _own(value) or [str(id_) for id_ in _people(value, who)]


def _own(value: str) -> list[str]:
    wanted = fold(value)
    return [ME] if wanted in _ME else [NOBODY] if wanted in _NOBODY else []


def _people(value: str, who: Actor) -> list[int]:
    """Whoever has these initials, else all of that name, as far as `who` can find them."""
    if fold(value) in _ME:
        return [who.id] if who.id is not None else []
    found = choose(value, who, PersonPermission.FIND)
    exact = [person for person in found if person.initials == value.casefold()]
    return [person.id for person in exact or found]


def _named(value: str, known: Iterable[choices.Choice]) -> list[int]:
    """Those of exactly that name, else those whose name has a word that begins so."""
    wanted, names = fold(value), [(one.id, fold(one.name)) for one in known]
    exact = [id_ for id_, name in names if name == wanted]
    return exact or [id_ for id_, name in names if name.startswith(wanted) or f" {wanted}" in name]
