"""What people type, taken apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servicedesk.search.grammar import FIELDS, MOST_CONDITIONS, MOST_SIGNS, Asked, Condition, Field, quoted, read
from tests.effort import effort

ANYTHING = st.text() | st.text('ab:",><.æ \t(){}*%_\\', max_size=200)


@pytest.mark.parametrize(
    ("typed", "words", "conditions"),
    [
        ("printer kalenderen", "printer kalenderen", []),
        ("status:open printer", "printer", [("status", ("open",))]),
        ('system:"KMD Opus" løn', "løn", [("system", ("KMD Opus",))]),
        ("Tilstand:ny,løst", "", [("status", ("ny", "løst"))]),
        ("HOLD:Drift ansvarlig:mig", "", [("team", ("Drift",)), ("assignee", ("mig",))]),
        ("oprettet:>2026-01-01 ændret:<7d", "", [("filed", (">2026-01-01",)), ("updated", ("<7d",))]),
        ('"sort skærm" igen', "sort skærm igen", []),
        ('system:"uden ende', "", [("system", ("uden ende",))]),
        ("http://intranet/side kl. 10:30", "http://intranet/side kl. 10:30", []),
        ("note:hemmelig", "hemmelig", []),
        ("C:\\temp", "C:\\temp", []),
        (":::", ":::", []),
        ("", "", []),
        ('unit:"Skole, Nord",Vest', "", [("unit", ("Skole, Nord", "Vest"))]),
    ],
)
def test_reading(typed, words, conditions):
    asked = read(typed)
    assert asked.words == words
    assert [(one.field.value, one.values) for one in asked.conditions] == conditions


def test_an_unknown_field_is_told_with_what_may_have_been_meant():
    [unknown] = read("statsu:åben printer").unknown
    assert (unknown.name, unknown.meant) == ("statsu", "status")
    assert read("password_hash:x").unknown[0].meant is None


def test_a_field_without_a_value_is_told():
    assert read("status: printer").empty == ("status",)


@given(ANYTHING)
@example('a:"')
@example(' " " : , ')
def test_everything_can_be_read(typed):
    asked = read(typed)
    assert isinstance(asked, Asked)
    assert all(one.values and all(one.values) for one in asked.conditions)
    assert len(asked.conditions) <= MOST_CONDITIONS


@given(
    st.sampled_from(sorted(FIELDS)),
    st.text(min_size=1, max_size=50).filter(lambda text: '"' not in text.strip() and text.strip()),
)
def test_a_quoted_value_comes_back_whole(name, value):
    assert read(f"{name}:{quoted(value.strip())}").conditions == (Condition(FIELDS[name], (value.strip(),)),)


@given(st.lists(st.text("abcæøå", min_size=1, max_size=8), max_size=10))
def test_plain_words_stay_as_they_are(words):
    assert read("  ".join(words)).words == " ".join(words)


@pytest.mark.parametrize(
    "typed",
    ["(a+)+$" * 10_000, "(" * 1_000_000, 'status:"' * 100_000, "status:," * 100_000, " " * 1_000_000, "a:" * 500_000],
    ids=["a pattern", "brackets", "quotes", "commas", "spaces", "colons"],
)
def test_a_monster_is_cut_at_once(typed):
    assert effort(lambda: read(typed)) < 20_000
    assert read(typed).is_cut
    assert len(read(typed).words) <= MOST_SIGNS


def test_more_conditions_than_anybody_types_are_left_out():
    asked = read("status:ny " * 30)
    assert asked.is_cut
    assert len(asked.values(Field.STATUS)) == MOST_CONDITIONS
