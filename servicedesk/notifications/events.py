"""What people can be told about. A capability declares its events; each person chooses how to hear of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from servicedesk.core.actor import Actor
from servicedesk.core.language import gettext, ngettext
from servicedesk.notifications.models import ByMail

#: Puts an event into words from a notice's facts, in the reader's language.
Words = Callable[[Mapping[str, Any]], str]


def everybody(_who: Actor) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that can happen, and how people hear of it who have not chosen otherwise."""

    #: Kept in the database: never changed.
    key: str
    #: What it is called where people choose.
    label: LazyString
    #: Heading of the events among which it stands there.
    group: LazyString
    words: Words
    #: The same of several things at once, from `count` and who did it; without it they are said to be news.
    many: Words | None = None
    in_bell: bool = True
    by_mail: ByMail = ByMail.NOW
    #: Its mails do not wait for the end of quiet hours.
    is_urgent: bool = False
    #: Who did it is mailed too, and the mail is the first of its conversation.
    is_receipt: bool = False
    #: Who still hears of it when it comes to be told: it was for somebody in a part that he or she may have left.
    still_for: Callable[[Actor], bool] = everybody
    #: To whom it can happen.
    is_for: Callable[[Actor], bool] = everybody


_events: dict[str, Event] = {}


def declare(*events: Event) -> None:
    _events.update({event.key: event for event in events})


def get(key: str) -> Event:
    """Raises KeyError."""
    return _events[key]


def is_still_for(key: str, reader: Actor) -> bool:
    """Whether the reader is told of it; of an event that is not known, yes."""
    event = _events.get(key)
    return event is None or event.still_for(reader)


def offered(who: Actor) -> dict[str, list[Event]]:
    """What can happen to `who`, by group, as declared."""
    groups: dict[str, list[Event]] = {}
    for event in _events.values():
        if event.is_for(who):
            groups.setdefault(str(event.group), []).append(event)
    return groups


def said(key: str, facts: Mapping[str, Any]) -> str:
    """The event in the reader's language; of an event that is told no longer, that there is news."""
    event = _events.get(key)
    return event.words(facts) if event else gettext("Der er nyt")


def said_of_many(key: str | None, count: int, facts: Mapping[str, Any]) -> str:
    """That the event has happened to so many things, or that there is news about them."""
    event = _events.get(key or "")
    if event is not None and event.many is not None:
        return event.many({**facts, "count": count})
    return ngettext("%(num)s nyhed til dig", "%(num)s nyheder til dig", count)


def by_whom(known: str, unknown: str) -> Words:
    """Words for an event that says in `by` who did it, unless that is a secret. Both are message ids."""

    def words(facts: Mapping[str, Any]) -> str:
        return gettext(known, by=facts["by"]) if facts.get("by") else gettext(unknown)

    return words
