"""Instants and sizes in the words of the reader's language and of the wall clock where the installation is."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from flask import current_app

from servicedesk.core import clock
from servicedesk.core.language import gettext, language


def when(at: datetime | None) -> str:
    """An instant as people write it: "23. nov. 2026 14.05"."""
    return "" if at is None else _when(at.replace(second=0, microsecond=0), _zone(), _locale())


def brief(at: datetime | None) -> str:
    """An instant in a narrow column: this year's with the time, "23. nov. 14.05", others by their date."""
    if at is None:
        return ""
    this_year = clock.now().astimezone(ZoneInfo(_zone())).year
    return _brief(at.replace(second=0, microsecond=0), this_year, _zone(), _locale())


def on_weekday(at: datetime | None) -> str:
    """An instant that people plan by: "mandag 9. mar. 08.00"."""
    return "" if at is None else _on_weekday(at.replace(second=0, microsecond=0), _zone(), _locale())


def wall_time(at: datetime) -> str:
    """The time of day: "08.00"."""
    return at.astimezone(ZoneInfo(_zone())).strftime("%H.%M" if _locale() == "da" else "%H:%M")


def here(at: datetime) -> datetime:
    """The instant on the wall clock where the installation is."""
    return at.astimezone(ZoneInfo(_zone()))


def day(on: date | None) -> str:
    """A date as people write it: "23. nov. 2026"."""
    return "" if on is None else _day(on, _locale())


def month(on: date) -> str:
    """The month of a date, such as "marts 2026"."""
    return _month(on.replace(day=1), _locale())


def short_month(on: date) -> str:
    """Where there is little room: "mar."."""
    return _in_pattern(on.replace(day=1), "LLL", _locale())


def weekdays() -> list[str]:
    """The days of the week from Monday, as they stand within a sentence: "mandag"."""
    names = get_day_names("wide", "stand-alone", locale=_locale())
    return [names[day] for day in range(7)]


def weekday(on: date) -> str:
    """A date that people plan by: "mandag 9. mar."."""
    return _in_pattern(on, "EEEE d. MMM" if _locale() == "da" else "EEEE d MMM", _locale())


def ago(at: datetime | None) -> str:
    """How long since, roughly: "for 3 timer siden"."""
    if at is None:
        return ""
    minutes = int((clock.now() - at).total_seconds()) // 60
    return _ago(minutes, _locale()) if minutes > 0 else gettext("lige nu")


def size(octets: int) -> str:
    """A file's size: "1,4 MB"."""
    number, unit = octets / 1000, "kB"
    if number >= 1000:
        number, unit = number / 1000, "MB"
    text = f"{number:.1f}" if number < 10 else f"{number:.0f}"
    return f"{text.replace('.', ',') if _locale() == 'da' else text} {unit}"


def decimals(value: float, digits: int) -> str:
    """A number with so many decimals, as the reader writes it."""
    return f"{value:.{digits}f}".replace(".", decimal_sign())


def number(value: float) -> str:
    """A whole number, in threes as the reader writes it: "1.204"."""
    return f"{value:,.0f}".replace(",", "." if _locale() == "da" else ",")


def decimal_sign() -> str:
    """What stands before the decimals of a number."""
    return "," if _locale() == "da" else "."


def _zone() -> str:
    return str(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def _locale() -> str:
    # The language alone: putting a locale into words takes longer than all the rest of a cell.
    return language() or "da"


# Babel takes about 100 µs to put an instant into words; a queue shows a hundred of them.
@lru_cache(maxsize=20_000)
def _when(at: datetime, zone: str, locale: str) -> str:
    return format_datetime(
        at.astimezone(ZoneInfo(zone)), "d. MMM y HH.mm" if locale == "da" else "d MMM y HH:mm", locale=locale
    )


@lru_cache(maxsize=20_000)
def _brief(at: datetime, this_year: int, zone: str, locale: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    if local.year != this_year:
        return _day(local.date(), locale)
    return format_datetime(local, "d. MMM HH.mm" if locale == "da" else "d MMM HH:mm", locale=locale)


@lru_cache(maxsize=20_000)
def _on_weekday(at: datetime, zone: str, locale: str) -> str:
    pattern = "EEEE d. MMM HH.mm" if locale == "da" else "EEEE d MMM HH:mm"
    return format_datetime(at.astimezone(ZoneInfo(zone)), pattern, locale=locale)


@lru_cache(maxsize=5_000)
def _day(on: date, locale: str) -> str:
    return format_date(on, "medium" if locale == "da" else "d MMM y", locale=locale)


@lru_cache(maxsize=2_000)
def _in_pattern(on: date, pattern: str, locale: str) -> str:
    return format_date(on, pattern, locale=locale)


@lru_cache(maxsize=500)
def _month(on: date, locale: str) -> str:
    return format_date(on, "MMMM y", locale=locale)


@lru_cache(maxsize=5_000)
def _ago(minutes: int, locale: str) -> str:
    return format_timedelta(timedelta(minutes=-minutes), add_direction=True, locale=locale)
