"""What is promised, a sentence for each priority."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from servicedesk.agreements.book import Book, Version
from servicedesk.agreements.promises import is_always
from servicedesk.agreements.terms import Goal, Kind, Priority, Terms
from servicedesk.agreements.words import amount_in_words, length_in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from sla import OpenTime
from sla.target import Length

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Sentence(NamedTuple):
    """A priority and what is promised for it."""

    priority: Priority
    words: str


class Promises(NamedTuple):
    """What an agreement promises, for tickets of one kind or of every kind (None)."""

    kind: Kind | None
    sentences: list[Sentence]
    #: When somebody who writes again has an answer, where that is the same whatever it is about.
    again: str = ""


class Agreed(NamedTuple):
    """An agreement as everybody reads it; with systems, it is about those alone."""

    id: int
    name: str
    systems: list[str]
    promises: list[Promises]


def agreed(version: Version, book: Book, on: date, names: Mapping[int, str]) -> Agreed:
    return Agreed(
        version.agreement_id,
        version.name,
        [name for id_, name in names.items() if id_ in version.terms.systems],
        promises(version.terms, book, on),
    )


def promises(terms: Terms, book: Book, on: date) -> list[Promises]:
    """By kind only where it makes a difference."""
    incidents, requests = (_of_kind(terms, kind, book, on) for kind in (Kind.INCIDENT, Kind.REQUEST))
    if incidents[1:] == requests[1:]:
        return [incidents._replace(kind=None)] if incidents.sentences or incidents.again else []
    return [one for one in (incidents, requests) if one.sentences or one.again]


def _of_kind(terms: Terms, kind: Kind, book: Book, on: date) -> Promises:
    goals = ((priority, terms.goal(kind, priority)) for priority in Priority)
    told = [(priority, *_of_goal(goal, terms, book, on)) for priority, goal in goals if goal is not None]
    said = {again for _priority, _words, again in told}
    common = said.pop() if len(said) == 1 else ""
    own = [(priority, words if common else f"{words} {again}".strip()) for priority, words, again in told]
    return Promises(kind, [Sentence(priority, words) for priority, words in own if words], common)


def _of_goal(goal: Goal, terms: Terms, book: Book, on: date) -> tuple[str, str]:
    """What is promised to whoever writes, and to whoever writes again."""
    key = terms.calendar if goal.calendar is None else goal.calendar
    if is_always(book.calendars[key], on):
        return _round_the_clock(goal), _again(plain(goal.update) if goal.update else "")
    hours = "" if key == terms.calendar else book.names[key]
    return _in_opening_hours(goal, hours), _again(_in_hours(goal.update, hours) if goal.update else "")


def _again(update: str) -> str:
    return _("Skriver du igen, svarer vi inden %(update)s.", update=update) if update else ""


def _in_opening_hours(goal: Goal, hours: str) -> str:
    if goal.response and goal.resolution:
        # The hours are said once, where both are counted in them.
        is_same = isinstance(goal.response, OpenTime) and isinstance(goal.resolution, OpenTime)
        response = plain(goal.response) if is_same else _in_hours(goal.response, hours)
        told = {"response": response, "resolution": _in_hours(goal.resolution, hours)}
        return _("Vi svarer inden %(response)s og løser det inden %(resolution)s.", **told)
    if goal.response:
        return _("Vi svarer inden %(response)s.", response=_in_hours(goal.response, hours))
    return (
        _("Vi løser det inden %(resolution)s.", resolution=_in_hours(goal.resolution, hours)) if goal.resolution else ""
    )


def _round_the_clock(goal: Goal) -> str:
    if goal.response and goal.resolution:
        told = {"response": plain(goal.response), "resolution": plain(goal.resolution)}
        return _("Vi svarer inden %(response)s og løser det inden %(resolution)s, døgnet rundt.", **told)
    if goal.response:
        return _("Vi svarer inden %(response)s, døgnet rundt.", response=plain(goal.response))
    if goal.resolution:
        return _("Vi løser det inden %(resolution)s, døgnet rundt.", resolution=plain(goal.resolution))
    return ""


def _in_hours(length: Length, hours: str) -> str:
    """Working days say themselves when they are; open time is counted in the opening hours, or in others by name."""
    if not isinstance(length, OpenTime):
        return plain(length)
    if hours:
        return _("%(length)s (%(calendar)s)", length=plain(length), calendar=hours)
    return _("%(length)s i åbningstiden", length=plain(length))


def plain(length: Length) -> str:
    """A length without abbreviations: "30 minutter", "4 timer", "2 arbejdsdage"."""
    if not isinstance(length, OpenTime):
        return length_in_words(length)
    if length.amount < HOUR:
        return ngettext("%(num)s minut", "%(num)s minutter", length.amount // MINUTE)
    return amount_in_words(length.amount)
