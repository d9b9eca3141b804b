"""What a person is asked, and what is told of it: a rating, its follow-up, and a survey that is over."""

from datetime import timedelta

from servicedesk.core import clock
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.surveys.models import Cell, FollowUp, Invitation, Question, Survey
from servicedesk.surveys.rules import Kind, Reason, SurveyState
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy
from tests.desk import Desk, local_today
from tests.surveys.made import rated


def asked(desk: Desk, person: Person, customer: Unit, unit: Unit, *, team: Team | None = None) -> dict[str, int]:
    """Of the person, who is asked; told of the unit. With a `team` the rating is of a secret ticket of its."""
    rated_id = desk.ticket(by=person, subject="A slow printer", description="Since today.")
    rated(desk, person, 1, ticket_id=rated_id)
    if team is not None:
        with desk.writing() as session:
            ticket = session.get_one(Ticket, rated_id)
            ticket.secrecy, ticket.team_id = Secrecy.CONFIDENTIAL, team.id
    now = clock.now()
    task = FollowUp(customer_id=customer.id, ticket_id=rated_id, reason=Reason.LOW, made_at=now, due_at=now)
    keys = {"rated_id": rated_id, "task_id": desk.add(task).id}
    return {**keys, **_survey(desk, person, customer, unit)}


def _survey(desk: Desk, person: Person, customer: Unit, unit: Unit) -> dict[str, int]:
    now, today = clock.now(), local_today()
    survey = Survey(customer_id=customer.id, unit_id=customer.id, title="Survey", made_at=now, is_anonymous=False)
    survey.opens_on, survey.closes_on, survey.least = today, today + timedelta(days=9), 5
    survey.state, survey.opened_at, survey.closed_at = SurveyState.CLOSED, now, now
    desk.add(survey)
    question = Question(survey_id=survey.id, position=1, kind=Kind.STEPS, words="How?", options=[], texts=[])
    desk.add(question)
    desk.add(Invitation(survey_id=survey.id, person_id=person.id, unit_id=unit.id))
    cell = {"survey_id": survey.id, "customer_id": customer.id, "unit_id": unit.id, "answered": 6}
    desk.add(Cell(question_id=question.id, counts={"5": 6}, **cell))
    return {"survey_id": survey.id, "question_id": question.id}
