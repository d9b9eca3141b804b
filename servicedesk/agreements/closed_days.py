"""The days on which a Danish town hall is closed, or closes at noon: proposals that somebody approves.

The public holidays are those of helligdagsloven (LBK nr. 1030 af 20/09/2017, Store bededag left out from 2024), by the
`holidays` package. Christmas Eve, New Year's Eve, 1 May and 5 June are no holidays by law; municipalities close by
agreement, the last two from noon.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import holidays

from sla import Calendar

NOON = "12:00"
#: (month, day) on which one works until noon.
HALF_DAYS = frozenset({(5, 1), (6, 5)})


@dataclass(frozen=True)
class ProposedDay:
    """A day with other hours than its weekday's."""

    on: date
    name: str
    is_half: bool = False

    def hours(self, calendar: Calendar) -> list[list[str]]:
        """What is left of the day's hours: none, or those before noon."""
        if not self.is_half:
            return []
        return [[start, min(end, NOON)] for start, end in calendar.hours_on(self.on) if start < NOON]


def proposed(years: Iterable[int]) -> Iterator[ProposedDay]:
    """The days of those years, earliest first."""
    found = holidays.country_holidays("DK", years=list(years), categories=("public", "optional"), language="da")
    for on, name in sorted(found.items()):
        yield ProposedDay(on, name, (on.month, on.day) in HALF_DAYS and not _is_public(on))


def _is_public(on: date) -> bool:
    """A half day that falls on a holiday (1 May on Ascension Day) is closed all day."""
    return on in holidays.country_holidays("DK", years=on.year, categories=("public",))
