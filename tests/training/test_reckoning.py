"""The rule: requirements, records and a day say how somebody stands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.actor import Role
from servicedesk.training.reckoning import Learner, Need, Proof, Standing, is_meant, months_later, read
from servicedesk.training.rules import CourseKind, Status

TODAY = date(2026, 3, 2)


def need(**fields):
    usual = {
        "id": 1,
        "course_id": 1,
        "course": "Nexus",
        "kind": CourseKind.CLASSROOM,
        "system_id": 1,
        "path": "",
        "role": None,
        "title": "",
        "is_mandatory": True,
        "deadline_days": 30,
        "validity_months": 12,
        "starts_on": date(2020, 1, 1),
        "version": 0,
        "published_on": None,
    }
    return Need(**{**usual, **fields})


def taken(on, **fields):
    usual = {"course_id": 1, "expires_on": None, "is_exemption": False, "ends_on": None, "version": 0}
    return Proof(obtained_on=on, **{**usual, **fields})


@pytest.mark.parametrize(
    ("proofs", "status", "until"),
    [
        pytest.param([], Status.MISSING, None, id="nothing"),
        pytest.param([taken(date(2026, 1, 1))], Status.TRAINED, date(2027, 1, 1), id="taken this year"),
        pytest.param([taken(date(2025, 5, 2))], Status.TRAINED, date(2026, 5, 2), id="61 days left"),
        pytest.param([taken(date(2025, 5, 1))], Status.EXPIRING, date(2026, 5, 1), id="60 days left"),
        pytest.param([taken(date(2025, 3, 2))], Status.EXPIRING, date(2026, 3, 2), id="the last day"),
        pytest.param([taken(date(2025, 3, 1))], Status.EXPIRED, date(2026, 3, 1), id="the day after"),
        pytest.param([taken(date(2024, 1, 1)), taken(date(2026, 1, 1))], Status.TRAINED, date(2027, 1, 1), id="again"),
        pytest.param([taken(date(2026, 1, 1), expires_on=TODAY)], Status.EXPIRING, TODAY, id="it says so itself"),
        pytest.param([taken(date(2026, 3, 3))], Status.MISSING, None, id="not yet"),
        pytest.param([taken(date(2025, 1, 1), is_exemption=True)], Status.EXEMPT, None, id="exempt for good"),
        pytest.param(
            [taken(date(2025, 1, 1), is_exemption=True, ends_on=TODAY)], Status.EXEMPT, TODAY, id="exempt today yet"
        ),
        pytest.param(
            [taken(date(2025, 1, 1), is_exemption=True, ends_on=date(2026, 3, 1))],
            Status.MISSING,
            None,
            id="no longer exempt",
        ),
        pytest.param(
            [taken(date(2024, 1, 1)), taken(date(2025, 1, 1), is_exemption=True)],
            Status.EXEMPT,
            None,
            id="expired and exempt",
        ),
    ],
)
def test_how_somebody_stands(proofs, status, until):
    reading = read(need(), date(2020, 1, 1), proofs, TODAY)

    assert (reading.status, reading.until) == (status, until)


@pytest.mark.parametrize(
    ("took_up", "starts_on", "due_on"),
    [
        pytest.param(date(2026, 2, 20), date(2020, 1, 1), date(2026, 3, 22), id="after taking up the job"),
        pytest.param(date(2010, 1, 1), date(2026, 2, 1), date(2026, 3, 3), id="after the requirement began"),
        pytest.param(None, date(2026, 2, 1), date(2026, 3, 3), id="nobody knows since when"),
    ],
)
def test_by_when_it_must_be_there(took_up, starts_on, due_on):
    assert read(need(starts_on=starts_on), took_up, [], TODAY).due_on == due_on


def test_an_exemption_that_is_over_leaves_time_for_the_course():
    over = taken(date(2025, 1, 1), is_exemption=True, ends_on=date(2026, 2, 28))

    reading = read(need(), date(2010, 1, 1), [over], TODAY)

    assert (reading.status, reading.due_on) == (Status.MISSING, date(2026, 3, 30))
    assert not reading.is_overdue(TODAY)


def test_a_new_version_of_a_guideline_asks_again_and_leaves_time():
    asked = need(kind=CourseKind.GUIDELINE, version=2, published_on=date(2026, 2, 25), validity_months=None)

    old = read(asked, None, [taken(date(2025, 1, 1), version=1)], TODAY)
    new = read(asked, None, [taken(date(2025, 1, 1), version=1), taken(TODAY, version=2)], TODAY)

    assert (old.status, old.due_on, old.is_overdue(TODAY)) == (Status.EXPIRED, date(2026, 3, 27), False)
    assert new.status is Status.TRAINED


@pytest.mark.parametrize(
    ("on", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(9999, 1, 1), 600, date.max),
    ],
)
def test_months_are_counted_on_the_calendar(on, months, later):
    assert months_later(on, months) == later


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        pytest.param({}, True, id="the system is used there"),
        pytest.param({"system_id": 2}, False, id="the system is used elsewhere"),
        pytest.param({"system_id": None}, True, id="about no system"),
        pytest.param({"path": "/1/4/"}, True, id="a unit above"),
        pytest.param({"path": "/1/5/"}, False, id="another unit"),
        pytest.param({"role": Role.SUPERBRUGER}, True, id="the role"),
        pytest.param({"role": Role.MANAGER}, False, id="another role"),
        pytest.param({"title": "SYGEPLEJERSKE"}, True, id="the title"),
        pytest.param({"title": "Lærer"}, False, id="another title"),
        pytest.param({"title": "Sygeplejerske", "role": Role.MANAGER}, False, id="the title without the role"),
    ],
)
def test_whom_a_requirement_means(fields, meant):
    assert is_meant(need(**fields), "/1/4/9/", {Role.SUPERBRUGER}, "sygeplejerske", {1}) is meant


def standing(needs, proofs=()):
    return Standing(
        learners=[Learner(7, "Anna", 9, "", None)],
        needs=needs,
        proofs={7: list(proofs)},
        roles={},
        paths={9: "/1/9/"},
        systems={1: [], 2: ["/1/8/"]},
        names={1: "Nexus", 2: "SBSYS"},
        today=TODAY,
    )


def test_the_worst_of_what_is_mandatory_counts_for_a_system():
    asked = [need(), need(id=2, course_id=2), need(id=3, course_id=3, is_mandatory=False)]
    proofs = [taken(date(2026, 1, 1)), taken(date(2025, 3, 30), course_id=2)]

    [cell] = standing(asked, proofs).cells(7).values()

    assert (cell.status, cell.is_mandatory, cell.is_gap) == (Status.EXPIRING, True, False)


def test_what_is_only_recommended_is_no_gap():
    [cell] = standing([need(is_mandatory=False)]).cells(7).values()

    assert (cell.status, cell.is_gap) == (Status.MISSING, False)


def test_a_system_that_is_not_used_there_is_not_spoken_of():
    asked = standing([need(system_id=2), need(id=2, system_id=None)])

    assert set(asked.cells(7)) == {None}
    assert asked.used(7) == {1}


days = st.dates(date(2015, 1, 1), date(2030, 1, 1))
proofs = st.builds(
    taken,
    days,
    course_id=st.integers(1, 3),
    expires_on=st.none() | days,
    is_exemption=st.booleans(),
    ends_on=st.none() | days,
)
needs = st.builds(
    need,
    id=st.integers(1, 99),
    course_id=st.integers(1, 3),
    system_id=st.sampled_from([None, 1, 2]),
    is_mandatory=st.booleans(),
    validity_months=st.none() | st.integers(1, 40),
    starts_on=days,
)


@given(st.lists(needs, max_size=6), st.lists(proofs, max_size=6))
def test_the_cells_say_what_the_lines_say(asked, known):
    """The quick way over everybody and the careful way of one person agree."""
    read_all = standing(asked, known)
    expected = {}
    lines = read_all.lines(7)
    for system_id in {line.need.system_id for line in lines}:
        of_system = [line for line in lines if line.need.system_id == system_id]
        counted = [line for line in of_system if line.need.is_mandatory] or of_system
        worst = min((line.reading.status for line in counted), key=lambda one: one.rank)
        expected[system_id] = (worst, counted[0].need.is_mandatory)

    assert {key: tuple(cell) for key, cell in read_all.cells(7).items()} == expected


@given(st.lists(proofs, max_size=5), proofs)
def test_one_record_more_never_makes_it_worse(known, more):
    before, after = read(need(), None, known, TODAY), read(need(), None, [*known, more], TODAY)

    assert after.status.rank >= before.status.rank
