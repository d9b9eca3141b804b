"""How much of its service hours a system has run: laws that hold for any history, cases, and the page."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.systems.availability import Figures, Stretch, figures, strip, union
from servicedesk.systems.hours import ROUND_THE_CLOCK
from servicedesk.systems.rules import DisturbanceKind
from servicedesk.systems.running_well import percent
from sla import Calendar
from tests.agreements_made import agree

START = datetime(2026, 3, 1, tzinfo=UTC)
#: A desk that keeps Danish wall time, over a night on which the clock changes.
OFFICE = Calendar("Europe/Copenhagen", {day: [("08:00", "12:00"), ("12:30", "16:00")] for day in range(5)})
MINUTES = 60 * 24 * 60
WRONG, PLANNED = DisturbanceKind.DISTURBANCE, DisturbanceKind.MAINTENANCE

instants = st.integers(0, MINUTES).map(lambda minutes: START + timedelta(minutes=minutes))
calendars = st.sampled_from([OFFICE, ROUND_THE_CLOCK])


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    begin, length = draw(instants), draw(st.none() | st.integers(0, 20_000))
    over = None if length is None else begin + timedelta(minutes=length)
    return Stretch(draw(st.sampled_from(DisturbanceKind)), begin, over)


histories = st.lists(stretches(), max_size=8)


@given(histories, calendars, instants, instants)
def test_it_is_never_below_nothing_or_above_all(told, hours, one, other):
    found = figures(told, hours, min(one, other), max(one, other))
    assert timedelta() <= found.down <= found.promised <= found.opened
    assert found.share is None or 0 <= found.share <= 1


@given(histories, calendars, instants, instants, instants)
def test_the_figures_of_two_periods_add_up(told, hours, one, two, three):
    start, middle, end = sorted((one, two, three))
    parts = figures(told, hours, start, middle) + figures(told, hours, middle, end)
    assert parts == figures(told, hours, start, end)


@given(histories, calendars, st.lists(instants, min_size=2, max_size=9, unique=True))
def test_the_pieces_of_a_strip_add_up(told, hours, edges):
    edges.sort()
    whole = sum((piece.figures for piece in strip(told, hours, edges)), Figures())
    assert whole == figures(told, hours, edges[0], edges[-1])


@given(histories, calendars)
def test_what_is_told_twice_or_in_pieces_counts_once(told, hours):
    """The union of intervals: neither order nor repetition nor cutting one in two changes anything."""
    end = START + timedelta(minutes=MINUTES)
    cut = [
        part
        for one in told
        for middle in [one.starts_at + ((one.over_at or end) - one.starts_at) / 2]
        for part in (one._replace(over_at=max(middle, one.starts_at)), one._replace(starts_at=middle))
    ]
    expected = figures(told, hours, START, end)
    assert figures([*reversed(told), *told], hours, START, end) == expected
    assert figures(cut, hours, START, end) == expected


@given(histories, stretches(), calendars)
def test_more_trouble_is_never_better(told, another, hours):
    end = START + timedelta(minutes=MINUTES)
    before, after = (figures(some, hours, START, end) for some in (told, [*told, another]))
    assert after.down >= before.down
    assert after.promised - after.down <= before.promised - before.down


@given(st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair)))))
def test_a_union_is_in_order_and_apart(some):
    found = union(some)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    for start, end in some:
        assert any(opens <= start and end <= closes for opens, closes in found)


def stretch(kind, starts, ends):
    at = [None if text is None else datetime.fromisoformat(f"2026-03-{text}+01:00") for text in (starts, ends)]
    assert at[0] is not None
    return Stretch(kind, at[0], at[1])


#: Monday 2 March, 7.5 hours of service.
DAY = (datetime.fromisoformat("2026-03-02T00:00+01:00"), datetime.fromisoformat("2026-03-03T00:00+01:00"))


@pytest.mark.parametrize(
    ("told", "down", "planned"),
    [
        pytest.param([], 0, 0, id="nothing"),
        pytest.param([stretch(WRONG, "02T09:00", "02T10:00")], 60, 0, id="an hour"),
        pytest.param([stretch(WRONG, "02T15:00", "03T09:00")], 60, 0, id="over closing time"),
        pytest.param([stretch(WRONG, "02T17:00", "02T19:00")], 0, 0, id="outside the hours"),
        pytest.param([stretch(WRONG, "02T11:30", "02T13:00")], 60, 0, id="over lunch"),
        pytest.param([stretch(WRONG, "02T15:00", None)], 60, 0, id="still down"),
        pytest.param([stretch(WRONG, "02T09:00", "02T10:00")] * 2, 60, 0, id="told twice"),
        pytest.param(
            [stretch(WRONG, "02T09:00", "02T10:00"), stretch(WRONG, "02T09:30", "02T10:30")], 90, 0, id="overlapping"
        ),
        pytest.param([stretch(PLANNED, "02T09:00", "02T10:00")], 0, 60, id="planned"),
        pytest.param(
            [stretch(PLANNED, "02T09:00", "02T11:00"), stretch(WRONG, "02T10:00", "02T12:00")], 120, 60, id="both"
        ),
    ],
)
def test_one_day(told, down, planned):
    found = figures(told, OFFICE, *DAY)
    assert (found.opened, found.down, found.planned) == tuple(timedelta(minutes=some) for some in (450, down, planned))


@pytest.mark.parametrize(
    ("opened", "down", "planned", "said"),
    [
        (60, 0, 0, "100"),
        (60, 60, 0, "0"),
        (0, 0, 0, ""),
        (60, 0, 60, ""),
        (1_000_000, 1, 0, "99,99"),
        (60, 15, 0, "75"),
        (60, 20, 0, "66,66"),
    ],
)
def test_a_share_is_rounded_down(app, opened, down, planned, said):
    found = Figures(*(timedelta(minutes=some) for some in (opened, down, planned)))
    with app.test_request_context():
        assert percent(found) == said


def test_the_page_counts_the_hours_of_the_systems_agreement(desk, browse, place, declare, at):
    agree(desk, "A", resolution="8h", systems=[place.aula.id])
    at("2026-11-23 17:00")  # Monday, after closing
    night = declare(place.aula)
    at("2026-11-24 09:00")  # an hour of service later
    browse(place.supporter).post(f"/status/{night}/end")
    at("2026-11-24 12:00")

    page = browse(place.teacher).get(f"/status/systems/{place.aula.id}?days=30").text

    assert "1 time" in page and "hele døgnet" not in page and "serviceaftale" in page
    overview = browse(place.teacher).get("/status").text
    # Since 26 October there were 21 working days of eight hours, and four hours today.
    assert "99,41 %" in overview and "100 %" in overview


def test_without_an_agreement_every_hour_counts(browse, place, declare, at):
    at("2026-11-21 00:00")
    down = declare(place.aula)
    at("2026-11-22 00:00")
    browse(place.supporter).post(f"/status/{down}/end")

    page = browse(place.teacher).get(f"/status/systems/{place.aula.id}?days=365").text

    assert ("hele døgnet" in page and "1 døgn" in page) or "24 timer" in page


def test_what_was_withdrawn_does_not_count(browse, place, declare, at):
    at("2026-11-21 00:00")
    mistaken = declare(place.aula)
    at("2026-11-22 00:00")
    browse(place.supporter).post(f"/status/{mistaken}/withdrawal")

    page = browse(place.teacher).get(f"/status/systems/{place.aula.id}").text
    assert "100 %" in page and "uptime-down" not in page.replace('uptime-piece uptime-down" aria-hidden', "")


@pytest.mark.parametrize("days", ["30", "90", "365", "7", "-1", "abc", "99999999999999999999"])
def test_any_period_asked_for_gives_a_page(browse, place, days):
    page = browse(place.teacher).get(f"/status/systems/{place.aula.id}?days={days}")
    assert page.status_code == 200
    pieces = {"30": 30, "365": 53}.get(days, 90)
    assert page.text.count("uptime-piece") == pieces + 4


@pytest.mark.parametrize("others", [0, 40])
def test_the_overview_asks_no_more_however_much_there_was(desk, browse, place, declare, queries, others, at):
    at("2026-11-21 00:00")
    for _ in range(others):
        declare(desk.system())
    browser = browse(place.supporter)
    browser.get("/status")
    with queries() as asked:
        assert browser.get("/status").status_code == 200
    assert len(asked) <= 6
