"""Whether a course or a visit helped: how many needed to be shown something before and after, of the same people.

How many people there are is only known of today, so that today's number is taken for both sides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from servicedesk.competence import counting
from servicedesk.competence.models import Visit
from servicedesk.competence.rules import Verdict, Windows, verdict_of, windows
from servicedesk.competence.statistics import Change, Counted, change, per_hundred, person_years
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.training.models import Course, Session, SignUp
from servicedesk.training.policy import SessionPermission
from servicedesk.training.rules import SignUpState

#: Sessions whose effect a page tells of.
MOST_SESSIONS = 12


@dataclass(frozen=True)
class Effect:
    """What happened before and after a day."""

    people: int
    windows: Windows
    change: Change

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.change, self.people, self.windows.after)

    @property
    def before(self) -> float | None:
        """For 100 people and a year."""
        return per_hundred(self.change.before.rate)

    @property
    def after(self) -> float | None:
        return per_hundred(self.change.after.rate)

    @property
    def percent(self) -> int | None:
        """By how much the rate changed."""
        return None if self.change.ratio is None else round(100 * (self.change.ratio - 1))

    @property
    def limits(self) -> tuple[int, int | None] | None:
        """Between which changes, in per cent, the true one lies, with 95 % certainty; without an upper one, any."""
        if self.change.interval is None:
            return None
        lower, upper = self.change.interval
        return round(100 * (lower - 1)), None if upper is None else round(100 * (upper - 1))

    def kept(self) -> dict[str, Any]:
        """As it is kept with a follow-up."""
        return {
            "people": self.people,
            "on": (self.windows.before_to + timedelta(days=1)).isoformat(),
            "until": self.windows.after_to.isoformat(),
            "before": self.change.before.tickets,
            "after": self.change.after.tickets,
        }

    @classmethod
    def of_kept(cls, told: dict[str, Any]) -> "Effect":
        span = windows(date.fromisoformat(told["on"]), date.fromisoformat(told["until"]))
        return _effect(told["people"], span, told["before"], told["after"])


def _effect(people: int, span: Windows, before: int, after: int) -> Effect:
    first = Counted(before, person_years(people, span.before.days))
    second = Counted(after, person_years(people, span.after.days))
    return Effect(people, span, change(first, second))


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    return clock.day_begins(first), clock.day_begins(last + timedelta(days=1))


# ------------------------------------------------------------------------------------------------ visits


def of_visit(visit: Visit, path: str, today: date) -> Effect:
    """Of everybody who works in the unit or below it, about the visit's system or all; three queries."""
    span = windows(visit.visit_on, today)
    below = select(Unit.id).where(Unit.path.startswith(path))
    people = select(func.count()).where(
        Person.customer_id == visit.customer_id, Person.is_active, Person.unit_id.in_(below)
    )

    def counted(first: date, last: date) -> int:
        return counting.in_units(visit.customer_id, *_instants(first, last), path=path, system_id=visit.system_id)

    before, after = counted(span.before_from, span.before_to), counted(span.after_from, span.after_to)
    return _effect(db.session.scalar(people) or 0, span, before, after)


# ------------------------------------------------------------------------------------------------ courses


class OfSession(NamedTuple):
    session: Session
    systems: Collection[str]
    effect: Effect


def of_session(session: Session, attended: Collection[int], today: date) -> Effect:
    """Of those who came, about the course's systems; two queries."""
    held_on = session.starts_at.astimezone(clock.own_zone()).date()
    span, systems = windows(held_on, today), [one.id for one in session.course.systems]
    before = counting.of_people(attended, *_instants(span.before_from, span.before_to), systems)
    after = counting.of_people(attended, *_instants(span.after_from, span.after_to), systems)
    return _effect(len(attended), span, before, after)


def get_session(session_id: int, who: Actor) -> Session:
    """One whose list of who came the person may see; raises NotFoundError."""
    found = db.session.scalar(_sessions(who).where(Session.id == session_id))
    if found is None:
        raise NotFoundError
    return found


def held_sessions(customer_id: int, who: Actor, now: datetime) -> list[OfSession]:
    """The last ones to which anybody came, newest first."""
    came = select(SignUp.session_id).where(SignUp.state == SignUpState.ATTENDED)
    query = _sessions(who).where(Session.customer_id == customer_id, Session.ends_at <= now, Session.id.in_(came))
    found = db.session.scalars(query.order_by(Session.starts_at.desc()).limit(MOST_SESSIONS)).all()
    by_session, today = attended([one.id for one in found]), now.astimezone(clock.own_zone()).date()
    return [
        OfSession(one, [system.name for system in one.course.systems], of_session(one, by_session[one.id], today))
        for one in found
    ]


def attended(ids: Collection[int]) -> dict[int, list[int]]:
    """Who came to each."""
    query = select(SignUp.session_id, SignUp.person_id).where(
        SignUp.session_id.in_(ids), SignUp.state == SignUpState.ATTENDED
    )
    found: dict[int, list[int]] = {id_: [] for id_ in ids}
    for session_id, person_id in db.session.execute(query):
        found[session_id].append(person_id)
    return found


def _sessions(who: Actor) -> Select[Session]:
    query = select(Session).join(Course, Course.id == Session.course_id)
    query = query.where(granted(SessionPermission.HOLD, who), Session.cancelled_at.is_(None))
    return query.options(contains_eager(Session.course).options(selectinload(Course.systems)))
