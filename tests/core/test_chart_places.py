"""Where things lie in a drawing: whatever the figures, inside it, on axes that people can count by."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servicedesk.core.charts import BarList, Chart, HeatMap, Kind, Label, Mark, Point, Series, Target, Unit
from servicedesk.core.charts.data import Bar
from servicedesk.core.charts.geometry import HEIGHT, PLOT, TOP, draw, spark
from servicedesk.core.charts.scales import every, level, scale

COUNTS = st.integers(0, 10**9).map(float)
FIGURES = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
GAP = st.none()
#: A fraction of a pixel or of a per cent that rounding may take.
DUST = 0.02


@st.composite
def charts(draw_from, kind, values):
    many, lines = draw_from(st.integers(1, 31)), draw_from(st.integers(1, 6))
    series = [
        Series(f"S{at}", [Point(draw_from(values | GAP)) for _ in range(many)]) for at in range(lines)
    ]  # fmt: skip
    target = draw_from(st.none() | st.integers(0, 1000).map(Target))
    return Chart(
        key="some",
        title="Noget",
        labels=[Label(str(at)) for at in range(many)],
        series=series,
        kind=kind,
        target=target,
        is_from_zero=draw_from(st.booleans()),
    )


@example([0.062, -200000001.0], False, False)
@given(st.lists(FIGURES, min_size=1, max_size=30), st.booleans(), st.booleans())
def test_ticks_cover_the_figures_in_even_steps(values, is_from_zero, is_whole):
    axis = scale(values, is_from_zero=is_from_zero, is_whole=is_whole)

    assert axis.low <= min(values) and max(values) <= axis.high
    assert axis.ticks[0] == axis.low and axis.ticks[-1] == axis.high
    assert 2 <= len(axis.ticks) <= 7
    steps = [other - one for one, other in pairwise(axis.ticks)]
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)
    assert not is_from_zero or 0 in axis.ticks
    assert not is_whole or all(tick % 1 == 0 for tick in axis.ticks)
    assert all(0 <= axis.share(value) <= 1 for value in values)


@given(charts(Kind.COLUMNS, FIGURES))
def test_columns_lie_inside_and_stand_on_zero(chart):
    drawing = draw(chart)

    assert len(drawing.boxes) == sum(point.value is not None for one in chart.series for point in one.points)
    for box in drawing.boxes:
        assert box.x >= -DUST and box.x + box.width <= 100 + DUST
        assert box.y >= TOP - DUST and box.y + box.height <= TOP + PLOT + DUST
        value = chart.series[box.look].points[box.slot].value
        foot = box.y + box.height if value >= 0 else box.y
        assert foot == pytest.approx(drawing.zero, abs=DUST)


@given(charts(Kind.COLUMNS, COUNTS))
def test_columns_of_a_slot_stand_beside_each_other_the_present_last(chart):
    boxes = sorted(draw(chart).boxes, key=lambda box: (box.slot, box.x))

    assert all(one.x + one.width <= other.x + DUST for one, other in pairwise(boxes))
    assert all(one.look > other.look for one, other in pairwise(boxes) if one.slot == other.slot)


@given(charts(Kind.STACKED, COUNTS))
def test_stacked_parts_add_up_to_the_whole(chart):
    drawing = draw(chart)

    for slot in range(len(chart.labels)):
        parts = [box for box in drawing.boxes if box.slot == slot]
        assert all(part.y >= TOP - DUST for part in parts)
        assert all(one.y == pytest.approx(other.y + other.height, abs=DUST) for one, other in pairwise(parts))


@given(charts(Kind.LINES, FIGURES))
def test_lines_lie_inside_and_leave_gaps_open(chart):
    drawing = draw(chart)

    for dot in drawing.dots:
        assert 0 < dot.x < 100 and TOP - DUST <= dot.y <= TOP + PLOT + DUST
    both = [
        series.points[at].value is not None and series.points[at + 1].value is not None
        for series in chart.series
        for at in range(len(chart.labels) - 1)
    ]
    assert len(drawing.stretches) == sum(both)
    assert [slot.is_gap for slot in drawing.slots] == [
        all(series.points[at].value is None for series in chart.series) for at in range(len(chart.labels))
    ]


@given(charts(Kind.COLUMNS, COUNTS))
def test_the_target_is_in_the_drawing(chart):
    target = draw(chart).target

    assert (target is None) == (chart.target is None)
    assert target is None or TOP <= target <= TOP + PLOT < HEIGHT


@given(st.lists(COUNTS | GAP, min_size=1, max_size=20))
def test_a_spark_lies_inside_and_ends_with_the_last_figure(values):
    stretches, end = spark(values)

    assert (end is None) == all(value is None for value in values)
    assert all(0 <= one.x1 <= one.x2 <= 100 and 4 <= one.y1 <= 28 and 4 <= one.y2 <= 28 for one in stretches)


def shares(*values, **more):
    labels = [Label(str(at)) for at in range(len(values))]
    return Chart(
        key="kept",
        title="Nået",
        unit=Unit.PERCENT,
        labels=labels,
        series=[Series("Nået", [Point(value) for value in values])],
        **more,
    )


def test_shares_have_the_same_axis_everywhere():
    assert [tick.value for tick in draw(shares(91, 94)).ticks] == [0, 25, 50, 75, 100]


def test_lines_may_begin_near_their_figures():
    ticks = [tick.value for tick in draw(shares(91, 94, kind=Kind.LINES, is_from_zero=False)).ticks]

    assert ticks[0] > 80


def test_marks_lie_where_they_were_told():
    told = shares(1, 2, 3, 4, kind=Kind.HISTOGRAM, marks=[Mark(1, "midten"), Mark(9, "udenfor")])

    assert draw(told).lines == [25, 100]


@pytest.mark.parametrize(
    ("words", "narrow", "wide"),
    [
        pytest.param(["jan."] * 12, 3, 1, id="a year of months"),
        pytest.param(["man"] * 7, 2, 1, id="a week"),
        pytest.param(["28."] * 31, 5, 2, id="a month of days"),
        pytest.param([], 1, 1, id="nothing"),
    ],
)
def test_labels_are_thinned_until_they_fit(words, narrow, wide):
    assert (every(words, is_narrow=True), every(words, is_narrow=False)) == (narrow, wide)


def test_the_last_label_always_stands():
    slots = draw(shares(*range(31))).slots

    assert slots[-1].is_narrow and slots[-1].is_wide
    assert sum(slot.is_narrow for slot in slots) < sum(slot.is_wide for slot in slots)


@pytest.mark.parametrize(("value", "dark"), [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5)])
def test_cells_are_shaded_in_five_steps(value, dark):
    assert level(value, 100) == dark


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"key": "1 2"}, id="no id"),
        pytest.param({"series": []}, id="nothing to draw"),
        pytest.param({"series": [Series("A", [Point(1), Point(2)])]}, id="more figures than labels"),
        pytest.param({"series": [Series("A", [Point(float("nan"))])]}, id="no number"),
        pytest.param({"series": [Series("A", [Point(-1)])], "kind": Kind.STACKED}, id="less than nothing, stacked"),
        pytest.param({"series": [Series("A", [Point(1)])] * 7}, id="more than can be told apart"),
        pytest.param({"labels": [Label("x")] * 61}, id="more than can be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    right: dict[str, Any] = {"key": "a", "title": "A", "labels": [Label("x")], "series": [Series("A", [Point(1)])]}
    Chart(**right)

    with pytest.raises(ValueError):
        Chart(**{**right, **wrong})


def test_lists_and_maps_refuse_the_same():
    with pytest.raises(ValueError):
        BarList(key="a", title="A", bars=[Bar("x", Point(-1))])
    with pytest.raises(ValueError):
        HeatMap(key="a", title="A", columns=[Label("x")], rows=[Label("y")], cells=[[Point(1), Point(2)]])
