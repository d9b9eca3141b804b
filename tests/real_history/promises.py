"""What is promised, as plain data: the file itself names no agreement."""

from collections.abc import Mapping
from typing import NamedTuple

ZONE = "Europe/Copenhagen"
#: From and to by the clock on the wall, "24:00" being the end of a day.
Stretch = tuple[str, str]


class Opening(NamedTuple):
    """When somebody is there. Monday is 0; a day that is missing is closed."""

    name: str
    week: Mapping[int, tuple[Stretch, ...]]
    #: Days with other hours than their weekday's; none at all where they are closed.
    special: Mapping[str, tuple[Stretch, ...]] = {}


class Promise(NamedTuple):
    """Minutes of open time; None where nothing is promised."""

    opening: Opening
    response: int | None
    resolution: int


class Agreement(NamedTuple):
    """By priority. Waiting for the user never counts, waiting for a supplier does."""

    name: str
    promises: Mapping[int, Promise]


_DAY = (("00:00", "24:00"),)
ALWAYS = Opening("Døgnet rundt", dict.fromkeys(range(7), _DAY))
WEEKDAYS = Opening("Hverdage døgnet rundt", dict.fromkeys(range(5), _DAY))
#: Danish closed days of the year in which the incidents happened, and two days that end at noon.
TOWN_HALL = Opening(
    "Rådhusets åbningstid",
    {
        0: (("08:00", "12:00"), ("12:30", "15:00")),
        1: (("08:00", "12:00"), ("12:30", "15:00")),
        2: (("08:00", "12:00"), ("12:30", "15:00")),
        3: (("08:00", "12:00"), ("12:30", "17:00")),
        4: (("08:00", "13:00"),),
    },
    {
        **dict.fromkeys(("2016-03-24", "2016-03-25", "2016-03-28", "2016-04-22", "2016-05-05", "2016-05-16"), ()),
        **dict.fromkeys(("2016-12-24", "2016-12-26", "2016-12-31", "2017-01-01"), ()),
        **dict.fromkeys(("2016-05-06", "2016-12-23"), (("08:00", "12:00"),)),
    },
)

_HOUR = 60
TOWN_HALL_TARGETS = Agreement(
    "Rådhusets serviceaftale",
    {
        1: Promise(ALWAYS, 1 * _HOUR, 4 * _HOUR),
        2: Promise(TOWN_HALL, 2 * _HOUR, 8 * _HOUR),
        3: Promise(TOWN_HALL, 4 * _HOUR, 16 * _HOUR),
        4: Promise(TOWN_HALL, 7 * _HOUR, 70 * _HOUR),
    },
)
#: The whole hours that explain the file's own `made_sla` best, by `flag.limits`: the file does not name its targets.
AS_THE_FLAG = Agreement(
    "Som made_sla",
    {priority: Promise(WEEKDAYS, None, hours * _HOUR) for priority, hours in {1: 7, 2: 1, 3: 154, 4: 346}.items()},
)
AGREEMENTS = {"town-hall": TOWN_HALL_TARGETS, "as-the-flag": AS_THE_FLAG}
