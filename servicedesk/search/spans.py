"""Times as people write them in a search: ">2026-01-01", "<7d", "2026-02", "1.2.2026..14.2.2026", "i dag"."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from servicedesk.tickets.filters import Span

_AGE = re.compile(r"([<>]?)=?\s*(\d{1,4})\s*([hdwtu])", re.IGNORECASE)
#: Hours, days, weeks; "t" and "u" as in timer and uger.
_UNITS = {"h": timedelta(hours=1), "t": timedelta(hours=1), "d": timedelta(days=1)}
_UNITS |= {"w": timedelta(weeks=1), "u": timedelta(weeks=1)}
_WORDS = {"today": 0, "i dag": 0, "idag": 0, "yesterday": -1, "i går": -1, "igår": -1}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DANISH_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./-](\d{4})")


def span_of(text: str, now: datetime, zone: ZoneInfo) -> list[Span]:
    """The span meant, in a list of its own; nothing when it cannot be read."""
    text = text.strip().casefold()
    try:
        found = _age(text, now) or _between(text, now, zone)
    except (ValueError, OverflowError):  # the 31st of February, the year 0, ten thousand weeks ago
        return []
    return [found] if found else []


def _age(text: str, now: datetime) -> Span | None:
    """Younger than, with "<" or nothing; older than, with ">"."""
    age = _AGE.fullmatch(text)
    if age is None:
        return None
    since = (now - int(age[2]) * _UNITS[age[3]]).replace(second=0, microsecond=0)
    return Span(end=since) if age[1] == ">" else Span(start=since)


def _between(text: str, now: datetime, zone: ZoneInfo) -> Span | None:
    if ".." in text:
        first, _, last = text.partition("..")
        start, end = _days(first, now, zone), _days(last, now, zone)
        if (first and start is None) or (last and end is None) or not (first or last):
            return None
        return Span(_midnight(start[0], zone) if start else None, _midnight(end[1], zone) if end else None)
    sign = text[: len(text) - len(text.lstrip("<>="))]
    days = _days(text[len(sign) :], now, zone)
    if days is None or sign not in _SIGNS:
        return None
    first_day, after = (_midnight(day, zone) for day in days)
    return {
        "": Span(first_day, after),
        "=": Span(first_day, after),
        ">": Span(start=after),
        ">=": Span(start=first_day),
        "<": Span(end=first_day),
        "<=": Span(end=after),
    }[sign]


_SIGNS = ("", "=", ">", ">=", "<", "<=")


def _days(text: str, now: datetime, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first day meant, and the day after the last: of a day, a month or a year."""
    text = text.strip()
    if text in _WORDS:
        day = now.astimezone(zone).date() + timedelta(days=_WORDS[text])
        return day, day + timedelta(days=1)
    if danish := _DANISH_DATE.fullmatch(text):
        day = date(int(danish[3]), int(danish[2]), int(danish[1]))
        return day, day + timedelta(days=1)
    if not (found := _DATE.fullmatch(text)):
        return None
    year, month, day_of_month = int(found[1]), found[2], found[3]
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day_of_month is None:
        return date(year, int(month), 1), date(year + int(month) // 12, int(month) % 12 + 1, 1)
    day = date(year, int(month), int(day_of_month))
    return day, day + timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
