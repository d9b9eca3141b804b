"""How well systems have run, for a reader: a line for each, and the history of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import floor
from typing import NamedTuple

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.formats import decimal_sign
from servicedesk.core.language import language
from servicedesk.systems import queries
from servicedesk.systems.availability import Figures, Piece, Stretch, figures, strip
from servicedesk.systems.hours import ROUND_THE_CLOCK, service_hours
from servicedesk.systems.models import System
from servicedesk.systems.rules import DisturbanceKind
from sla import Calendar

#: Days that people may look back; the overview tells of the first.
PERIODS = (30, 90, 365)
USUAL = 90
#: A longer period than this is shown by weeks.
_BY_DAYS = 90


class Line(NamedTuple):
    """A system on the overview."""

    id: int
    name: str
    #: What is wrong with it now: a disturbance before maintenance.
    trouble: DisturbanceKind | None
    #: How much of the last thirty days it ran, such as "99,95"; empty when none of it was promised.
    share: str


def lines(who: Actor, lately: queries.Lately, now: datetime) -> list[Line]:
    """By name. What was told `lately` was found for the same person."""
    troubles: dict[int, DisturbanceKind] = {}
    for one in lately.running:
        for system in one.systems:
            troubles.setdefault(system.id, one.kind)
    found, told = queries.named_systems(who), lately.stretches
    hours = {customer_id: service_hours(customer_id, now) for customer_id in {one.customer_id for one in found}}
    known = tuple((id_, hours[customer](id_), tuple(told[id_])) for id_, _, customer in found if id_ in told)
    shares, whole = _shares(known, now.replace(second=0, microsecond=0), language()), percent(Figures(timedelta(1)))
    return [Line(id_, name, troubles.get(id_), shares.get(id_, whole)) for id_, name, _ in found]


# People look all day long, and what they see hangs on what is told here alone: reckoned once a minute.
@lru_cache(maxsize=200)
def _shares(
    known: tuple[tuple[int, Calendar, tuple[Stretch, ...]], ...], until: datetime, _language: str | None
) -> Mapping[int, str]:
    """By system, how much of the last thirty days it ran; of those of which something was told."""
    since = _begin(_today(until), PERIODS[0])
    opened = {hours: hours.between(since, until) for hours in {hours for _, hours, _ in known}}
    return {id_: percent(_wrong(told, hours, since, until, opened[hours])) for id_, hours, told in known}


def _wrong(told: tuple[Stretch, ...], hours: Calendar, since: datetime, now: datetime, opened: timedelta) -> Figures:
    """The figures until now. What came of stretches that are all over stays as it is, and is reckoned once."""
    ends = max(one.over_at or now for one in told)
    if ends >= now:
        return figures(told, hours, since, now, opened=opened)
    return replace(_over(told, hours, since, ends), opened=opened)


@lru_cache(maxsize=5_000)
def _over(told: tuple[Stretch, ...], hours: Calendar, since: datetime, ends: datetime) -> Figures:
    return figures(told, hours, since, ends)


class Day(NamedTuple):
    """A piece of a strip in which something was wrong or planned, for the list below it."""

    first: date
    last: date
    down: timedelta
    planned: timedelta


class History(NamedTuple):
    """How one system has run."""

    #: Days looked back, with their figures and the share in words.
    totals: Sequence[tuple[int, Figures, str]]
    days: int
    #: Each piece of the strip: how it looks, and its first day.
    pieces: Sequence[tuple[str, date]]
    troubled: Sequence[Day]
    is_by_weeks: bool
    is_round_the_clock: bool


def history(system: System, days: int | None, who: Actor, now: datetime) -> History:
    """Over one of PERIODS; anything else counts as the usual one."""
    period = days if days in PERIODS else USUAL
    today, hours = _today(now), service_hours(system.customer_id, now)(system.id)
    told = queries.stretches(who, _begin(today, max(PERIODS)), now, system.id).get(system.id, [])
    pieces = strip(told, hours, _edges(today, period, now))
    return History(
        totals=[_total(told, hours, today, some, now) for some in PERIODS],
        days=period,
        pieces=[(_look(piece.figures), _local_date(piece.starts_at)) for piece in pieces],
        troubled=[_day(one) for one in reversed(pieces) if one.figures.down or one.figures.planned],
        is_by_weeks=period > _BY_DAYS,
        is_round_the_clock=hours is ROUND_THE_CLOCK,
    )


def _total(told: Sequence[Stretch], hours: Calendar, today: date, days: int, now: datetime) -> tuple[int, Figures, str]:
    found = figures(told, hours, _begin(today, days), now)
    return days, found, percent(found)


def percent(found: Figures) -> str:
    """In the reader's language, rounded down: nothing is whole that was not."""
    share = found.share
    if share is None:
        return ""
    hundredths = floor(share * 10_000 + 1e-6) if found.down else 10_000
    whole, rest = divmod(min(hundredths, 9_999 if found.down else 10_000), 100)
    return f"{whole}{decimal_sign()}{rest:02}" if rest else str(whole)


def _look(found: Figures) -> str:
    """What a piece shows: half of it or more down, less, only planned, closed, or well."""
    if found.down:
        return "down" if found.down * 2 >= found.promised else "partly"
    if found.planned:
        return "planned"
    return "well" if found.opened else "closed"


def _day(piece: Piece) -> Day:
    last = _local_date(piece.ends_at - timedelta(microseconds=1))
    return Day(_local_date(piece.starts_at), last, piece.figures.down, piece.figures.planned)


def _edges(today: date, days: int, now: datetime) -> list[datetime]:
    """Midnights on the wall, every day's or every seventh, and the present."""
    step = 7 if days > _BY_DAYS else 1
    first = today - timedelta(days=days - 1)
    return [*(clock.day_begins(first + timedelta(days=past)) for past in range(0, days, step)), now]


def _begin(today: date, days: int) -> datetime:
    return clock.day_begins(today - timedelta(days=days - 1))


def _today(now: datetime) -> date:
    return _local_date(now)


def _local_date(at: datetime) -> date:
    return at.astimezone(clock.own_zone()).date()
