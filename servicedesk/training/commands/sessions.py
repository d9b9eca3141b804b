"""Saying when a course is held, moving that, and calling it off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.notifications import commands as notifications
from servicedesk.notifications.commands import News, tell_all
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Person
from servicedesk.organisation.texts import line
from servicedesk.training import events, invitations
from servicedesk.training.commands.checking import held_course, note
from servicedesk.training.models import Course, Session, SignUp
from servicedesk.training.policy import SessionPermission
from servicedesk.training.rules import CourseKind, SignUpState

MOST_SEATS = 1_000
LONGEST = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class SessionTerms:
    """When and where, for how many, and with whom."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    place: str = ""
    instructor_id: int | None = None


def plan_session(course_id: int, terms: SessionTerms, *, by: Actor, now: datetime) -> Session:
    with transaction() as session:
        course = held_course(course_id, by)
        if course.kind is CourseKind.GUIDELINE or not course.is_active:
            raise ConflictError(N_("Kurset holdes ikke."))
        told = _checked(terms, course, now)
        made = {"uid": token_hex(16), "by_id": by.id, "made_at": now, "changed_at": now}
        planned = Session(course_id=course.id, customer_id=course.customer_id, course=course, **made, **told)
        session.add(planned)
        session.flush()
        note("session_planned", ("course_session", planned.id), course.customer_id, by, now, course_id=course.id)
    return planned


def change_session(session_id: int, terms: SessionTerms, *, seen: int | None, by: Actor, now: datetime) -> Session:
    """Calendars get it anew under the same UID; more seats go to those who wait."""
    with transaction():
        held = held_session(session_id, by, SessionPermission.MANAGE)
        check_to_come(held, now)
        if seen is not None and seen != held.sequence:
            raise ConflictError(N_("Tidspunktet er ændret, siden du åbnede det. Se det igen, og ret så."))
        changes = change(held, **_checked(terms, held.course, now))
        if changes:
            held.sequence, held.changed_at = held.sequence + 1, now
            facts = {"changed": sorted(changes)}
            note("session_changed", ("course_session", held.id), held.customer_id, by, now, **facts)
            if changes.keys() & {"starts_at", "ends_at", "place"}:
                tell(held, _signed_up(held), "changed", by=by, now=now)
            fill_seats(held, by=by, now=now)
    return held


def cancel_session(session_id: int, *, by: Actor, now: datetime) -> Session:
    """It goes out of the calendars of everybody who was to come."""
    with transaction():
        held = held_session(session_id, by, SessionPermission.MANAGE)
        check_to_come(held, now)
        held.cancelled_at = held.changed_at = now
        held.sequence += 1
        note("session_cancelled", ("course_session", held.id), held.customer_id, by, now)
        tell(held, _signed_up(held), "cancelled", by=by, now=now)
    return held


def fill_seats(held: Session, *, by: Actor, now: datetime) -> list[SignUp]:
    """Gives the seats that are free to those who have waited longest, and tells them. The session's row is held."""
    rows = _signed_up(held)
    free = held.seats - sum(one.state is not SignUpState.WAITING for one in rows)
    waiting = [one for one in rows if one.state is SignUpState.WAITING and one.person.is_active]
    moved = waiting[: max(free, 0)]
    for one in moved:
        one.state, one.changed_at, one.sequence = SignUpState.SIGNED_UP, now, one.sequence + 1
    db.session.flush()
    tell(held, moved, "seated", by=by, now=now)
    return moved


def tell(held: Session, sign_ups: Iterable[SignUp], what: str, *, by: Actor, now: datetime) -> None:
    """Those persons, each with his or her own invitation; whoever did it gets it as a receipt."""
    organiser = db.session.get(Person, held.instructor_id or held.by_id or 0)
    tidings = []
    for one in sign_ups:
        news = _news(held, one, what, organiser)
        if one.person_id == by.id:
            # Several a session may come to the same person, so that it has no place in one conversation.
            notifications.add(template=news.template, person=one.person, facts=dict(news.mail), now=now)
        else:
            tidings.append((news, [one.person_id]))
    tell_all(tidings, by=by, now=now)


def _news(held: Session, one: SignUp, what: str, organiser: Person | None) -> News:
    said: dict[str, Any] = {
        "what": what,
        "number": held.course.name,
        "subject": held.course.name,
        "place": held.place,
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat(),
        "url": f"/training/sessions/{held.id}",
    }
    # Who waits has nothing in the calendar, neither to put there nor to take out.
    if one.state is not SignUpState.WAITING:
        calendar = invitations.invitation(held, one, one.person, organiser, is_off=what == "off")
        said |= {"calendar": calendar} if calendar else {}
    return News(
        event=events.SESSION,
        thread=f"session-{held.id}",
        source=f"session-{held.id}:{one.person_id}:{held.sequence}:{one.sequence}:{what}",
        path=str(said["url"]),
        customer_id=held.customer_id,
        facts={"what": what},
        template=events.SESSION,
        mail=said,
    )


def _signed_up(held: Session) -> list[SignUp]:
    """With the persons, in the order of the line."""
    states = (SignUpState.SIGNED_UP, SignUpState.WAITING, SignUpState.ATTENDED, SignUpState.ABSENT)
    query = select(SignUp).where(SignUp.session_id == held.id, SignUp.state.in_(states))
    query = query.options(joinedload(SignUp.person)).order_by(SignUp.at, SignUp.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def held_session(session_id: int, by: Actor, permission: SessionPermission) -> Session:
    """With its course, locked until the transaction ends; raises NotFoundError."""
    query = select(Session).where(Session.id == session_id, granted(permission, by))
    query = query.options(joinedload(Session.course)).with_for_update(of=Session)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def check_to_come(held: Session, now: datetime) -> None:
    if held.cancelled_at is not None:
        raise ConflictError(N_("Kurset er aflyst."))
    if held.ends_at <= now:
        raise ConflictError(N_("Kurset er holdt."))


def _checked(terms: SessionTerms, course: Course, now: datetime) -> dict[str, Any]:
    if terms.ends_at <= terms.starts_at:
        raise FieldRefusedError("ends", N_("Kurset slutter, før det begynder."))
    if terms.ends_at - terms.starts_at > LONGEST:
        raise FieldRefusedError("ends", N_("Kurset varer mere end en måned. Del det op."))
    if terms.ends_at <= now:
        raise FieldRefusedError("starts", N_("Tidspunktet ligger i fortiden."))
    if not 0 < terms.seats <= MOST_SEATS:
        raise FieldRefusedError("seats", N_("Skriv et antal pladser mellem 1 og %(most)s."), most=MOST_SEATS)
    instructor = db.session.get(Person, terms.instructor_id) if terms.instructor_id is not None else None
    is_fit = instructor is not None and instructor.is_active and instructor.customer_id == course.customer_id
    if terms.instructor_id is not None and not is_fit:
        raise FieldRefusedError("instructor", N_("Vælg en kollega i samme organisation."))
    return {
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "seats": terms.seats,
        "place": line(terms.place, "place", is_needed=False),
        "instructor_id": terms.instructor_id,
    }
