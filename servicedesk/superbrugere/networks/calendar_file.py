"""Meetings as calendars read them (RFC 5545, 5546): an invitation by mail, and a calendar that is fetched.

A meeting keeps its UID for ever and counts its changes in SEQUENCE; one that is called off is sent as CANCEL, and stays
in the fetched calendar a while as cancelled. Times are in UTC.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from icalendar import Calendar, Event, vCalAddress, vText

from servicedesk.systems.calendar_file import REFRESH, plain

#: Is never reached: it makes the UID one of ours.
HOST = "superbrugere.servicedesk"


class Occasion(Protocol):
    """Something that people come to: a meeting, or a course."""

    @property
    def uid(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def agenda(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


Each = TypeVar("Each", bound=Occasion)


def invitation(meeting: Occasion, *, organiser: tuple[str, str] | None, to: tuple[str, str]) -> dict[str, str]:
    """For a mail to one member: method and text; people are name and address."""
    method = "CANCEL" if meeting.cancelled_at else "REQUEST"
    calendar, event = _calendar(method), _event(meeting)
    # Without somebody to answer, it is only told.
    if organiser is None:
        calendar["method"] = vText("PUBLISH")
    else:
        event["organizer"] = _address(*organiser)
        attendee = _address(*to)
        attendee.params["RSVP"], attendee.params["PARTSTAT"] = vText("TRUE"), vText("NEEDS-ACTION")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return {"method": str(calendar["method"]), "text": _text(calendar)}


def written(meetings: Iterable[Each], name: str, address: Callable[[Each], str]) -> str:
    """A calendar to fetch; `address` answers where a meeting is to be seen."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", plain(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in meetings:
        event = _event(one)
        event.add("url", address(one))
        calendar.add_component(event)
    return _text(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Servicedesk//Superbrugere//DA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(meeting: Occasion) -> Event:
    event = Event()
    event.add("uid", f"{meeting.uid}@{HOST}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("created", meeting.made_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", plain(meeting.title))
    event.add("location", plain(meeting.place))
    event.add("description", plain(meeting.agenda))
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = vText(plain(name))
    return address


def _text(calendar: Any) -> str:
    text: bytes = calendar.to_ical()
    return text.decode()
