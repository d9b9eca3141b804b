"""Whether a course helped: in one plain sentence, and no more than the figures bear."""

from datetime import date, timedelta

import pytest
import time_machine

from servicedesk.competence.effects import Effect
from servicedesk.competence.rules import BEFORE, Verdict, windows
from servicedesk.competence.words import in_sentence
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.training.models import SignUp
from servicedesk.training.rules import SignUpState
from tests.competence_made import course, session

ON = date(2026, 3, 2)


def effect(before, after, people=40, until=ON + timedelta(days=90)):
    told = {"people": people, "on": ON.isoformat(), "until": until.isoformat(), "before": before, "after": after}
    return Effect.of_kept(told)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (effect(60, 5), Verdict.FEWER),
        (effect(20, 60), Verdict.MORE),
        (effect(20, 9), Verdict.UNSURE),
        (effect(6, 0), Verdict.TOO_LITTLE),
        (effect(60, 5, people=4), Verdict.TOO_LITTLE),
        (effect(60, 0, until=ON + timedelta(days=10)), Verdict.TOO_LITTLE),
        (effect(60, 0, until=ON), Verdict.TOO_LITTLE),
        (effect(0, 30), Verdict.MORE),
    ],
    ids=[
        *("far fewer", "far more", "could be chance", "six tickets", "four people", "ten days", "the day itself"),
        "none before",
    ],
)
def test_what_is_said_of_it(found, verdict):
    assert found.verdict is verdict


def test_the_sentence_has_the_interval_in_it(app):
    with app.test_request_context():
        told = in_sentence(effect(60, 5))
        assert told.startswith("Der er færre, der mangler at blive vist hvordan: −83 procent")
        assert "med 95 procents sikkerhed mellem −" in told
        assert in_sentence(effect(1, 1)) == "Der er for lidt data til at sige noget."
        assert "fra ingen til" in in_sentence(effect(0, 30))


def test_the_day_itself_counts_to_neither_side_and_after_is_no_longer_than_before():
    span = windows(ON, ON + timedelta(days=400))
    assert span.before_to < ON < span.after_from
    assert span.before == span.after == BEFORE


def test_it_is_the_same_as_was_kept():
    found = effect(60, 5)
    assert Effect.of_kept(found.kept()) == found


# ------------------------------------------------------------------------------------------------ pages


@pytest.fixture
def held(desk, town):
    """The teacher took the course two months ago, and the other one signed up and did not come."""
    kom = course(desk, town.aula, "Aula for lærere")
    at = clock.now() - timedelta(days=60)
    town.session = session(desk, kom, at)
    for person, state in ((town.teacher, SignUpState.ATTENDED), (town.other, SignUpState.ABSENT)):
        row = {"session_id": town.session.id, "person_id": person.id, "state": state, "at": at, "changed_at": at}
        desk.add(SignUp(**row))
    return town


def test_the_tickets_of_those_who_came_are_counted_before_and_after(desk, browse, held):
    for ago in (70, 90, 120, 30):
        held.solved(ago=ago)
    held.solved(held.other, ago=90)
    held.solved(ago=90, system=desk.system())
    page = browse(held.coordinator).get(f"/competence/sessions/{held.session.id}").text
    assert "(3 henvendelser fra" in page and "(1 henvendelser fra" in page
    assert "Der er for lidt data til at sige noget." in page
    assert "Aula for lærere" in browse(held.coordinator).get("/competence/effects").text


def test_only_those_who_hold_the_course_see_how_it_went(desk, browse, held):
    foreign = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())
    for person in (held.teacher, held.manager, held.supporter, foreign):
        assert browse(person).get(f"/competence/sessions/{held.session.id}").status_code == 404
    assert "Aula for lærere" not in browse(held.manager).get("/competence/effects").text


def test_an_early_look_says_nothing(browse, held):
    held.solved(ago=90)
    with time_machine.travel(clock.now() - timedelta(days=59), tick=False):
        page = browse(held.coordinator).get(f"/competence/sessions/{held.session.id}").text
    assert "Der er for lidt data til at sige noget." in page
