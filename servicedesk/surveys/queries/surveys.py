"""Reading surveys: those that somebody runs, and the one that somebody is asked to answer."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, true

from servicedesk.core.actor import SYSTEM, Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.organisation.scope import within
from servicedesk.surveys.errors import LinkUsedError
from servicedesk.surveys.links import Purpose, digest
from servicedesk.surveys.models import Invitation, Question, Survey, SurveyLink
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.rules import SurveyState

#: Surveys that a list shows, the newest first.
MOST = 200


def get(survey_id: int, who: Actor, permission: SurveyPermission, *, lock: bool = False) -> Survey:
    """Raises NotFoundError."""
    query = select(Survey).where(Survey.id == survey_id, granted(permission, who))
    if lock:
        query = query.with_for_update(of=Survey)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


class Listed(NamedTuple):
    survey: Survey
    unit: str


def run_by(who: Actor) -> Sequence[Listed]:
    return _listed(who, SurveyPermission.RUN)


def told_to(who: Actor) -> Sequence[Listed]:
    """Closed ones of which something is told to `who`."""
    return [one for one in _listed(who, SurveyPermission.SEE_RESULTS) if one.survey.state is SurveyState.CLOSED]


def _listed(who: Actor, permission: SurveyPermission) -> list[Listed]:
    query = select(Survey, Unit.name).join(Unit, Unit.id == Survey.unit_id).where(granted(permission, who))
    return [Listed(*row) for row in db.session.execute(query.order_by(Survey.id.desc()).limit(MOST))]


def questions_of(survey_id: int) -> list[Question]:
    """Of a survey that the caller has been let in to see."""
    query = select(Question).where(Question.survey_id == survey_id).order_by(Question.position, Question.id)
    return list(db.session.scalars(query))


def get_question(survey: Survey, question_id: int) -> Question:
    query = select(Question).where(Question.id == question_id, Question.survey_id == survey.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def units(who: Actor) -> list[Unit]:
    """Those whose people `who` may ask."""
    return in_tree_order(db.session.scalars(select(Unit).where(Unit.is_active, _may_ask(who))).all())


def find_unit(unit_id: int, who: Actor) -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.id == unit_id, Unit.is_active, _may_ask(who))).one_or_none()


def _may_ask(who: Actor) -> ColumnElement[bool]:
    return true() if who is SYSTEM else within(who.granted(Role.SERVICEDESK_MANAGER), customer=Unit.customer_id)


def unit_name(survey: Survey) -> str:
    return db.session.get_one(Unit, survey.unit_id).name


class Progress(NamedTuple):
    asked: int
    answered: int
    is_any_unsent: bool


def progress(survey: Survey) -> Progress:
    """How many have answered so far: of all, and nothing else while it is open."""
    answered = func.count().filter(Invitation.is_answered)
    unsent = func.count().filter(Invitation.invited_at.is_(None))
    asked, done, left = db.session.execute(
        select(func.count(), answered, unsent).where(Invitation.survey_id == survey.id)
    ).one()
    return Progress(asked, done, left > 0)


def people_in(unit: Unit) -> list[tuple[int, int]]:
    """(person, unit) for everybody who works there or below it."""
    query = (
        select(Person.id, Person.unit_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.is_active, Unit.path.startswith(unit.path), Person.customer_id == unit.customer_id)
        .order_by(Person.id)
    )
    return [(id_, unit_id) for id_, unit_id in db.session.execute(query)]


# ------------------------------------------------------------------------------------------------ answering


class ToAnswer(NamedTuple):
    survey: Survey
    invitation: Invitation


def of_token(token: str) -> ToAnswer:
    """Raises LinkUsedError: it never was, the survey is over, or the person has left."""
    query = (
        select(Survey, Invitation)
        .join(Invitation, Invitation.survey_id == Survey.id)
        .join(SurveyLink, SurveyLink.invitation_id == Invitation.id)
        .join(Person, Person.id == Invitation.person_id)
        .where(SurveyLink.digest == digest(token, Purpose.SURVEY), Survey.state == SurveyState.OPEN, Person.is_active)
    )
    row = db.session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise LinkUsedError
    return ToAnswer(*row)


def of_person(survey_id: int, who: Actor) -> ToAnswer:
    """The survey that `who` is asked to answer; raises NotFoundError, or ConflictError when it is over."""
    query = (
        select(Survey, Invitation)
        .join(Invitation, Invitation.survey_id == Survey.id)
        .where(Survey.id == survey_id, Invitation.person_id == who.id)
    )
    row = db.session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError
    if row[0].state is not SurveyState.OPEN:
        raise ConflictError(N_("Målingen er lukket, så den kan ikke besvares mere."))
    return ToAnswer(*row)
