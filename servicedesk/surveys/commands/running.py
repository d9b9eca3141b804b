"""Opening a survey, inviting, reminding once, and closing it."""

from collections.abc import Sequence
from datetime import date, datetime
from random import Random, SystemRandom
from typing import Any

from sqlalchemy import Select, insert, select

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, table_of, transaction
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.models import Unit
from servicedesk.surveys import events
from servicedesk.surveys.commands.building import draft, has_questions, record
from servicedesk.surveys.commands.telling import tell_results
from servicedesk.surveys.links import Purpose, digest, new_token
from servicedesk.surveys.models import Invitation, Survey, SurveyLink
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.queries.settings import settings_of
from servicedesk.surveys.rules import REMIND_AFTER, Sampling, SurveyState
from servicedesk.surveys.suppression import rolled_up

#: Who is asked is drawn by dice that nobody can foresee.
_DICE: Random = SystemRandom()


def plan(survey_id: int, *, by: Actor, now: datetime, dice: Random = _DICE) -> Survey:
    """It can no longer be changed, and opens on its first day: now, if that has come."""
    with transaction():
        survey = draft(survey_id, by)
        if not has_questions(survey):
            raise RefusedError(N_("Skriv mindst ét spørgsmål, før målingen åbnes."))
        if survey.closes_on < _today(now):
            raise RefusedError(N_("Målingens sidste dag er gået. Ret den, før målingen åbnes."))
        survey.state = SurveyState.PLANNED
        record("survey_planned", survey, by, now)
        if survey.opens_on <= _today(now):
            _open(survey, by, now, dice)
    return survey


def take_back(survey_id: int, *, by: Actor, now: datetime) -> None:
    """A planned one can be changed again; nobody has been asked yet."""
    with transaction():
        survey = surveys.get(survey_id, by, SurveyPermission.RUN, lock=True)
        if survey.state is not SurveyState.PLANNED:
            raise ConflictError(N_("Målingen er ikke planlagt."))
        survey.state = SurveyState.DRAFT
        record("survey_taken_back", survey, by, now)


def close(survey_id: int, *, by: Actor, now: datetime) -> None:
    """Before its last day; its results are told, and nobody can answer any more."""
    with transaction():
        survey = surveys.get(survey_id, by, SurveyPermission.RUN, lock=True)
        if survey.state is not SurveyState.OPEN:
            raise ConflictError(N_("Målingen er ikke åben."))
        _close(survey, by, now)


def open_or_close_next(*, now: datetime) -> bool:
    """What opens today, or was to be closed yesterday; False when there is nothing."""
    with transaction() as session:
        survey = session.scalars(_due(_today(now))).first()
        if survey is None:
            return False
        if survey.state is SurveyState.PLANNED:
            _open(survey, SYSTEM, now, _DICE)
        else:
            _close(survey, SYSTEM, now)
    return True


def _due(today: date) -> Select[Survey]:
    opens = (Survey.state == SurveyState.PLANNED) & (Survey.opens_on <= today)
    ends = (Survey.state == SurveyState.OPEN) & (Survey.closes_on < today)
    due = select(Survey).where(opens | ends).order_by(Survey.id).limit(1)
    return due.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def _open(survey: Survey, by: Actor, now: datetime, dice: Random) -> None:
    """From here on it is fixed how many answers at least are told of."""
    least = settings_of(survey.customer_id).least
    unit = db.session.get_one(Unit, survey.unit_id)
    asked = _drawn(surveys.people_in(unit), survey, dice)
    if len(asked) < least:
        raise RefusedError(
            N_("Der skal spørges mindst %(least)s, for at noget kan fortælles. Her er %(found)s."),
            least=least,
            found=len(asked),
        )
    survey.state, survey.opened_at, survey.least = SurveyState.OPEN, now, least
    counts_for = _units_of_answers(unit, asked, least)
    rows = [_row(survey, id_, counts_for[unit_id]) for id_, unit_id in asked]
    db.session.flush()
    db.session.execute(insert(table_of(Invitation)), rows)
    record("survey_opened", survey, by, now, asked=len(rows), least=least)


def _row(survey: Survey, person_id: int, unit_id: int) -> dict[str, Any]:
    return {"survey_id": survey.id, "person_id": person_id, "unit_id": unit_id, "is_answered": False}


def _drawn(people: list[tuple[int, int]], survey: Survey, dice: Random) -> list[tuple[int, int]]:
    match survey.sampling:
        case Sampling.ALL:
            return people
        case Sampling.SHARE:
            number = -(-len(people) * (survey.amount or 0) // 100)
        case _:
            number = survey.amount or 0
    return sorted(dice.sample(people, min(number, len(people))))


def _units_of_answers(unit: Unit, asked: Sequence[tuple[int, int]], least: int) -> dict[int, int]:
    """By the unit in which people work, the one that their answers are written down for."""
    tree = db.session.execute(select(Unit.id, Unit.parent_id).where(Unit.path.startswith(unit.path)))
    parents = {id_: parent if id_ != unit.id else None for id_, parent in tree}
    numbers: dict[int, int] = {}
    for _person, unit_id in asked:
        numbers[unit_id] = numbers.get(unit_id, 0) + 1
    return rolled_up(parents, numbers, least)


def _close(survey: Survey, by: Actor, now: datetime) -> None:
    survey.state, survey.closed_at = SurveyState.CLOSED, now
    tell_results(survey)
    record("survey_closed", survey, by, now)


def _today(now: datetime) -> date:
    return now.astimezone(own_zone()).date()


# ------------------------------------------------------------------------------------------------ by mail


def invite_next(*, now: datetime) -> bool:
    """Invites the next person of an open survey; False when all are."""
    waiting = select(Invitation, Survey).join(Survey, Survey.id == Invitation.survey_id)
    waiting = waiting.where(Invitation.invited_at.is_(None), Survey.state == SurveyState.OPEN)
    return _mail_next(waiting.order_by(Invitation.id), events.SURVEY_ASKED, now)


def remind_next(*, now: datetime) -> bool:
    """Reminds the next who has not answered; each once."""
    waiting = select(Invitation, Survey).join(Survey, Survey.id == Invitation.survey_id)
    waiting = waiting.where(
        Invitation.invited_at <= now - REMIND_AFTER,
        Invitation.reminded_at.is_(None),
        Invitation.is_answered.is_(False),
        Survey.state == SurveyState.OPEN,
    )
    return _mail_next(waiting.order_by(Invitation.invited_at), events.SURVEY_REMINDED, now)


def _mail_next(waiting: Select[*tuple[Any, ...]], event: str, now: datetime) -> bool:
    if db.session.execute(waiting.limit(1)).first() is None:
        db.session.rollback()  # SQLite's only writer's place is not taken for nothing
        return False
    with transaction() as session:
        taken = waiting.limit(1).with_for_update(skip_locked=True, of=Invitation)
        row = session.execute(taken.execution_options(populate_existing=True)).first()
        if row is None:
            return False
        invitation, survey = row
        if event == events.SURVEY_ASKED:
            invitation.invited_at = now
        else:
            invitation.reminded_at = now
        _mail(survey, invitation, event, now)
    return True


def _mail(survey: Survey, invitation: Invitation, event: str, now: datetime) -> None:
    token = new_token()
    db.session.add(SurveyLink(digest=digest(token, Purpose.SURVEY), invitation_id=invitation.id))
    news = News(
        event=event,
        thread=f"survey-{survey.id}",
        source=f"survey-{survey.id}:{event}",
        path=f"/surveys/{survey.id}/answer",
        customer_id=survey.customer_id,
        template=event,
        mail={
            "title": survey.title,
            "intro": survey.intro,
            "url": f"/survey/{token}",
            "closes_on": survey.closes_on.isoformat(),
            "is_anonymous": survey.is_anonymous,
        },
    )
    tell(news, [invitation.person_id], by=SYSTEM, now=now)
