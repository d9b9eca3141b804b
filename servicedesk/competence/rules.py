"""Kinds and states, and how a place is held against comparable ones; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from servicedesk.competence.statistics import Change, Counted, Prior, prior_of

#: So many comparable places make a group; with fewer a place is held against all of the customer's.
ENOUGH_ALIKE = 4
#: Fewer people than this could be told apart by those who know the place.
FEW = 5
#: What one such ticket takes of the user's and the supporter's time together, unless somebody says otherwise.
USUAL_MINUTES = 45
#: A visit is followed up after so many weeks.
FOLLOW_UPS = (4, 12)
#: How far back "before" reaches.
BEFORE = timedelta(days=182)
#: With less than this nothing is said of what has changed.
LEAST_TICKETS, LEAST_AFTER = 10, timedelta(days=14)


class Answer(StrEnum):
    """What somebody said to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class VisitState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class FindingKind(StrEnum):
    """What a finding is to become."""

    NOTE = "note"
    TICKET = "ticket"
    COURSE = "course"
    GUIDELINE = "guideline"


class Level(StrEnum):
    """How a place stands to what is usual for such a one."""

    NONE = "none"
    LOW = "low"
    USUAL = "usual"
    HIGH = "high"
    VERY_HIGH = "very_high"


#: A place's rate divided by the usual one, below which each level ends.
_LEVELS = ((0.75, Level.LOW), (1.25, Level.USUAL), (2.0, Level.HIGH))


def level_of(rate: float, usual: float, tickets: int) -> Level:
    if not tickets or usual <= 0:
        return Level.NONE
    return next((level for limit, level in _LEVELS if rate / usual < limit), Level.VERY_HIGH)


# ------------------------------------------------------------------------------------------------ comparable places


#: A unit and a system.
Key = tuple[int, int]


class Standing(NamedTuple):
    """A place among comparable ones. Rates are for a person and a year."""

    counted: Counted
    shrunken: float
    usual: float
    #: What it is compared with: a kind of unit, or "" for all of the customer's.
    among: str
    #: How many places that are.
    places: int

    @property
    def level(self) -> Level:
        return level_of(self.shrunken, self.usual, self.counted.tickets)

    def hours_saved(self, minutes: int, years_a_year: float) -> float:
        """A year, if the place came down to what is usual; `years_a_year` is how many people there are."""
        return max(0.0, self.shrunken - self.usual) * years_a_year * minutes / 60


@dataclass(frozen=True)
class Place:
    """A unit with a system, to be held against others."""

    key: Key
    kind: str
    counted: Counted


def held_against_others(places: Iterable[Place]) -> Mapping[Key, Standing]:
    """Each place among those of its kind, when they are enough, else among all."""
    known = list(places)
    of_kind: dict[str, list[Counted]] = {}
    for one in known:
        if one.kind and one.counted.person_years > 0:
            of_kind.setdefault(one.kind, []).append(one.counted)
    priors = {kind: prior_of(some) for kind, some in of_kind.items() if len(some) >= ENOUGH_ALIKE}
    everywhere = prior_of([one.counted for one in known])
    number = sum(one.counted.person_years > 0 for one in known)
    return {
        one.key: _standing(one.counted, priors[one.kind], one.kind, len(of_kind[one.kind]))
        if one.kind in priors
        else _standing(one.counted, everywhere, "", number)
        for one in known
    }


def _standing(counted: Counted, prior: Prior, among: str, places: int) -> Standing:
    return Standing(counted, prior.shrunken(counted), prior.mean, among, places)


# ------------------------------------------------------------------------------------------------ effect


class Verdict(StrEnum):
    """What may be said of a change."""

    TOO_LITTLE = "too_little"
    FEWER = "fewer"
    MORE = "more"
    UNSURE = "unsure"


def verdict_of(change: Change, people: int, after: timedelta) -> Verdict:
    is_little = change.before.tickets + change.after.tickets < LEAST_TICKETS or people < FEW or after < LEAST_AFTER
    if is_little or change.interval is None:
        return Verdict.TOO_LITTLE
    lower, upper = change.interval
    if upper is not None and upper < 1:
        return Verdict.FEWER
    return Verdict.MORE if lower > 1 else Verdict.UNSURE


class Windows(NamedTuple):
    """Before and after a day, which counts to neither; the last days are in them."""

    before_from: date
    before_to: date
    after_from: date
    after_to: date

    @property
    def before(self) -> timedelta:
        return self.before_to - self.before_from + timedelta(days=1)

    @property
    def after(self) -> timedelta:
        return max(timedelta(), self.after_to - self.after_from + timedelta(days=1))


def windows(on: date, until: date) -> Windows:
    """Half a year before the day, and from the day after it until `until`, but no longer than before."""
    day = timedelta(days=1)
    return Windows(on - BEFORE, on - day, on + day, min(until, on + BEFORE))
