"""Two workers at once, and two taps at once: everybody is asked once, and an answer is one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.errors import BusyError
from servicedesk.notifications.models import OutboxMail
from servicedesk.surveys import jobs
from servicedesk.surveys.commands import rating
from servicedesk.surveys.errors import AnsweredError
from servicedesk.surveys.models import FollowUp, Invitation, Rating
from servicedesk.surveys.rules import Outcome, Step
from servicedesk.tickets.workflow import State
from tests.desk import Desk
from tests.surveys.made import make_survey

pytestmark = pytest.mark.committing


@pytest.fixture
def desk(fresh_app):
    return Desk(fresh_app)


@pytest.fixture
def at_once(fresh_app):
    """`at_once(work)`: twice, each in a thread with a connection of its own, begun together."""

    def run(work):
        barrier = Barrier(2)

        def one():
            with fresh_app.app_context():
                barrier.wait()
                return work()

        with ThreadPoolExecutor(2) as pool:
            return [future.result() for future in [pool.submit(one), pool.submit(one)]]

    return run


def whole(job):
    """The job as a worker runs it, until it finds nothing more."""

    def work():
        done = 0
        while more := job(clock.now()):
            done += more
        return done

    return work


def test_each_ticket_is_asked_about_once_and_each_person_once_a_month(desk, at_once):
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    people = [desk.person() for _ in range(6)]
    for person in (*people, *people):
        desk.ticket(State.CLOSED, by=person, assignee=supporter)

    assert sum(at_once(whole(jobs.ask_for_ratings))) == 12

    outcomes = [one.outcome for one in desk.all(Rating)]
    assert (outcomes.count(Outcome.ASKED), outcomes.count(Outcome.TOO_SOON)) == (6, 6)
    told = [mail.person_id for mail in desk.all(OutboxMail, template="rating_asked")]
    assert sorted(told) == sorted(person.id for person in people)


def test_everybody_is_invited_once(desk, at_once):
    people = [desk.person() for _ in range(20)]
    make_survey(desk)
    at_once(whole(jobs.run_surveys))
    assert all(one.invited_at for one in desk.all(Invitation))
    assert desk.count(OutboxMail, template="survey_asked") == len(people)


def test_two_taps_at_once_are_one_answer(desk, at_once):
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    user = desk.person()
    desk.ticket(State.CLOSED, by=user, assignee=supporter)
    with desk.app.app_context():
        jobs.ask_for_ratings(clock.now())
    token = desk.all(OutboxMail, template="rating_asked")[0].facts["url"].rpartition("/")[2]

    def tap():
        try:
            rating.rate(token, Step.VERY_DISSATISFIED, now=clock.now())
        except (AnsweredError, BusyError) as refused:
            return type(refused)
        return None

    assert sorted(at_once(tap), key=str) == sorted([AnsweredError, None], key=str)
    assert desk.count(FollowUp) == 1
