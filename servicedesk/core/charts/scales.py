"""From figures to places; pure."""

import math
from collections.abc import Iterable
from typing import NamedTuple

#: Steps between ticks that people count by.
_NICE = (1, 2, 2.5, 5, 10)
_NICE_WHOLE = (1, 2, 5, 10)
#: Seen as flat, below which steps are not told apart.
_SMALLEST = 1e-9
#: What binary fractions may be off by, in steps.
_DUST = 1e-12
#: What a sign of an axis takes at most, and the narrowest and the usual width of a drawing; pixels.
_SIGN, _NARROW, _WIDE = 8, 208, 560
_BETWEEN = 6


class Scale(NamedTuple):
    """An axis from its lowest tick to its highest."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """How far up a value lies, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def scale(values: Iterable[float], *, is_from_zero: bool = True, is_whole: bool = False, most: int = 6) -> Scale:
    """An axis that all the values lie on, with at most so many ticks; whole ones for what is counted."""
    found = [*values, *([0.0] if is_from_zero else [])] or [0.0]
    low, high = min(found), max(found)
    if high - low < _SMALLEST:
        high = low + 1
    step = _step(high - low, most, is_whole)
    first, last = math.floor(low / step + _DUST), math.ceil(high / step - _DUST)
    ticks = tuple(_clean(number * step, step) for number in range(first, last + 1))
    return Scale(min(ticks[0], low), max(ticks[-1], high), ticks)


def percents() -> Scale:
    """Shares of a hundred have the same axis everywhere, so that drawings can be compared."""
    return Scale(0, 100, (0, 25, 50, 75, 100))


def _step(extent: float, most: int, is_whole: bool) -> float:
    """The smallest nice step of which few enough cover the extent, with one to spare at each end."""
    rough = extent / max(most - 2, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    nices = _NICE_WHOLE if is_whole else _NICE
    step = next(nice * power for nice in nices if nice * power >= rough * (1 - _SMALLEST))
    return max(1.0, step) if is_whole else step


def _clean(value: float, step: float) -> float:
    """Without the dust of binary fractions."""
    return round(value, max(0, 2 - math.floor(math.log10(step))))


def every(words: Iterable[str], *, is_narrow: bool) -> int:
    """Of how many labels one can be shown without touching the next."""
    texts = list(words)
    if not texts:
        return 1
    room = (_NARROW if is_narrow else _WIDE) / len(texts)
    return max(1, math.ceil((max(map(len, texts)) * _SIGN + _BETWEEN) / room))


def level(value: float, most: float, steps: int = 5) -> int:
    """How dark a cell is: 0 for nothing, else from 1 to `steps`."""
    if value <= 0 or most <= 0:
        return 0
    return min(steps, math.ceil(steps * value / most))
