"""Planned maintenance as a calendar that other programs fetch (RFC 5545).

An entry keeps its UID for ever and counts its changes in SEQUENCE, so that a calendar shows the latest; what was called
off stays a while as cancelled, for else calendars would keep it. Times are in UTC.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from servicedesk.core.language import gettext as _
from servicedesk.systems.models import Disturbance
from servicedesk.systems.queries import Planned

#: How often a calendar should look.
REFRESH = timedelta(hours=4)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def written(planned: Iterable[Planned], name: str, host: str, address: Callable[[Disturbance], str]) -> bytes:
    """`address` answers where a piece of maintenance is to be seen."""
    calendar = Calendar()
    calendar.add("prodid", "-//Servicedesk//Driftsstatus//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plain(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in planned:
        calendar.add_component(_event(one, host, address(one.disturbance)))
    text: bytes = calendar.to_ical()
    return text


def _event(one: Planned, host: str, address: str) -> Event:
    row, event = one.disturbance, Event()
    names = ", ".join(system.name for system in row.systems)
    event.add("uid", f"maintenance-{row.id}@{host}")
    event.add("sequence", one.version)
    event.add("dtstamp", one.changed_at)
    event.add("created", row.made_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", row.starts_at)
    event.add("dtend", max(row.over_at, row.starts_at))
    event.add("summary", plain(_("Servicevindue: %(systems)s", systems=names)))
    event.add("description", plain("\n\n".join(text for text in (row.message, row.advice, row.outcome) if text)))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    is_called_off = row.ended_at is not None and row.ended_at <= row.starts_at
    event.add("status", "CANCELLED" if is_called_off else "CONFIRMED")
    return event


def plain(text: str) -> str:
    """Without signs that nobody sees and no calendar may hold; line breaks and tabs stay."""
    kept = "\n".join(text.splitlines())
    return "".join(sign for sign in kept if sign in "\n\t" or unicodedata.category(sign) not in _UNSEEN)
