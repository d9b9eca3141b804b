"""What a calendar refuses, and how far it looks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sla import Calendar, InvalidCalendarError, NaiveDatetimeError, NeverOpensError, OutOfRangeError
from tests.effort import effort
from tests.sla.desks import EVERY_DAY, ZONE, A, hours, local, week

MICROSECOND = timedelta(microseconds=1)


class TestRefusals:
    @pytest.mark.parametrize("zone", ["", "Europe", "Europe/Odder", "../etc/passwd", "/etc/passwd", "a\0b", None, 1])
    def test_unknown_zones(self, zone):
        with pytest.raises(InvalidCalendarError, match="time zone"):
            Calendar(zone, {0: [("08:00", "16:00")]})

    @pytest.mark.parametrize(
        "pairs",
        [
            pytest.param([("08:00", "12:00"), ("11:59", "16:00")], id="overlapping"),
            pytest.param([("08:00", "12:00"), ("08:00", "12:00")], id="twice"),
            pytest.param([("08:00", "08:00")], id="empty"),
            pytest.param([("16:00", "08:00")], id="reversed"),
            pytest.param([("24:00", "24:00")], id="beginning at the end"),
            pytest.param([("00:00", "24:01")], id="after the end"),
            pytest.param([("08:00", "8:30")], id="without its nought"),
            pytest.param([("08:00", "16:00\n")], id="with a line"),
            pytest.param([("08:00", "16:60")], id="60 minutes"),
            pytest.param([("08:00", "25:00")], id="25 hours"),
            pytest.param([("٠٨:00", "16:00")], id="other digits"),
            pytest.param([("08:00",)], id="half"),
            pytest.param([("08:00", "12:00", "16:00")], id="three"),
            pytest.param([(8, 16)], id="numbers"),
            pytest.param([None], id="nothing"),
            pytest.param("08:00-16:00", id="text"),
        ],
    )
    def test_hours(self, pairs):
        with pytest.raises(InvalidCalendarError):
            Calendar(ZONE, {0: pairs})
        with pytest.raises(InvalidCalendarError):
            Calendar(ZONE, special={date(2026, 1, 1): pairs})

    @pytest.mark.parametrize("day", [-1, 7, "mon", None])
    def test_weekdays(self, day):
        with pytest.raises(InvalidCalendarError, match="weekdays"):
            Calendar(ZONE, {day: [("08:00", "16:00")]})

    @pytest.mark.parametrize("day", ["2026-01-01", datetime(2026, 1, 1, tzinfo=UTC), 1])
    def test_dates(self, day):
        with pytest.raises(InvalidCalendarError, match="not a date"):
            week(("08:00", "16:00"), closed=[day])
        with pytest.raises(InvalidCalendarError, match="not a date"):
            week(("08:00", "16:00"), special={day: []})

    @pytest.mark.parametrize(
        ("pair", "why"),
        [
            (("8", "16:00"), "'8' is not a time such as '08:00'"),
            (("08:00",), r"\('08:00',\) is not a pair of times such as \('08:00', '16:00'\)"),
            (("16:00", "08:00"), "16:00-08:00 does not close after it opens"),
        ],
    )
    def test_the_sentence_says_why(self, pair, why):
        with pytest.raises(InvalidCalendarError, match=f"^{why}$"):
            week(pair)

    def test_the_sentence_names_the_hours(self):
        with pytest.raises(InvalidCalendarError, match="overlap: 08:00-12:00, 11:00-24:00"):
            week(("11:00", "24:00"), ("08:00", "12:00"))

    @pytest.mark.parametrize(
        "ask",
        [
            lambda at: A.add(at, hours(1)),
            lambda at: A.add_days(at, 1),
            lambda at: A.between(at, local("2026-01-01")),
            lambda at: A.between(local("2026-01-01"), at),
            A.is_open,
            A.next_opening,
            A.next_closing,
            lambda at: A.segments(at, at),
        ],
    )
    def test_instants(self, ask):
        with pytest.raises(NaiveDatetimeError, match="no time zone"):
            ask(datetime(2026, 1, 1))  # noqa: DTZ001
        for beyond in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 1, tzinfo=UTC)):
            with pytest.raises(OutOfRangeError):
                ask(beyond)


class TestEndsOfTime:
    FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    ALWAYS = week(("00:00", "24:00"), days=EVERY_DAY, zone="Pacific/Kiritimati")

    def test_everything_between_them_can_be_reckoned(self):
        assert self.ALWAYS.is_open(self.FIRST)
        assert self.ALWAYS.add(self.FIRST, hours(1)) == self.FIRST + hours(1)
        assert self.ALWAYS.add(self.LAST, -hours(1)) == self.LAST - hours(1)
        assert self.ALWAYS.add(self.LAST - hours(1), hours(1)) == self.LAST
        assert self.ALWAYS.add(self.FIRST + hours(1), -hours(1)) == self.FIRST
        assert self.ALWAYS.next_closing(self.LAST - hours(2)) is None

    @pytest.mark.parametrize(
        "amount", [timedelta(days=4_000_000), timedelta(days=-4_000_000), timedelta.max, timedelta.min]
    )
    def test_beyond(self, amount):
        assert effort(lambda: self._refused(A.add, amount)) < 100_000, "it looked at every day on the way"

    @pytest.mark.parametrize("days", [3_000_000, 10**12])
    def test_working_days_beyond(self, days):
        assert effort(lambda: self._refused(A.add_days, days)) < 100_000, "it looked at every day on the way"

    def _refused(self, add, amount):
        with pytest.raises(OutOfRangeError):
            add(local("2026-01-01"), amount)

    def test_working_days_near_the_end(self):
        assert A.add_days(local("9999-12-06 10:00"), 5) == local("9999-12-13 10:00")

    def test_near_the_end(self):
        with pytest.raises(OutOfRangeError, match="beyond the years 1 to 9999"):
            A.add(local("9999-12-30"), hours(100))
        with pytest.raises(OutOfRangeError):
            A.add_days(local("9999-12-30"), 5)
        with pytest.raises(OutOfRangeError):
            A.add(datetime(1, 1, 3, tzinfo=UTC), -hours(100))


class TestTenYears:
    """How long the engine looks for an opening."""

    DAY, DAYS = date(2036, 3, 3), 3_653

    def _desk(self, *others):
        return Calendar("UTC", special=dict.fromkeys((self.DAY, *others), (("00:00", "24:00"),)))

    def test_an_opening_ten_years_away_is_found(self):
        start = datetime(2036, 3, 3, tzinfo=UTC) - timedelta(days=self.DAYS)
        assert self._desk().add(start, hours(1)) == datetime(2036, 3, 3, 1, tzinfo=UTC)
        assert self._desk().next_opening(start) == datetime(2036, 3, 3, tzinfo=UTC)
        assert self._desk().add_days(start, 0, end_of_day=True) == datetime(2036, 3, 4, tzinfo=UTC)

    @pytest.mark.parametrize(
        "ask",
        [
            lambda desk, at: desk.add(at, hours(1)),
            lambda desk, at: desk.next_opening(at),
            lambda desk, at: desk.next_closing(at),
            lambda desk, at: desk.add_days(at, 0),
        ],
    )
    def test_one_further_away_is_not(self, ask):
        start = datetime(2036, 3, 3, tzinfo=UTC) - timedelta(days=self.DAYS) - MICROSECOND
        with pytest.raises(NeverOpensError, match=r"^the calendar does not open within ten years$"):
            ask(self._desk(), start)

    def test_backwards(self):
        end = datetime(2036, 3, 4, tzinfo=UTC) + timedelta(days=self.DAYS)
        assert self._desk().add(end, -hours(1)) == datetime(2036, 3, 3, 23, tzinfo=UTC)
        with pytest.raises(NeverOpensError):
            self._desk().add(end + MICROSECOND, -hours(1))

    def test_it_is_counted_from_where_the_search_stands(self):
        nine_years_on = date(2045, 3, 3)
        desk = self._desk(nine_years_on)
        start = datetime(2027, 1, 1, tzinfo=UTC)
        assert desk.add(start, hours(25)) == datetime(2045, 3, 3, 1, tzinfo=UTC)
        assert desk.add_days(start, 1) == datetime(2045, 3, 3, tzinfo=UTC)
        assert desk.add(datetime(2054, 1, 1, tzinfo=UTC), -hours(25)) == datetime(2036, 3, 3, 23, tzinfo=UTC)

    def test_it_is_counted_from_a_closing_to_the_next_opening(self):
        later, far = self.DAY + timedelta(days=30), self.DAY + timedelta(days=30 + self.DAYS + 1)
        assert self._desk(later, far).add(datetime(2036, 3, 3, tzinfo=UTC), hours(49)).date() == far
        with pytest.raises(NeverOpensError):
            self._desk(later, far + timedelta(days=1)).add(datetime(2036, 3, 3, tzinfo=UTC), hours(49))

    def test_it_is_counted_from_an_opening_back_to_the_closing_before(self):
        later, earlier = self.DAY + timedelta(days=30), self.DAY - timedelta(days=self.DAYS + 1)
        before = self._desk(later, earlier, earlier - timedelta(days=30))
        assert before.add(datetime(2036, 5, 1, tzinfo=UTC), -hours(49)).date() == earlier
        with pytest.raises(NeverOpensError):
            self._desk(later, earlier - timedelta(days=1)).add(datetime(2036, 5, 1, tzinfo=UTC), -hours(49))

    def test_a_closing_ten_years_away_is_found(self):
        desk = week(("00:00", "24:00"), days=EVERY_DAY, zone="UTC", special={self.DAY: []})
        closing = datetime(2036, 3, 3, tzinfo=UTC)
        assert desk.next_closing(closing - timedelta(days=self.DAYS)) == closing
        assert desk.next_closing(closing - timedelta(days=self.DAYS) - MICROSECOND) is None

    def test_working_days(self):
        day = self.DAY + timedelta(days=self.DAYS)
        assert self._desk(day).add_days(datetime(2036, 3, 3, tzinfo=UTC), 1).date() == day
        with pytest.raises(NeverOpensError):
            self._desk(day + timedelta(days=1)).add_days(datetime(2036, 3, 3, tzinfo=UTC), 1)

    @pytest.mark.parametrize(
        "ask",
        [
            lambda desk, at: desk.add(at, hours(1)),
            lambda desk, at: desk.add(datetime(2020, 1, 1, tzinfo=UTC), -hours(1)),
            lambda desk, at: desk.next_opening(at),
            lambda desk, at: desk.next_closing(at),
            lambda desk, at: desk.add_days(at, 1),
            lambda desk, at: desk.add_days(datetime(2036, 3, 3, tzinfo=UTC), 1),
        ],
    )
    def test_a_calendar_that_is_past_is_given_up(self, ask):
        with pytest.raises(NeverOpensError):
            ask(self._desk(), datetime(2060, 1, 1, tzinfo=UTC))

    def test_questions_with_an_answer_are_answered(self):
        desk, start = self._desk(), datetime(2060, 1, 1, tzinfo=UTC)
        assert desk.between(start, start + timedelta(days=9_000)) == hours(0)
        assert desk.segments(start, start + timedelta(days=9_000)) == []
        assert not desk.is_open(start)
        assert not desk.is_working_day(start.date())
