"""What an agreement says, read and written."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import (
    Goal,
    Kind,
    Priority,
    Terms,
    TermsError,
    read_length,
    read_warning,
    write_length,
    write_warning,
)
from servicedesk.agreements.terms_form import Reader, fields_of
from servicedesk.agreements.words import length_in_words, length_text_in_words, warning_in_words
from sla import Before, OpenTime, Share, WorkingDays

MINIMAL = {"calendar": 1, "targets": [{"priority": 3, "resolution": "2 working days"}]}

minutes = st.integers(1, 99_999).map(lambda number: timedelta(minutes=number))
lengths = st.one_of(minutes.map(OpenTime), st.builds(WorkingDays, st.integers(1, 99_999), end_of_day=st.booleans()))
warnings = st.one_of(
    st.integers(1, 99).map(Share), st.integers(1, 9_999).map(lambda number: Before(timedelta(minutes=number)))
)
cells = st.tuples(st.sampled_from([None, *Kind]), st.sampled_from(list(Priority)))


@st.composite
def terms(draw):
    goals = [
        Goal(
            kind,
            priority,
            response=draw(st.none() | lengths),
            resolution=draw(lengths),
            update=draw(st.none() | lengths),
            calendar=draw(st.sampled_from([None, 1, 2])),
        )
        for kind, priority in draw(st.lists(cells, unique=True, min_size=1))
    ]
    return Terms(
        calendar=draw(st.sampled_from([1, 2])),
        goals=tuple(sorted(goals, key=lambda goal: (goal.priority, goal.kind or ""))),
        systems=draw(st.frozensets(st.sampled_from([7, 8]))),
        pauses_for_supplier=draw(st.booleans()),
        on_reopen=draw(st.sampled_from(["continue", "restart"])),
        on_change=draw(st.sampled_from(["filing", "change"])),
        warnings=tuple(draw(st.lists(warnings, max_size=5, unique=True))),
        auto_close=WorkingDays(draw(st.integers(1, 366))),
        local=draw(st.none() | lengths),
    )


@given(lengths)
def test_a_length_is_read_as_it_was_written(length):
    assert read_length(write_length(length)) == length
    assert read_length(write_length(length).upper()) == length


@given(warnings)
def test_a_warning_is_read_as_it_was_written(warning):
    assert read_warning(write_warning(warning)) == warning


@given(terms())
def test_terms_are_read_as_they_were_written(said):
    assert Terms.read(said.write()) == said


@given(terms())
def test_terms_go_through_the_form_unchanged(shared_app, said):
    """What is shown in the fields is read back from them, in the words of the page."""
    with shared_app.test_request_context():
        reader = Reader(fields_of(said), AgreementKind.SERVICE, [1, 2], [7, 8])
        again = reader.terms()

    assert reader.errors == {}
    assert again == said


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": None, "unknown": 1},
        {"targets": [{"priority": 9, "resolution": "4 hours"}]},
        {"targets": [{"priority": 3, "resolution": "4 fortnights"}]},
        {"targets": [{"priority": 3, "resolution": "0 hours"}]},
        {"targets": [{"priority": 3, "resolution": "-1 hours"}]},
        {"targets": [{"priority": 3, "resolution": "4 hours, end of day"}]},
        {"targets": [{"priority": 3, "resolution": "999999 hours"}]},
        {"targets": [{"priority": 3, "solved": "4 hours"}]},
        {"targets": [{"priority": 3, "kind": "wish", "resolution": "4 hours"}]},
        {"targets": [{"priority": 3, "resolution": "4 hours"}, {"priority": 3, "resolution": "5 hours"}]},
        {"targets": [{"resolution": "4 hours"}]},
        {"targets": 7},
        {"warnings": ["soon"]},
        {"warnings": ["100 %"]},
        {"warnings": ["2 working days before"]},
        {"auto_close": "10 hours"},
        {"on_reopen": "never"},
        {"on_change": ""},
        {"pauses_for_supplier": "yes"},
        {"systems": ["Sensum"]},
    ],
)
def test_terms_that_cannot_be_used_are_refused(wrong):
    with pytest.raises(TermsError):
        Terms.read({**MINIMAL, **wrong})


def test_terms_need_a_calendar():
    with pytest.raises(TermsError):
        Terms.read({"targets": []})


def test_a_line_for_the_kind_goes_before_a_line_for_every_kind():
    targets = [{"priority": 3, "resolution": "4 hours"}, {"priority": 3, "kind": "request", "resolution": "5 hours"}]
    said = Terms.read({"calendar": 1, "targets": targets})

    found = {kind: said.goal(kind, Priority.MEDIUM) for kind in Kind}
    lengths = {kind: goal.resolution for kind, goal in found.items() if goal}
    assert lengths == {Kind.INCIDENT: OpenTime(timedelta(hours=4)), Kind.REQUEST: OpenTime(timedelta(hours=5))}
    assert said.goal(Kind.REQUEST, Priority.LOW) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("15 minutes", "15 min."),
        ("1 hour", "1 time"),
        ("90 minutes", "1 time 30 min."),
        ("4 hours", "4 timer"),
        ("1 working day", "1 arbejdsdag"),
        ("2 working days", "2 arbejdsdage"),
        ("5 working days, end of day", "5 arbejdsdage, inden dagen er omme"),
    ],
)
def test_a_length_in_words(app, text, words):
    with app.test_request_context():
        assert length_text_in_words(text) == words == length_in_words(read_length(text))


def test_warnings_in_words(app):
    with app.test_request_context():
        assert warning_in_words(Share(80)) == "80 %"
        assert warning_in_words(Before(timedelta(hours=1))) == "1 time før"
