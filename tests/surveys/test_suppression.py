"""Nothing small can be reckoned from what is told: for random trees and answers, solved exactly (A185)."""

from hypothesis import example, given
from hypothesis import strategies as st

from servicedesk.surveys.suppression import Group, rolled_up, told
from tests.surveys.solver import leaks

LEAST = 5


@st.composite
def forests(draw):
    """Groups in a tree: (parent's place or None, asked, answered) for each."""
    number = draw(st.integers(1, 10))
    rows = []
    for place in range(number):
        parent = draw(st.integers(0, place - 1)) if place else None
        asked = draw(st.integers(0, 9))
        rows.append((parent, asked, draw(st.integers(0, asked))))
    return rows


def groups_of(rows):
    found = []
    for key, (parent, asked, answered) in enumerate(rows):
        people = [f"{key}-{number}" for number in range(asked)]
        found.append(Group(key, parent, set(people), set(people[:answered])))
    return found


def below(key, rows):
    inside = {key}
    for place, (parent, *_numbers) in enumerate(rows):
        if parent in inside:
            inside.add(place)
    return inside


def found_out(chosen, rows):
    sizes = {key: answered for key, (_parent, _asked, answered) in enumerate(rows)}
    return leaks([below(key, rows) for key in chosen], sizes, LEAST)


@given(forests())
@example([(None, 0, 0), (0, 8, 8), (0, 4, 4)])
@example([(None, 3, 3), (0, 9, 9)])
@example([(None, 0, 0), (0, 0, 0), (1, 9, 9), (1, 2, 2), (0, 6, 6)])
def test_no_small_group_can_be_reckoned(rows):
    chosen = told(groups_of(rows), LEAST)
    assert found_out(chosen, rows) == []
    for key in chosen:
        assert sum(rows[one][2] for one in below(key, rows)) >= LEAST


@given(forests())
def test_nobody_who_was_asked_and_said_nothing_is_alone(rows):
    """A rest of people of whom none has answered would tell that of each of them."""
    chosen = told(groups_of(rows), LEAST)
    for key in chosen:
        rest = below(key, rows) - set().union(*(below(one, rows) for one in chosen if one in below(key, rows) - {key}))
        assert not sum(rows[one][1] for one in rest) or sum(rows[one][2] for one in rest) >= LEAST


def test_the_solver_finds_what_leaving_out_small_groups_alone_gives_away():
    """With nothing held back but the small group itself, it is the difference between the others."""
    rows = [(None, 0, 0), (0, 8, 8), (0, 6, 6), (0, 4, 4)]
    naive = {key for key in range(4) if sum(rows[one][2] for one in below(key, rows)) >= LEAST}
    assert naive == {0, 1, 2}
    assert frozenset({3}) in found_out(naive, rows)
    assert found_out(told(groups_of(rows), LEAST), rows) == []


@given(forests())
def test_the_solver_sees_a_small_group_that_is_told(rows):
    small = [key for key, (_parent, _asked, answered) in enumerate(rows) if 0 < answered < LEAST]
    leaves = [key for key in small if below(key, rows) == {key}]
    for key in leaves:
        assert frozenset({key}) in found_out({key}, rows)


def test_everything_is_told_when_nothing_is_small():
    rows = [(None, 5, 5), (0, 5, 5), (0, 7, 6)]
    assert told(groups_of(rows), LEAST) == {0, 1, 2}


@given(forests())
def test_a_higher_limit_never_tells_more(rows):
    """Of the whole: a group may stand alone that had to hide another before, but the small ones stay hidden."""
    for key in told(groups_of(rows), LEAST + 2):
        assert sum(rows[one][2] for one in below(key, rows)) >= LEAST + 2


def test_answers_of_few_are_written_down_higher_up():
    parents = {1: None, 2: 1, 3: 2, 4: 2}
    assert rolled_up(parents, {1: 1, 3: 2, 4: 9}, LEAST) == {1: 1, 2: 2, 3: 2, 4: 4}
    assert rolled_up(parents, {3: 2}, LEAST) == {1: 1, 2: 1, 3: 1, 4: 1}
