"""What may be promised."""

import dataclasses
from datetime import timedelta

import pytest

from sla import Before, InvalidTargetError, OpenTime, Share, Target, WorkingDays
from tests.sla.desks import A, hours, target


@pytest.mark.parametrize("amount", [hours(0), -hours(1), 8, None])
@pytest.mark.parametrize("kind", [OpenTime, Before])
def test_an_amount_of_time_is_more_than_none(kind, amount):
    with pytest.raises(InvalidTargetError, match="no amount of time"):
        kind(amount)


@pytest.mark.parametrize("days", [0, -1, 1.5, "2", True])
def test_working_days_are_whole_days(days):
    with pytest.raises(InvalidTargetError, match="no number of working days"):
        WorkingDays(days)


@pytest.mark.parametrize("percent", [-1, 50.0, "50", True])
def test_shares_are_whole_per_cent(percent):
    with pytest.raises(InvalidTargetError, match="per cent"):
        Share(percent)


@pytest.mark.parametrize(
    ("warning", "key"),
    [
        (Share(0), "0"),
        (Share(80), "80"),
        (Before(hours(1)), "-PT1H"),
        (Before(hours(40)), "-PT40H"),
        (Before(timedelta(minutes=90)), "-PT1H30M"),
        (Before(timedelta(minutes=5)), "-PT5M"),
        (Before(timedelta(hours=1, seconds=10)), "-PT1H10S"),
        (Before(timedelta(milliseconds=1_500)), "-PT1.5S"),
        (Before(timedelta(microseconds=1)), "-PT0.000001S"),
        (Before(timedelta(seconds=10, minutes=10)), "-PT10M10S"),
    ],
)
def test_a_warning_has_a_key(warning, key):
    assert warning.key == key


def test_a_share_may_be_none_of_the_target():
    assert Share(0).percent == 0


def test_a_target_keeps_what_it_was_given_as_it_was():
    pauses, warnings = ["hold"], [Share(80)]
    made = Target("resolution", OpenTime(hours(8)), A, pauses=pauses, warnings=warnings)
    pauses.clear()
    warnings.clear()
    assert (made.pauses, made.stops, made.warnings) == ({"hold"}, frozenset(), (Share(80),))


def test_two_warnings_unless_told_otherwise():
    assert Target("resolution", OpenTime(hours(8)), A).warnings == (Share(50), Share(80))


def test_targets_are_values():
    assert target() == target()
    assert hash(target()) == hash(target())
    assert target() != target(pauses={"hold", "supplier"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        target().name = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"length": hours(8)}, "neither OpenTime nor WorkingDays"),
        ({"pauses": "hold"}, "pauses is a set of states"),
        ({"stops": "resolved"}, "stops is a set of states"),
        ({"ends": "cancelled"}, "ends is a set of states"),
        ({"waits": "new"}, "waits is a set of states"),
        ({"pauses": {"resolved"}}, "^a state can pause the clock, stop it or end it, but only one of these$"),
        ({"stops": {"cancelled"}}, "only one of these"),
        ({"ends": {"hold"}}, "only one of these"),
        ({"on_reopen": "again"}, "on_reopen is"),
        ({"on_change": "now"}, "on_change is"),
        ({"warnings": [Share(50), Share(50)]}, "a warning is given twice: 50, 50"),
    ],
)
def test_refused(wrong, why):
    with pytest.raises(InvalidTargetError, match=why):
        target(**wrong)


def test_what_waits_may_mean_something_else_once_the_clock_runs():
    assert target(waits={"hold", "resolved", "cancelled"}).waits
