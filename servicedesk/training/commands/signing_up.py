"""Taking a seat at a session, giving it back, and noting who came."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person
from servicedesk.training.commands import records
from servicedesk.training.commands.checking import note
from servicedesk.training.commands.sessions import check_to_come, fill_seats, held_session, tell
from servicedesk.training.models import Session, SignUp
from servicedesk.training.policy import SessionPermission
from servicedesk.training.rules import SignUpState

#: Those who hold it may begin to note who has come.
BEFORE_START = timedelta(hours=1)
_HAS_PLACE = (SignUpState.SIGNED_UP, SignUpState.WAITING, SignUpState.ATTENDED, SignUpState.ABSENT)


def sign_up(session_id: int, *, by: Actor, now: datetime) -> SignUp:
    """Takes a seat, or the last place in the line when there is none; said again, nothing happens."""
    with transaction() as session:
        held = held_session(session_id, by, SessionPermission.READ)
        _check_open(held, now)
        person = session.get_one(Person, by.id)
        if person.customer_id != held.customer_id:
            raise NotFoundError
        return _place(held, person, by=by, now=now)


def add_participant(session_id: int, person_id: int, *, by: Actor, now: datetime) -> SignUp:
    """By whoever holds it, also on the day: who is there has a seat, however many there are."""
    with transaction() as session:
        held = held_session(session_id, by, SessionPermission.HOLD)
        if held.cancelled_at is not None:
            raise ConflictError(N_("Kurset er aflyst."))
        person = session.get(Person, person_id)
        if person is None or not person.is_active or person.customer_id != held.customer_id:
            raise FieldRefusedError("person", N_("Vælg en kollega i samme organisation."))
        return _place(held, person, by=by, now=now, always=held.starts_at - BEFORE_START <= now)


def sign_off(session_id: int, *, by: Actor, now: datetime) -> SignUp:
    """Gives the seat to whoever has waited longest; said again, nothing happens."""
    with transaction():
        held = held_session(session_id, by, SessionPermission.READ)
        _check_open(held, now)
        own = _find(held, by.id)
        if own is None:
            raise ConflictError(N_("Du er ikke tilmeldt kurset."))
        if own.state in (SignUpState.SIGNED_UP, SignUpState.WAITING):
            was_seated = own.state is SignUpState.SIGNED_UP
            _move(own, SignUpState.CANCELLED, now)
            note("signed_off_course", ("course_session", held.id), held.customer_id, by, now)
            if was_seated:
                tell(held, [own], "off", by=by, now=now)
                fill_seats(held, by=by, now=now)
        return own


def take_attendance(session_id: int, present: Collection[int], *, by: Actor, now: datetime) -> int:
    """Who came has a record; who is taken off the list again has it withdrawn. Answers how many came."""
    with transaction():
        held = held_session(session_id, by, SessionPermission.HOLD)
        if held.cancelled_at is not None:
            raise ConflictError(N_("Kurset er aflyst."))
        if held.starts_at - BEFORE_START > now:
            raise ConflictError(N_("Fremmødet kan noteres, når kurset begynder."))
        came = [_note_one(held, one, one.person_id in present, by, now) for one in _everybody(held)]
        facts = {"present": sum(came), "of": len(came)}
        note("attendance_taken", ("course_session", held.id), held.customer_id, by, now, **facts)
    return sum(came)


def _note_one(held: Session, one: SignUp, is_present: bool, by: Actor, now: datetime) -> bool:
    on = held.starts_at.astimezone(clock.own_zone()).date()
    if is_present:
        one.state = SignUpState.ATTENDED
        records.of_attendance(held, one.person_id, on, by=by, now=now)
    else:
        if one.state is SignUpState.ATTENDED:
            records.withdraw_attendance(held, one.person_id, by=by, now=now)
        one.state = SignUpState.WAITING if one.state is SignUpState.WAITING else SignUpState.ABSENT
    one.changed_at = now
    return is_present


def _place(held: Session, person: Person, *, by: Actor, now: datetime, always: bool = False) -> SignUp:
    own = _find(held, person.id)
    if own is not None and own.state in _HAS_PLACE and not (always and own.state is SignUpState.WAITING):
        return own
    has_seat = always or (_taken(held) < held.seats and not _has_line(held))
    state = SignUpState.SIGNED_UP if has_seat else SignUpState.WAITING
    if own is None:
        own = SignUp(session_id=held.id, person_id=person.id, person=person, sequence=0)
        db.session.add(own)
    own.at, own.by_id = now, by.id
    _move(own, state, now)
    db.session.flush()
    facts = {"person_id": person.id, "state": state.value}
    note("signed_up_for_course", ("course_session", held.id), held.customer_id, by, now, **facts)
    if held.starts_at > now:
        tell(held, [own], "seated" if has_seat else "waiting", by=by, now=now)
    return own


def _move(one: SignUp, state: SignUpState, now: datetime) -> None:
    one.state, one.changed_at, one.sequence = state, now, one.sequence + 1


def _taken(held: Session) -> int:
    states = (SignUpState.SIGNED_UP, SignUpState.ATTENDED, SignUpState.ABSENT)
    query = select(func.count()).select_from(SignUp).where(SignUp.session_id == held.id, SignUp.state.in_(states))
    return db.session.scalar(query) or 0


def _has_line(held: Session) -> bool:
    """Of people who are still here."""
    query = select(SignUp.id).join(Person, Person.id == SignUp.person_id).where(Person.is_active)
    query = query.where(SignUp.session_id == held.id, SignUp.state == SignUpState.WAITING)
    return db.session.scalar(query.limit(1)) is not None


def _find(held: Session, person_id: int | None) -> SignUp | None:
    query = select(SignUp).where(SignUp.session_id == held.id, SignUp.person_id == person_id)
    query = query.options(joinedload(SignUp.person)).execution_options(populate_existing=True)
    return db.session.scalar(query)


def _everybody(held: Session) -> list[SignUp]:
    query = select(SignUp).where(SignUp.session_id == held.id, SignUp.state.in_(_HAS_PLACE)).order_by(SignUp.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _check_open(held: Session, now: datetime) -> None:
    check_to_come(held, now)
    if held.starts_at <= now:
        raise ConflictError(N_("Kurset er begyndt."))
    if not held.course.is_active:
        raise ConflictError(N_("Kurset holdes ikke."))
