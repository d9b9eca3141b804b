"""Figures of answers, with how sure they are; pure.

Shares have the Wilson score interval: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
Inference", JASA 22 (1927); recommended for small numbers by Brown, Cai and DasGupta, "Interval Estimation for a
Binomial Proportion", Statistical Science 16 (2001). Means have the percentile bootstrap: B. Efron and R. Tibshirani,
"An Introduction to the Bootstrap" (1993), chapter 13; its dice are seeded by the answers themselves, so that the same
answers show the same interval to everybody, always. The Net Promoter Score is F. Reichheld's, "The One Number You
Need to Grow", Harvard Business Review (2003).
"""

from collections.abc import Mapping
from functools import lru_cache
from math import sqrt
from random import Random
from typing import NamedTuple

#: The normal quantile of 97.5 %, for intervals of 95 %.
_Z = 1.959963984540054
_DRAWS = 1_000
#: Of fewer answers nothing is said about how sure they are.
_FEWEST_DRAWN = 5


class Interval(NamedTuple):
    low: float
    high: float


class Share(NamedTuple):
    """So many of so many, from 0 to 1."""

    number: int
    of: int

    @property
    def value(self) -> float | None:
        return self.number / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.number, self.of) if self.of else None


class Mean(NamedTuple):
    value: float
    of: int
    #: None where too few have answered, or all alike: drawing from those would show a certainty that is not there.
    interval: Interval | None


def wilson(number: int, of: int) -> Interval:
    """Where the true share lies in 95 of 100 cases; raises ZeroDivisionError for nobody."""
    share, square = number / of, _Z * _Z
    middle = share + square / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = ((middle + side * reach) / (1 + square / of) for side in (-1, 1))
    return Interval(0.0 if number == 0 else low, 1.0 if number == of else high)


def mean_of(counts: Mapping[int, int]) -> Mean | None:
    """The mean of values that were answered so often each; None for no answer."""
    kept = tuple(sorted((value, number) for value, number in counts.items() if number > 0))
    return _mean(kept) if kept else None


def nps_of(counts: Mapping[int, int]) -> Mean | None:
    """Promoters (9 and 10) less detractors (0 to 6), in percent from -100 to 100."""
    sides = {-100: 0, 0: 0, 100: 0}
    for value, number in counts.items():
        sides[100 if value >= 9 else -100 if value <= 6 else 0] += number
    return mean_of(sides)


def satisfied(counts: Mapping[int, int]) -> Share:
    """Of the five steps: how many answered one of the upper two."""
    return Share(counts.get(4, 0) + counts.get(5, 0), sum(counts.values()))


# A page shows some dozens, and each costs a thousand draws.
@lru_cache(maxsize=5_000)
def _mean(counts: tuple[tuple[int, int], ...]) -> Mean:
    of = sum(number for _value, number in counts)
    total = sum(value * number for value, number in counts)
    is_enough = of >= _FEWEST_DRAWN and len(counts) > 1
    return Mean(total / of, of, _bootstrap(counts, of) if is_enough else None)


def _bootstrap(counts: tuple[tuple[int, int], ...], of: int) -> Interval:
    dice = Random(repr(counts))  # noqa: S311 - the same answers show the same interval, always
    values = [value for value, _number in counts]
    weights = [number for _value, number in counts]
    drawn = sorted(_redrawn(values, weights, of, dice) for _ in range(_DRAWS))
    return Interval(drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS) - 1])


def _redrawn(values: list[int], weights: list[int], of: int, dice: Random) -> float:
    """The mean of as many answers drawn with replacement; of very many a normal draw, which is the same by then."""
    if of > 500:
        mean = sum(v * w for v, w in zip(values, weights, strict=True)) / of
        variance = sum(w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)) / of
        return dice.gauss(mean, sqrt(variance / of))
    return sum(dice.choices(values, weights, k=of)) / of
