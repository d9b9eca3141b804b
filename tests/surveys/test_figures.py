"""Shares, means and scores, with how sure they are."""

import pytest

from servicedesk.surveys.figures import Share, mean_of, nps_of, satisfied, wilson


# From Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
@pytest.mark.parametrize(
    ("number", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_interval_of_the_literature(number, of, low, high):
    assert wilson(number, of) == pytest.approx((low, high), abs=0.0001)


def test_a_share_of_nobody_is_nothing():
    assert Share(0, 0).value is None and Share(0, 0).interval is None


def test_the_same_answers_show_the_same_interval():
    counts = {5: 7, 4: 3, 2: 1}
    mean = mean_of(counts)
    assert mean is not None and mean == mean_of(dict(reversed(counts.items())))
    assert mean.value == pytest.approx(49 / 11)
    assert mean.interval is not None and mean.interval.low < mean.value < mean.interval.high


def test_more_answers_are_surer():
    few, many = mean_of({5: 5, 1: 5}), mean_of({5: 400, 1: 400})
    assert few is not None and few.interval and many is not None and many.interval
    assert many.interval.high - many.interval.low < few.interval.high - few.interval.low
    assert mean_of({5: 40, 1: 40}) == mean_of({1: 40, 5: 40, 3: 0})


def test_no_answer_is_no_zero():
    assert mean_of({}) is None and mean_of({3: 0}) is None


@pytest.mark.parametrize("counts", [{4: 6}, {2: 1}, {5: 2, 1: 2}], ids=["all alike", "one answer", "four answers"])
def test_few_answers_and_answers_all_alike_show_no_false_certainty(counts):
    mean = mean_of(counts)
    assert mean is not None and mean.interval is None


def test_promoters_less_detractors():
    score = nps_of({10: 5, 9: 1, 8: 2, 6: 1, 0: 1})
    assert score is not None and score.value == pytest.approx(40)


def test_satisfied_are_the_upper_two_steps():
    assert satisfied({5: 2, 4: 1, 3: 1, 1: 1}) == Share(3, 5)
