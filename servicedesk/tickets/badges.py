"""How a clock stands, as staff see it: a colour, a picture and few words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from servicedesk.agreements.book import Book
from servicedesk.core.formats import brief, on_weekday
from servicedesk.core.language import gettext as _
from servicedesk.tickets.models import TicketClock
from sla import Calendar, Reading, Why

#: The last so much of a clock's time is shown as near.
NEAR = 5
MINUTE = timedelta(minutes=1)


class Look(StrEnum):
    """What a badge looks like; see components/clock_badge.html."""

    RUNNING = "running"
    NEAR = "near"
    OVERDUE = "overdue"
    #: Running, while nobody is there.
    SHUT = "shut"
    #: On hold, which is something else: nothing counts, whoever is there.
    HELD = "held"
    MET = "met"
    LATE = "late"
    OVER = "over"


class Badge(NamedTuple):
    """A clock in a few words, and in fewer for a narrow column."""

    look: Look
    words: str
    short: str


@dataclass(frozen=True, kw_only=True)
class Face:
    """What a badge needs to know of a clock."""

    name: str
    is_running: bool
    is_breached: bool
    started_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    outcome: str | None
    calendar: Calendar | None
    #: What counted after the due time, and when it was reckoned.
    overrun: timedelta
    as_of: datetime
    #: Paused because somebody else has the ticket.
    is_elsewhere: bool = False

    @classmethod
    def of_row(cls, row: TicketClock, book: Book) -> Self:
        return cls(
            name=row.name,
            is_running=row.is_running,
            is_breached=row.breached_at is not None,
            started_at=row.started_at,
            paused_at=row.paused_at,
            ended_at=row.ended_at,
            due_at=row.due_at,
            outcome=row.outcome,
            calendar=book.calendars.get(row.hours_id) if row.hours_id is not None else None,
            overrun=timedelta(microseconds=row.overrun),
            as_of=row.as_of,
        )

    @classmethod
    def of_reading(cls, name: str, reading: Reading, now: datetime) -> Self:
        return cls(
            name=name,
            is_running=reading.is_running,
            is_breached=reading.breached_at is not None,
            started_at=reading.started_at,
            paused_at=_paused_since(reading) if reading.is_paused else None,
            ended_at=reading.ended_at,
            due_at=reading.due_at,
            outcome=reading.outcome,
            calendar=reading.target.calendar,
            overrun=reading.overrun,
            as_of=now,
            is_elsewhere=reading.state == "elsewhere",
        )


def _paused_since(reading: Reading) -> datetime | None:
    last = reading.segments[-1] if reading.segments else None
    if last is None:
        return reading.started_at
    return last.start if last.why is Why.PAUSED else last.end


def badge(face: Face, now: datetime) -> Badge | None:
    """None for a clock that has not begun, or waits for nothing."""
    if face.outcome is not None:
        return _finished(face)
    if face.paused_at is not None:
        return _held(face, face.paused_at)
    if not face.is_running or face.due_at is None:
        return None
    if now > face.due_at:
        return _overdue(face, face.due_at, now)
    return _running(face, face.due_at, now)


def _finished(face: Face) -> Badge:
    match face.outcome:
        case "met":
            return Badge(Look.MET, _("Nået"), _("Nået"))
        case "breached":
            late = face.overrun
            words = _("Nået %(amount)s for sent", amount=short_amount(late)) if late >= MINUTE else _("Nået for sent")
            return Badge(Look.LATE, words, _("For sent"))
        case "cancelled":
            return Badge(Look.OVER, _("Annulleret"), _("Annulleret"))
        case "merged":
            return Badge(Look.OVER, _("Lagt sammen med en anden"), _("Lagt sammen"))
        case _:
            return Badge(Look.OVER, _("Aftalen er trukket tilbage"), _("Trukket tilbage"))


def _held(face: Face, since: datetime) -> Badge:
    if face.is_elsewhere:
        words = _("Ikke hos dem siden %(at)s", at=brief(since))
    elif face.is_breached:
        words = _("Overskredet, på hold siden %(at)s", at=brief(since))
    else:
        words = _("På hold siden %(at)s", at=brief(since))
    return Badge(Look.HELD, words, _("På hold"))


def _overdue(face: Face, due_at: datetime, now: datetime) -> Badge:
    """Time on hold after the due time makes it no later."""
    late = face.overrun + _open_time(face.calendar, max(due_at, face.as_of), now)
    if late < MINUTE:
        return Badge(Look.OVERDUE, _("Overskredet"), _("Overskredet"))
    amount = short_amount(late)
    return Badge(Look.OVERDUE, _("Overskredet %(amount)s", amount=amount), _("%(amount)s over", amount=amount))


def _running(face: Face, due_at: datetime, now: datetime) -> Badge:
    left = _open_time(face.calendar, now, due_at)
    amount = short_amount(left)
    if face.calendar is not None and not face.calendar.is_open(now):
        opens = face.calendar.next_opening(now)
        words = _("Lukket nu, uret går igen %(at)s", at=on_weekday(opens))
        return Badge(Look.SHUT, words, _("Lukket nu, %(amount)s", amount=amount))
    words = _("%(amount)s tilbage", amount=amount)
    is_near = left * NEAR <= _open_time(face.calendar, face.started_at, due_at)
    return Badge(Look.NEAR if is_near else Look.RUNNING, words, words)


def _open_time(calendar: Calendar | None, start: datetime | None, end: datetime | None) -> timedelta:
    if start is None or end is None:
        return timedelta(0)
    return calendar.between(start, end) if calendar else end - start


def short_amount(amount: timedelta) -> str:
    """Time as it fits into a badge: "12 min.", "1 t. 20 min.", "42 t."; what is left of a minute counts as one."""
    hours, minutes = divmod(-(-amount // MINUTE), 60)
    if not hours:
        return _("%(minutes)s min.", minutes=minutes)
    if not minutes or hours >= 10:
        return _("%(hours)s t.", hours=hours)
    return _("%(hours)s t. %(minutes)s min.", hours=hours, minutes=minutes)


#: In a queue: what is asked for there, the answer first.
_IN_QUEUE = ("response", "update", "resolution")


def in_queue(rows: Iterable[TicketClock], books: Mapping[int, Book], now: datetime) -> list[tuple[str, Badge]]:
    """A ticket's badges in the queue: the answer while the user waits for one, and the solution."""
    by_name = {row.name: row for row in rows}
    shown: list[tuple[str, Badge]] = []
    for name in _IN_QUEUE:
        row = by_name.get(name)
        if row is None or (name != "resolution" and (row.outcome is not None or shown)):
            continue
        found = badge(Face.of_row(row, books[row.customer_id]), now)
        if found is not None:
            shown.append((_("Løsning") if name == "resolution" else _("Svar"), found))
    return shown
