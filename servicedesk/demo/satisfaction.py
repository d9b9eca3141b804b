"""How Odby rates the help, what is done about it, and what it answers when it is asked; texts/satisfaction.toml."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, table_of, transaction
from servicedesk.demo import texts
from servicedesk.demo.town import Town
from servicedesk.surveys.commands import building, following_up, publishing, running
from servicedesk.surveys.links import Purpose, digest, new_token
from servicedesk.surveys.models import FollowUp, Invitation, Rating, SurveyAnswer
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.rules import BETWEEN_RATINGS, LOW, RATING_LASTS, Kind, Outcome, Reason, values_of
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy, State

#: So far back people have been asked.
DAYS = 460
#: Of a hundred who are asked so many answer, and of a hundred who answer so many write something.
ANSWER, WRITE = 38, 22
_STEPS, _WEIGHTS = (5, 4, 3, 2, 1), (45, 32, 12, 7, 4)
#: What came of low ratings before that is over; what is newer is being seen to.
SEEN_TO = timedelta(days=5)
#: Of a hundred who are asked so many answer a survey.
ANSWER_SURVEY = 46

Row = dict[str, Any]


def make(town: Town, now: datetime, rng: Random) -> None:
    told = texts.load("satisfaction")
    with transaction():
        _rate(town, told, now, rng)
        _follow_up(town, told, now)
    while publishing.publish_next(now=now):
        pass
    with transaction():
        _survey(town, told, now, rng)


# ------------------------------------------------------------------------------------------------ ratings


def _rate(town: Town, told: Row, now: datetime, rng: Random) -> None:
    rows = list(_ratings(told, now, rng))
    _leave_one(rows, town.faces.employee.id, now)
    db.session.execute(insert(table_of(Rating)), rows)


def _ratings(told: Row, now: datetime, rng: Random) -> Iterator[Row]:
    """Nobody is asked more often than once in thirty days."""
    asked: dict[int, datetime] = {}
    for ticket in db.session.execute(_closed(now)):
        at = ticket.closed_at + timedelta(minutes=1)
        if at - asked.get(ticket.affected_id, at - BETWEEN_RATINGS) < BETWEEN_RATINGS:
            continue
        asked[ticket.affected_id] = at
        yield _rating(ticket, at) | _answer(told, at, now, rng)


def _closed(now: datetime) -> Any:
    columns = (Ticket.id, Ticket.customer_id, Ticket.unit_id, Ticket.system_id, Ticket.team_id, Ticket.assignee_id)
    return (
        select(*columns, Ticket.affected_id, Ticket.closed_at)
        .where(Ticket.state == State.CLOSED, Ticket.merged_into_id.is_(None), Ticket.secrecy != Secrecy.SECURITY)
        .where(Ticket.closed_at > now - timedelta(days=DAYS))
        .order_by(Ticket.closed_at, Ticket.id)
    )


def _rating(ticket: Any, at: datetime) -> Row:
    return {
        "ticket_id": ticket.id,
        "customer_id": ticket.customer_id,
        "person_id": ticket.affected_id,
        "unit_id": ticket.unit_id,
        "system_id": ticket.system_id,
        "team_id": ticket.team_id,
        "supporter_id": ticket.assignee_id,
        "outcome": Outcome.ASKED,
        "asked_at": at,
        "expires_at": at + RATING_LASTS,
        "digest": digest(new_token(), Purpose.RATING),
        **dict.fromkeys(("answered_at", "step", "added_at")),
        "words": "",
        "wants_contact": False,
    }


def _answer(told: Row, at: datetime, now: datetime, rng: Random) -> Row:
    answered_at = at + timedelta(hours=rng.choice((1, 3, 18, 26, 70)))
    if rng.randrange(100) >= ANSWER or answered_at > now:
        return {}
    step = rng.choices(_STEPS, _WEIGHTS)[0]
    found: Row = {"answered_at": answered_at, "step": step}
    if step <= LOW or rng.randrange(100) < WRITE:
        kind = "low" if step <= LOW else "middle" if step == 3 else "high"
        found |= {"words": rng.choice(told["words"][kind]), "added_at": answered_at}
        found["wants_contact"] = step <= LOW and rng.random() < 0.4
    return found


def _leave_one(rows: Sequence[Row], person_id: int, now: datetime) -> None:
    """Something to rate for whoever tries it as an employee: the newest that was closed."""
    own = [row for row in rows if row["person_id"] == person_id]
    if own:
        own[-1].update(answered_at=None, step=None, added_at=None, words="", wants_contact=False)
        own[-1].update(asked_at=now - timedelta(days=1), expires_at=now - timedelta(days=1) + RATING_LASTS)


# ------------------------------------------------------------------------------------------------ follow-up


def _follow_up(town: Town, told: Row, now: datetime) -> None:
    """Of the last two months; what is new waits, and the newest of it is not taken yet."""
    recent = Rating.answered_at > now - timedelta(days=60)
    low = select(Rating).where(Rating.step <= LOW, recent, Rating.customer_id == town.root.id)
    for number, rating in enumerate(db.session.scalars(low.order_by(Rating.answered_at)).all()):
        at = rating.answered_at or now
        row = FollowUp(customer_id=rating.customer_id, ticket_id=rating.ticket_id, made_at=at)
        row.reason, row.due_at = Reason.LOW, following_up.due_at(rating, at)
        if at < now - SEEN_TO:
            _see_to(row, told["answers"][number % len(told["answers"])], town.faces.servicedesk_manager.id, at)
        elif number % 2:
            row.taken_by_id, row.taken_at = town.faces.servicedesk_manager.id, at + timedelta(minutes=40)
        db.session.add(row)


def _see_to(row: FollowUp, answer: str, by_id: int, at: datetime) -> None:
    row.taken_by_id, row.taken_at = by_id, at + timedelta(hours=2)
    row.answer, row.answered_at = answer, at + timedelta(hours=5)
    row.done_by_id, row.done_at = by_id, at + timedelta(hours=6)


# ------------------------------------------------------------------------------------------------ surveys


def _survey(town: Town, told: Row, now: datetime, rng: Random) -> None:
    """Two rounds that are over, and one that is open."""
    first = _open(_built(town, told, now - timedelta(days=400)), now - timedelta(days=400))
    _end(first, told, now - timedelta(days=378), rng, mood=0)
    second = _open(_again(first, now - timedelta(days=40)), now - timedelta(days=40))
    _end(second, told, now - timedelta(days=19), rng, mood=1)
    begun = now - timedelta(days=3)
    running_one = _open(_built(town, told, begun, "short"), begun)
    _say(running_one, told, rng, mood=1, but=town.faces.employee.id)


def _built(town: Town, told: Row, at: datetime, which: str = "survey") -> int:
    text = told[which]
    first = _day(at)
    terms = building.Terms(
        title=text["title"],
        intro=text["intro"],
        unit_id=town.root.id,
        opens_on=first,
        closes_on=first + timedelta(days=21),
        is_anonymous=which == "survey",
    )
    made = building.make(terms, by=SYSTEM, now=at)
    for one in text["questions"]:
        building.add_question(made.id, Kind(one["kind"]), one["words"], one.get("options", ()), by=SYSTEM, now=at)
    return made.id


def _again(survey_id: int, at: datetime) -> int:
    first = _day(at)
    return building.repeat(survey_id, opens_on=first, closes_on=first + timedelta(days=21), by=SYSTEM, now=at).id


def _day(at: datetime) -> date:
    return at.astimezone(own_zone()).date()


def _open(survey_id: int, at: datetime) -> int:
    """The mails of that day have been read long ago."""
    running.plan(survey_id, by=SYSTEM, now=at)
    sent = update(Invitation).where(Invitation.survey_id == survey_id).values(invited_at=at)
    db.session.execute(sent.execution_options(synchronize_session=False))
    return survey_id


def _end(survey_id: int, told: Row, at: datetime, rng: Random, *, mood: int) -> None:
    reminded = update(Invitation).where(Invitation.survey_id == survey_id).values(reminded_at=at)
    db.session.execute(reminded.execution_options(synchronize_session=False))
    _say(survey_id, told, rng, mood=mood)
    running.close(survey_id, by=SYSTEM, now=at)


def _say(survey_id: int, told: Row, rng: Random, *, mood: int, but: int = 0) -> None:
    """What people answer; `mood` lifts it a little. Of one person it is left out, and the mail is still to be sent."""
    survey = surveys.get(survey_id, SYSTEM, SurveyPermission.RUN)
    questions = surveys.questions_of(survey_id)
    asked = db.session.execute(
        select(Invitation.id, Invitation.unit_id, Invitation.person_id).where(Invitation.survey_id == survey_id)
    ).all()
    some = [one for one in asked if one.person_id != but and rng.randrange(100) < ANSWER_SURVEY]
    rows = [
        {
            "id": secrets.randbelow(2**62) + 1,
            "survey_id": survey_id,
            "question_id": question.id,
            "unit_id": one.unit_id,
            "invitation_id": None if survey.is_anonymous else one.id,
            "said": said,
        }
        for one in some
        for question in questions
        if (said := _said(question, told, rng, mood)) is not None
    ]
    db.session.execute(insert(table_of(SurveyAnswer)), rows)
    answered = update(Invitation).where(Invitation.id.in_([one.id for one in some])).values(is_answered=True)
    unsent = update(Invitation).where(Invitation.survey_id == survey_id, Invitation.person_id == but)
    for change in (answered, unsent.values(invited_at=None)):
        db.session.execute(change.execution_options(synchronize_session=False))


def _said(question: Any, told: Row, rng: Random, mood: int) -> Any:
    values = values_of(question.kind, question.options)
    match question.kind:
        case Kind.TEXT:
            return rng.choice(told["words"]["advice"]) if rng.random() < 0.02 else None
        case Kind.STEPS:
            return rng.choices(values, (24 + 6 * mood, 40, 20, 11, 5))
        case Kind.NPS:
            return rng.choices(values, (3, 1, 2, 2, 3, 8, 8, 16, 24, 16 + 4 * mood, 17))
        case Kind.SEVERAL:
            return sorted(rng.sample(values, rng.randint(1, 2)))
        case _:
            return [rng.choice(values)]
