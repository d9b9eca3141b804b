"""What is to be shown, told by whoever knows the figures."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

#: More kinds of filling cannot be told apart without colours.
MOST_SERIES = 6
#: More columns than days of a month are no columns any more.
MOST_SLOTS = 60

_KEY = re.compile(r"[a-z][a-z0-9-]*")


class Unit(StrEnum):
    """What is counted."""

    COUNT = "count"
    PERCENT = "percent"
    HOURS = "hours"
    #: From 1 to 5, such as satisfaction.
    SCORE = "score"
    KRONER = "kroner"


class Kind(StrEnum):
    """How it is drawn."""

    #: Beside each other, where there are several series.
    COLUMNS = "columns"
    #: On top of each other.
    STACKED = "stacked"
    LINES = "lines"
    #: Columns without room between them: how many lie in each stretch.
    HISTOGRAM = "histogram"


class Step(StrEnum):
    """What stands side by side, for the words about it."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    OTHER = "other"


# A page has hundreds of these two.
class Point(NamedTuple):
    """A figure; without a value there is a gap, and `note` may say why."""

    value: float | None
    #: Of how many it is told.
    n: int | None = None
    #: Opens what lies behind it.
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of the same kind, one for each label."""

    name: str
    points: Sequence[Point]


class Label(NamedTuple):
    """What stands below a slot, and what it is called where there is room."""

    short: str
    full: str = ""
    #: Opens what lies behind the whole slot; else its first series' point does.
    href: str | None = None

    @property
    def words(self) -> str:
        return self.full or self.short


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised: at least so much, or at most."""

    value: float
    is_least: bool = True

    def is_kept_by(self, value: float) -> bool:
        return value >= self.value if self.is_least else value <= self.value


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across a histogram, such as the median: so many slots from its left edge."""

    at: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Figures by label. The first series is the one that it is about; others are for comparison, or add up with it."""

    #: Begins the ids on the page.
    key: str
    title: str
    labels: Sequence[Label]
    series: Sequence[Series]
    kind: Kind = Kind.COLUMNS
    unit: Unit = Unit.COUNT
    target: Target | None = None
    step: Step = Step.MONTH
    #: Above the labels in the table, such as "Måned".
    heading: str = ""
    #: Above the numbers of which shares are told.
    heading_n: str = ""
    marks: Sequence[Mark] = ()
    #: Lines may begin elsewhere; columns never do.
    is_from_zero: bool = True

    def __post_init__(self) -> None:
        _check_key(self.key)
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"{self.key} has {len(self.series)} series, not 1 to {MOST_SERIES}")
        if len(self.labels) > MOST_SLOTS:
            raise ValueError(f"{self.key} has {len(self.labels)} labels, more than {MOST_SLOTS}")
        for series in self.series:
            if len(series.points) != len(self.labels):
                raise ValueError(f"{series.name} of {self.key} has not one figure for each label")
            _check_finite(series.points)
        if self.kind is Kind.STACKED and any((point.value or 0) < 0 for one in self.series for point in one.points):
            raise ValueError(f"{self.key}: what is less than nothing cannot be stacked")

    @property
    def is_empty(self) -> bool:
        return all(point.value is None for series in self.series for point in series.points)


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a list of bars. With `far`, the bar goes on, thinner, to there: a median and the 90th percentile."""

    name: str
    point: Point
    far: float | None = None
    before: float | None = None


@dataclass(frozen=True, kw_only=True)
class BarList:
    """Units, systems or causes with their figures, in the order in which they are to stand."""

    key: str
    title: str
    bars: Sequence[Bar]
    unit: Unit = Unit.COUNT
    target: Target | None = None
    heading: str = ""
    heading_value: str = ""
    heading_far: str = ""
    heading_before: str = ""
    heading_n: str = ""

    def __post_init__(self) -> None:
        _check_key(self.key)
        _check_finite([bar.point for bar in self.bars])
        if any((value or 0) < 0 for bar in self.bars for value in (bar.point.value, bar.far)):
            raise ValueError(f"{self.key}: a bar cannot be shorter than nothing")

    @property
    def is_empty(self) -> bool:
        return all(bar.point.value is None for bar in self.bars)


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Figures by row and column, such as hours of the day by weekday: a table whose cells are shaded."""

    key: str
    title: str
    columns: Sequence[Label]
    rows: Sequence[Label]
    #: By row.
    cells: Sequence[Sequence[Point]]
    unit: Unit = Unit.COUNT
    #: Above the rows' names.
    heading: str = ""

    def __post_init__(self) -> None:
        _check_key(self.key)
        if len(self.cells) != len(self.rows) or any(len(row) != len(self.columns) for row in self.cells):
            raise ValueError(f"{self.key} has not one figure for each row and column")
        for row in self.cells:
            _check_finite(row)

    @property
    def is_empty(self) -> bool:
        return all(point.value is None for row in self.cells for point in row)


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} cannot begin an id")


def _check_finite(points: Sequence[Point]) -> None:
    if not all(point.value is None or math.isfinite(point.value) for point in points):
        raise ValueError("a figure has no end")
