"""Sessions, who comes to them, and what seats are left."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import sort_key
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.training.models import Course, Session, SignUp
from servicedesk.training.policy import SessionPermission
from servicedesk.training.rules import SignUpState

#: States in which somebody has one of the seats.
SEATED = (SignUpState.SIGNED_UP, SignUpState.ATTENDED, SignUpState.ABSENT)
#: Sessions on a page of what is over.
MOST_PAST = 50


@dataclass(frozen=True)
class Seating:
    """A session with what seats are left, as one person sees it."""

    session: Session
    taken: int
    waiting: int
    #: The person's own place; None when he or she has none.
    own: SignUpState | None

    @property
    def free(self) -> int:
        return max(self.session.seats - self.taken, 0)


def get_session(session_id: int, who: Actor, permission: SessionPermission = SessionPermission.READ) -> Session:
    """With its course and who holds it; raises NotFoundError."""
    query = select(Session).join(Course, Course.id == Session.course_id)
    query = query.where(Session.id == session_id, granted(permission, who))
    query = query.options(contains_eager(Session.course), joinedload(Session.instructor))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def may_hold(session: Session, who: Actor) -> bool:
    query = select(Session.id).where(Session.id == session.id, granted(SessionPermission.HOLD, who))
    return db.session.scalar(query) is not None


def may_manage_session(session: Session, who: Actor) -> bool:
    query = select(Session.id).where(Session.id == session.id, granted(SessionPermission.MANAGE, who))
    return db.session.scalar(query) is not None


def seating_of(session: Session, who: Actor) -> Seating:
    return _seated([session], who)[0]


def sign_up_of(session: Session, who: Actor) -> SignUp | None:
    query = select(SignUp).where(SignUp.session_id == session.id, SignUp.person_id == who.id)
    return db.session.scalar(query)


def colleague_named(text: str, session: Session) -> Person | None:
    """Somebody of the session's customer by initials, mail or whole name, when only one is called so."""
    typed = text.strip()
    is_called = or_(Person.initials == typed.lower(), Person.email == typed.lower(), Person.name == typed)
    query = select(Person).where(Person.customer_id == session.customer_id, Person.is_active, is_called)
    found = db.session.scalars(query.limit(2)).all() if typed else []
    return found[0] if len(found) == 1 else None


def seatings(
    who: Actor, now: datetime, *, course_ids: Collection[int] = (), ids: Collection[int] = (), past: bool = False
) -> list[Seating]:
    """Sessions of some courses, and those named: to come with the next first, or else the newest that are over."""
    query = select(Session).where(granted(SessionPermission.READ, who))
    query = query.options(joinedload(Session.course), joinedload(Session.instructor))
    query = query.where(or_(Session.course_id.in_(course_ids), Session.id.in_(ids)))
    if past:
        query = query.where(Session.ends_at <= now).order_by(Session.starts_at.desc()).limit(MOST_PAST)
    else:
        query = query.where(Session.ends_at > now).order_by(Session.starts_at, Session.id)
    return _seated(db.session.scalars(query).all(), who)


def of_instructor(who: Actor, now: datetime) -> list[Seating]:
    """What the person holds: to come, and what was held within the last weeks."""
    query = select(Session).where(Session.instructor_id == who.id, Session.cancelled_at.is_(None))
    query = query.options(joinedload(Session.course), joinedload(Session.instructor))
    found = db.session.scalars(query.order_by(Session.starts_at.desc()).limit(MOST_PAST)).all()
    return _seated(found[::-1], who)


def _seated(sessions: Sequence[Session], who: Actor) -> list[Seating]:
    ids = [one.id for one in sessions]
    counts: dict[int, dict[SignUpState, int]] = defaultdict(dict)
    query = select(SignUp.session_id, SignUp.state, func.count()).where(SignUp.session_id.in_(ids))
    for session_id, state, count in db.session.execute(query.group_by(SignUp.session_id, SignUp.state)) if ids else ():
        counts[session_id][state] = count
    own = own_sign_ups(ids, who)
    return [
        Seating(
            one,
            sum(counts[one.id].get(state, 0) for state in SEATED),
            counts[one.id].get(SignUpState.WAITING, 0),
            own.get(one.id),
        )
        for one in sessions
    ]


def own_sign_ups(ids: Collection[int], who: Actor) -> dict[int, SignUpState]:
    query = select(SignUp.session_id, SignUp.state).where(SignUp.person_id == who.id, SignUp.session_id.in_(ids))
    rows = db.session.execute(query) if ids and who.id is not None else ()
    return {row.session_id: row.state for row in rows if row.state is not SignUpState.CANCELLED}


def own_sessions(who: Actor, now: datetime) -> list[int]:
    """Sessions to come at which the person has a place, or waits for one."""
    query = select(Session.id).join(SignUp, SignUp.session_id == Session.id)
    query = query.where(SignUp.person_id == who.id, SignUp.state.in_((SignUpState.SIGNED_UP, SignUpState.WAITING)))
    query = query.where(Session.ends_at > now, Session.cancelled_at.is_(None)).order_by(Session.starts_at)
    return list(db.session.scalars(query))


def participants(session: Session) -> list[SignUp]:
    """With the persons: those with a seat by name, then those in line in their order."""
    query = select(SignUp).join(Person, Person.id == SignUp.person_id).where(SignUp.session_id == session.id)
    query = query.where(SignUp.state != SignUpState.CANCELLED).options(
        contains_eager(SignUp.person).joinedload(Person.unit)
    )
    found = db.session.scalars(query.order_by(SignUp.at, SignUp.id)).all()
    seated = sorted((one for one in found if one.state in SEATED), key=lambda one: sort_key(one.person.name))
    return [*seated, *(one for one in found if one.state is SignUpState.WAITING)]


def in_line(session: Session, who: Actor) -> int:
    """How many stand before the person in the line, that one counted in; 0 when he or she does not wait."""
    query = select(SignUp.person_id).where(SignUp.session_id == session.id, SignUp.state == SignUpState.WAITING)
    waiting = list(db.session.scalars(query.order_by(SignUp.at, SignUp.id)))
    return waiting.index(who.id) + 1 if who.id in waiting else 0
