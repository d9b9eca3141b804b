"""Shrunken rates and exact intervals: against published figures, against brute force, and by their properties."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.competence.statistics import Counted, beta_below, change, person_years, prior_of

counted = st.builds(Counted, st.integers(0, 200), st.floats(0.1, 500))
places = st.lists(counted, min_size=2, max_size=30)


# ------------------------------------------------------------------------------------------------ shrunken rates


@given(places)
def test_a_shrunken_rate_lies_between_the_own_rate_and_that_of_all(some):
    prior = prior_of(some)
    for one in some:
        low, high = sorted((one.rate, prior.mean))
        assert low - 1e-9 <= prior.shrunken(one) <= high + 1e-9


@given(places, st.floats(0.1, 50), st.integers(2, 20))
def test_of_two_places_with_the_same_rate_the_smaller_one_is_pulled_further(some, years, times):
    prior = prior_of(some)
    small, large = Counted(3, years), Counted(3 * times, years * times)
    assert abs(prior.shrunken(small) - prior.mean) <= abs(prior.shrunken(large) - prior.mean) + 1e-12


@given(places)
def test_where_nobody_works_one_expects_what_is_usual(some):
    prior = prior_of(some)
    assert prior.shrunken(Counted(0, 0)) == pytest.approx(prior.mean)


@given(st.integers(1, 50), st.floats(1, 100), st.integers(2, 20))
def test_places_that_are_alike_are_all_as_usual(tickets, years, number):
    some = [Counted(tickets, years)] * number
    assert prior_of(some).shrunken(some[0]) == pytest.approx(some[0].rate)


@given(places)
def test_the_order_in_which_places_are_counted_means_nothing(some):
    there, back = prior_of(some), prior_of(some[::-1])
    assert (there.mean, there.variance) == pytest.approx((back.mean, back.variance))


def test_a_tiny_place_with_one_bad_month_does_not_top_the_list():
    """Two people with one ticket have the highest raw rate by far; forty with twenty-four are the ones to visit."""
    tiny, busy = Counted(1, 2), Counted(24, 40)
    others = [Counted(4, 40), Counted(6, 45), Counted(3, 30), Counted(5, 60), Counted(2, 25)]
    prior = prior_of([tiny, busy, *others])
    assert prior.shrunken(busy) > prior.shrunken(tiny)
    tiny_by_raw_rate = Counted(2, 2)
    prior = prior_of([tiny_by_raw_rate, busy, *others])
    assert (tiny_by_raw_rate.rate or 0) > (busy.rate or 0)
    assert prior.shrunken(busy) > prior.shrunken(tiny_by_raw_rate)


def test_nothing_is_said_of_nowhere():
    assert prior_of([]).shrunken(Counted(0, 0)) == 0
    assert prior_of([Counted(0, 10), Counted(0, 20)]).shrunken(Counted(0, 10)) == 0


def test_people_and_days_become_person_years():
    assert person_years(100, 365.25) == 100
    assert Counted(3, 0).rate is None


# ------------------------------------------------------------------------------------------------ before and after


def test_the_interval_is_that_of_published_data():
    """That of R's help on poisson.test: 11 cases in 800 person-years against 21 in 3,011."""
    found = change(Counted(6 + 8 + 7, 1083 + 1050 + 878), Counted(11, 800))
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert found.interval == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


@pytest.mark.parametrize(("after", "before"), [(3, 17), (1, 1), (40, 2), (12, 12)])
def test_the_limits_are_where_what_was_seen_becomes_too_rare(after, before):
    """Clopper and Pearson's definition, with sums of exact fractions."""
    found = change(Counted(before, 1), Counted(after, 1)).interval
    assert found is not None and found.upper is not None
    number = after + before
    low, high = (Fraction(odds / (1 + odds)) for odds in (found.lower, found.upper))
    at_least = sum(_chance(k, number, low) for k in range(after, number + 1))
    at_most = sum(_chance(k, number, high) for k in range(after + 1))
    assert float(at_least) == pytest.approx(0.025, abs=1e-9)
    assert float(at_most) == pytest.approx(0.025, abs=1e-9)


def _chance(hits, number, share):
    return comb(number, hits) * share**hits * (1 - share) ** (number - hits)


@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(0.1, 100), st.floats(0.1, 100))
def test_the_interval_holds_the_ratio_and_turns_with_the_question(one, other, years, other_years):
    first, second = Counted(one, years), Counted(other, other_years)
    found, turned = change(first, second), change(second, first)
    if found.interval is None or turned.interval is None:
        assert one + other == 0
        return
    if found.ratio is not None:
        assert found.interval.has(found.ratio)
    if found.interval.upper is not None:
        assert 1 / found.interval.upper == pytest.approx(turned.interval.lower, rel=1e-6)


def test_nothing_can_be_compared_with_no_time_or_with_nobody():
    assert change(Counted(5, 0), Counted(5, 1)).interval is None
    assert change(Counted(0, 1), Counted(0, 1)).interval is None
    without = change(Counted(0, 1), Counted(4, 1))
    assert without.ratio is None and without.interval is not None
    assert without.interval.upper is None and without.interval.lower > 0


@given(st.floats(0.001, 0.999), st.integers(1, 400), st.integers(1, 400))
def test_the_beta_function_is_a_distribution(x, a, b):
    assert 0 <= beta_below(x, a, b) <= 1
    assert beta_below(x, a, b) == pytest.approx(1 - beta_below(1 - x, b, a), abs=1e-9)
