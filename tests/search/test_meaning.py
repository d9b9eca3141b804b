"""What names in a search stand for, for the person who searches."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.search.grammar import Field, read
from servicedesk.search.meaning import mean
from servicedesk.search.spans import span_of
from servicedesk.tickets.filters import ME, NOBODY, Filters, Span
from servicedesk.tickets.workflow import Kind, Priority, State

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 3, 4, 12, 30, 45, tzinfo=UTC)


@pytest.fixture
def meant(desk, app):
    def meant(typed, person):
        who = desk.actor(person)
        with app.test_request_context():
            return mean(read(typed), who, now=NOW, zone=ZONE)

    return meant


def test_names_become_what_they_stand_for(desk, meant, supporter, team, caller):
    opus, unit = desk.system("KMD Opus"), desk.unit(name="Skolen ved Åen")
    found = meant('system:"kmd opus" hold:drift indmelder:AAMO enhed:skolen ansvarlig:mig,ingen løn', supporter).filters
    assert (found.systems, found.teams, found.people, found.units) == (
        (opus.id,),
        (str(team.id),),
        (caller.id,),
        (unit.id,),
    )
    assert (found.assignees, found.words, found.only_open) == ((ME, NOBODY), "løn", False)


@pytest.mark.parametrize("typed", ["ÅSE", "møl", "aamo", "87801234", '"Åse Møller"'])
def test_a_person_is_known_by_name_initials_and_telephone(meant, supporter, caller, typed):
    assert meant(f"filer:{typed}", supporter).filters.people == (caller.id,)


@pytest.mark.parametrize(
    ("typed", "states", "only_open"),
    [
        ("status:open", (), True),
        ("tilstand:åben", (), True),
        ("tilstand:Ny", (State.NEW,), False),
        ("tilstand:afventer", (State.WAITING_USER, State.WAITING_SUPPLIER), False),
        ('tilstand:"under behandling"', (State.OPEN,), False),
        ("status:lukket,loest", (State.CLOSED, State.RESOLVED), False),
        ("status:alle", (), False),
    ],
)
def test_states(meant, supporter, typed, states, only_open):
    found = meant(typed, supporter).filters
    assert (found.states, found.only_open) == (states, only_open)


def test_priorities_and_kinds(meant, supporter):
    found = meant("prioritet:kritisk,high,3 slags:fejl", supporter).filters
    assert found.priorities == (Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM)
    assert found.kinds == (Kind.INCIDENT,)


def test_what_is_hidden_and_what_is_not_there_are_told_alike(desk, meant, supporter):
    desk.team(name="Lukket hold", is_closed=True)
    other = desk.customer()
    desk.system("Nabosystem", customer=other)
    desk.person(unit=other, initials="nabo")
    for typed in ('hold:"Lukket hold"', "system:Nabosystem", "filer:nabo", "system:Ingensteds"):
        found = meant(typed, supporter)
        assert found.finds_nothing
        assert found.filters.teams == found.filters.systems == found.filters.people == ()


@pytest.mark.parametrize("field", list(Field))
@pytest.mark.parametrize("value", ["%", "_", "*", "'", "password_hash", "(a+)+$", "9" * 40, "-1", "<>"])
def test_nonsense_is_told_and_finds_nothing(meant, supporter, field, value):
    assert meant(f"{field.value}:{value}", supporter).finds_nothing


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("<7d", "2026-02-25 12:30", None),
        ("3h", "2026-03-04 09:30", None),
        (">2w", None, "2026-02-18 12:30"),
        (">2026-01-01", "2026-01-01 23:00", None),
        (">=2026-01-01", "2025-12-31 23:00", None),
        ("<2026-01-01", None, "2025-12-31 23:00"),
        ("2026-02", "2026-01-31 23:00", "2026-02-28 23:00"),
        ("2025-12", "2025-11-30 23:00", "2025-12-31 23:00"),
        ("2026", "2025-12-31 23:00", "2026-12-31 23:00"),
        ("2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"),
        ("1.2.2026", "2026-01-31 23:00", "2026-02-01 23:00"),
        ("1.2.2026..3.2.2026", "2026-01-31 23:00", "2026-02-03 23:00"),
        ("..2026-01-01", None, "2026-01-01 23:00"),
        ("i dag", "2026-03-03 23:00", "2026-03-04 23:00"),
        ("yesterday", "2026-03-02 23:00", "2026-03-03 23:00"),
    ],
)
def test_times(typed, start, end):
    [span] = span_of(typed, NOW, ZONE)
    assert [f"{at:%Y-%m-%d %H:%M}" if at else None for at in (span.start, span.end)] == [start, end]


@pytest.mark.parametrize(
    "typed", ["", "31.2.2026", "2026-13", "0000", "..", ">", "a..b", "1.2.2026..x", "9999w", "<>2026"]
)
def test_times_that_cannot_be_read(typed):
    assert span_of(typed, NOW, ZONE) == [] or typed == "9999w"


@given(st.text(max_size=30) | st.from_regex(r"[<>]?=?[0-9.-]{1,12}[hdw]?", fullmatch=True))
def test_any_time_can_be_asked_for(typed):
    assert all(isinstance(span, Span) for span in span_of(typed, NOW, ZONE))


def test_a_view_comes_back_from_its_address():
    filters = Filters(
        words="løn æ",
        people=(3, 4),
        ids=(7,),
        filed=Span(start=NOW.replace(second=0)),
        updated=Span(end=NOW.replace(second=0)),
        only_open=False,
    )
    address = filters.address()

    class Query(dict[str, Any]):
        def getlist(self, key):
            value = self.get(key, [])
            return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    assert Filters.read(Query(address)) == filters


@pytest.mark.parametrize("text", ["x..y", "..", "2026", "9" * 100, "2026-01-01T99:99Z.."])
def test_a_span_in_an_address_that_makes_no_sense_is_none(text):
    assert Span.read(text).is_all
