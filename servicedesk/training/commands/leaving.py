"""Giving back the seats of people who have left."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.organisation.models import Person
from servicedesk.training.commands.checking import note
from servicedesk.training.commands.sessions import fill_seats
from servicedesk.training.models import Session, SignUp
from servicedesk.training.rules import SignUpState


def give_back_next(*, now: datetime) -> bool:
    """Takes whoever has left off the next session to come, and fills the seats from the line; False when nobody has."""
    if db.session.scalar(_left_by_somebody(now)) is None:
        db.session.rollback()
        return False
    with transaction() as session:
        held = session.scalar(_left_by_somebody(now).with_for_update(skip_locked=True, of=Session))
        if held is None:
            return False
        for one in session.scalars(_gone().where(SignUp.session_id == held.id)).all():
            one.state, one.changed_at, one.sequence = SignUpState.CANCELLED, now, one.sequence + 1
            about = ("course_session", held.id)
            note("signed_off_course", about, held.customer_id, SYSTEM, now, person_id=one.person_id)
        session.flush()
        fill_seats(held, by=SYSTEM, now=now)
    return True


def _left_by_somebody(now: datetime) -> Select[Session]:
    to_come = select(Session).where(Session.cancelled_at.is_(None), Session.starts_at > now)
    to_come = to_come.where(_gone().where(SignUp.session_id == Session.id).exists())
    return to_come.options(joinedload(Session.course)).order_by(Session.id).limit(1)


def _gone() -> Select[SignUp]:
    """Places of people who are no longer here; nobody tells them."""
    states = (SignUpState.SIGNED_UP, SignUpState.WAITING)
    query = select(SignUp).join(Person, Person.id == SignUp.person_id)
    return query.where(SignUp.state.in_(states), Person.is_active.is_(False))
