"""Surveys and ratings for tests, many at once."""

from datetime import timedelta
from itertools import count

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.surveys.commands import answering, building, running
from servicedesk.surveys.commands.building import Terms
from servicedesk.surveys.links import Purpose, digest
from servicedesk.surveys.models import Invitation, Rating
from servicedesk.surveys.rules import RATING_LASTS, Kind, Outcome
from servicedesk.tickets.models import Ticket

_NUMBERS = count(1)


def make_survey(desk, kinds=(Kind.STEPS,), *, opens=True, unit=None, **terms):
    """The id of one that is open, unless asked for a draft."""
    now = clock.now()
    told = {"title": "Trivsel med it", "unit_id": (unit or desk.home).id, "opens_on": now.date(), **terms}
    told.setdefault("closes_on", told["opens_on"] + timedelta(days=14))
    with desk.app.app_context():
        survey = building.make(Terms(**told), by=SYSTEM, now=now)
        for kind in kinds:
            options = ("Rød", "Grøn", "Blå") if kind in (Kind.ONE, Kind.SEVERAL) else ()
            building.add_question(survey.id, kind, f"Spørgsmål {kind.value}?", options, by=SYSTEM, now=now)
        if opens:
            running.plan(survey.id, by=SYSTEM, now=now)
        return survey.id


def answer(desk, survey_id, person, *values):
    """What a person says to each question in turn, by the command that answering signed in uses."""
    with desk.app.app_context():
        from servicedesk.surveys.queries.surveys import questions_of

        asked = questions_of(survey_id)
    typed = {one.id: value if isinstance(value, list) else [value] for one, value in zip(asked, values, strict=False)}
    by = desk.actor(person)
    with desk.app.app_context():
        answering.answer_signed_in(survey_id, typed, by=by)


def close(desk, survey_id):
    with desk.app.app_context():
        running.close(survey_id, by=SYSTEM, now=clock.now())


def invited(desk, survey_id):
    with desk.writing() as session:
        return list(session.scalars(select(Invitation).where(Invitation.survey_id == survey_id)))


def rated(desk, person, step, *, ticket_id, asked_at=None, **columns):
    """A ticket's rating as it lies in the table, asked for at some time; `step` None was not answered."""
    at = asked_at or clock.now()
    with desk.writing() as session:
        ticket = session.get(Ticket, ticket_id)
        row = Rating(
            ticket_id=ticket_id,
            customer_id=person.customer_id,
            person_id=person.id,
            unit_id=person.unit_id,
            system_id=ticket.system_id,
            team_id=ticket.team_id,
            supporter_id=ticket.assignee_id,
            outcome=Outcome.ASKED,
            asked_at=at,
            expires_at=at + RATING_LASTS,
            digest=digest(f"token-{next(_NUMBERS)}", Purpose.RATING),
            step=step,
            answered_at=at if step else None,
        )
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)
