"""What can be said of few and uneven numbers: rates that are not fooled by small places, and whether one has changed.

Pure. Counts are taken for Poisson; what they are counted over is people times time, in person-years.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import NamedTuple

#: Rates are told for so many people and a year.
PEOPLE = 100
DAYS_OF_YEAR = 365.25
#: What an interval leaves out on each side.
TAIL = 0.025


class Counted(NamedTuple):
    """So many tickets, of so many people during some time."""

    tickets: int
    person_years: float

    @property
    def rate(self) -> float | None:
        """For a person and a year; None where there was nobody, or no time."""
        return self.tickets / self.person_years if self.person_years > 0 else None


def person_years(people: int, days: float) -> float:
    return people * days / DAYS_OF_YEAR


def per_hundred(rate: float | None) -> float | None:
    return None if rate is None else rate * PEOPLE


# ------------------------------------------------------------------------------------------------ shrunken rates


@dataclass(frozen=True)
class Prior:
    """What is known of the rate of a place before one has counted there: a gamma distribution.

    `variance` is how much places of the kind truly differ, when chance is taken away; 0 when chance explains it all.
    """

    mean: float
    variance: float

    def shrunken(self, counted: Counted) -> float:
        """The mean of the posterior: between the place's own rate and the mean, the nearer to it the less was counted.

        With the prior Gamma(a, b), mean a/b and variance a/b², it is (a + tickets) / (b + person-years).
        """
        if self.variance <= 0 or self.mean <= 0:
            return self.mean
        b = self.mean / self.variance
        return (self.mean * b + counted.tickets) / (b + max(counted.person_years, 0.0))


def prior_of(places: Sequence[Counted]) -> Prior:
    """The prior that comparable places give by their moments.

    Empirical Bayes with the gamma-Poisson model of D. Clayton and J. Kaldor, "Empirical Bayes estimates of
    age-standardized relative risks for use in disease mapping", Biometrics 43 (1987); its moments as in R. J. Marshall,
    "Mapping disease and mortality rates using empirical Bayes estimators", Applied Statistics 40 (1991): the weighted
    variance of the rates, less what chance alone gives.
    """
    known = [one for one in places if one.person_years > 0]
    total = sum(one.person_years for one in known)
    if not total:
        return Prior(0.0, 0.0)
    mean = sum(one.tickets for one in known) / total
    spread = sum(one.person_years * ((one.rate or 0.0) - mean) ** 2 for one in known) / total
    by_chance = mean / (total / len(known))
    return Prior(mean, max(0.0, spread - by_chance))


# ------------------------------------------------------------------------------------------------ before and after


class Interval(NamedTuple):
    """`upper` is None when nothing bounds it."""

    lower: float
    upper: float | None

    def has(self, value: float) -> bool:
        return self.lower <= value and (self.upper is None or value <= self.upper)


@dataclass(frozen=True)
class Change:
    """How a rate has changed: after divided by before, with a 95 % interval."""

    before: Counted
    after: Counted
    #: None where there was nothing before, or nobody.
    ratio: float | None
    interval: Interval | None


def change(before: Counted, after: Counted) -> Change:
    """Compares two Poisson rates exactly.

    Given their sum, the tickets after are binomial (J. Przyborowski and H. Wilenski, Biometrika 31, 1940). The limits
    of its share are those of C. J. Clopper and E. S. Pearson (Biometrika 26, 1934), turned into limits of the ratio;
    the same as `poisson.test` in R.
    """
    if before.person_years <= 0 or after.person_years <= 0 or not before.tickets + after.tickets:
        return Change(before, after, None, None)
    lower, upper = _share_limits(after.tickets, before.tickets + after.tickets)
    scale = before.person_years / after.person_years
    interval = Interval(_odds(lower) * scale, None if upper >= 1 else _odds(upper) * scale)
    ratio = after.tickets / before.tickets * scale if before.tickets else None
    return Change(before, after, ratio, interval)


def _odds(share: float) -> float:
    return share / (1 - share)


def _share_limits(hits: int, number: int) -> tuple[float, float]:
    """Clopper and Pearson's: the share at which so many hits, or more, and so many, or fewer, are just too rare."""
    lower = 0.0 if hits == 0 else _root(lambda share: beta_below(share, hits, number - hits + 1) - TAIL)
    upper = 1.0 if hits == number else _root(lambda share: beta_below(share, hits + 1, number - hits) - (1 - TAIL))
    return lower, upper


def _root(rising: Callable[[float], float]) -> float:
    """Where a rising function on [0, 1] is nought, by halving: more steps than a float has digits."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function: how much of Beta(a, b) lies below x."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


_TINY = 1e-300
_STEPS = 1_000


def _fraction(x: float, a: float, b: float) -> float:
    """Its continued fraction (Abramowitz and Stegun, 26.5.8), by the method of Lentz."""
    c, d = 1.0, _away_from_nought(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value = d
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for part in (even, odd):
            d = 1 / _away_from_nought(1 + part * d)
            c = _away_from_nought(1 + part / c)
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def _away_from_nought(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
