"""Odby's training: courses and sessions, what is required, and records with believable gaps.

Courses, requirements and sessions by the commands that people use; records and sign-ups in a few statements, since a
town of two thousand has many thousands of them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.clock import local_midnight
from servicedesk.core.db import db, table_of, transaction
from servicedesk.demo import texts
from servicedesk.demo.town import Row, Someone, Town
from servicedesk.organisation.models import RoleGrant
from servicedesk.training import commands, due, queries
from servicedesk.training.commands.reminding import chiefs
from servicedesk.training.models import Course, Record, Reminder, Session, SignUp
from servicedesk.training.reckoning import Need
from servicedesk.training.rules import CourseKind, SignUpState, Source

#: Since when the town asks for it.
SINCE = timedelta(days=400)
#: Who coordinates it works there.
COORDINATORS = "HR og Arbejdsmiljø"
_HOW = {
    CourseKind.CLASSROOM: Source.ATTENDANCE,
    CourseKind.ELEARNING: Source.IMPORT,
    CourseKind.LOCAL: Source.INSTRUCTION,
    CourseKind.GUIDELINE: Source.SIGNATURE,
}


def teach(town: Town, now: datetime, rng: Random) -> None:
    """The face of the employee lacks something, and so do some of the manager's staff."""
    told: Any = texts.load("training")
    coordinator = town.place(COORDINATORS).people[1]
    today = local_midnight(now).date()
    with transaction() as session:
        session.execute(insert(table_of(RoleGrant)), [_grant(coordinator, town, today)])
        shares: dict[int, int] = {}
        for one in told["course"]:
            course = _add(town, one, now - SINCE)
            shares[course.id] = one["met"]
            if course.kind is CourseKind.GUIDELINE:
                for body, days in ((told["guideline_old"], 399), (told["guideline"], 20)):
                    commands.publish(course.id, body=body, seen=None, by=SYSTEM, now=now - timedelta(days=days))
            _require(town, course, one, now - SINCE)
            if "taught" in one:
                _hold(town, course, one["taught"], coordinator, now, rng)
        _record(town, shares, today, now, rng)
        _remind(town, today, now)


def _remind(town: Town, today: date, now: datetime) -> None:
    """Everybody who lacks something heard of it this week: a trial does not begin with a thousand mails."""
    customer_id, at = town.root.id, now - timedelta(hours=3)
    standing = queries.statuses(customer_id, today)
    told = {"week_on": due.week_of(today), "customer_id": customer_id, "at": at}
    found = due.reminders(standing, chiefs(customer_id, today), {})
    rows = [{"person_id": one.person_id, "told": sorted(one.what), **told} for one in found]
    db.session.execute(insert(table_of(Reminder)), rows)


def _grant(someone: Someone, town: Town, today: date) -> Row:
    starts_on = today - timedelta(days=900)
    return {
        "person_id": someone.id,
        "role": Role.TRAINING_COORDINATOR,
        "unit_id": town.root.id,
        "starts_on": starts_on,
    }


def _add(town: Town, one: dict[str, Any], at: datetime) -> Course:
    terms = commands.CourseTerms(
        name=one["name"],
        kind=CourseKind(one["kind"]),
        description=one.get("description", ""),
        link=one.get("link", ""),
        minutes=one.get("minutes"),
        system_ids=tuple(town.system(name).id for name in one.get("systems", ())),
    )
    return commands.add_course(town.root.id, terms, by=SYSTEM, now=at)


def _require(town: Town, course: Course, one: dict[str, Any], at: datetime) -> None:
    for asked in one["requires"]:
        terms = commands.RequirementTerms(
            course_id=course.id,
            system_id=town.system(asked["system"]).id if "system" in asked else None,
            role=Role(asked["role"]) if "role" in asked else None,
            title=asked.get("title", ""),
            is_mandatory=not asked.get("is_recommended", False),
            deadline_days=asked["days"],
            validity_months=asked.get("months"),
            starts_on=at.date(),
            note=asked.get("note", ""),
        )
        commands.make_requirement(town.root.id, terms, by=SYSTEM, now=at)


def _hold(town: Town, course: Course, place: str, teacher: Someone, now: datetime, rng: Random) -> None:
    """One in two weeks with a seat or two left, and one in five that is still empty."""
    for weeks, share in ((2, 0.8), (5, 0.0)):
        monday = local_midnight(now) - timedelta(days=now.weekday())
        starts_at = monday + timedelta(days=7 * weeks + rng.randrange(4), hours=9)
        terms = commands.SessionTerms(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=course.minutes or 60),
            seats=12,
            place=place,
            instructor_id=teacher.id,
        )
        session = commands.plan_session(course.id, terms, by=SYSTEM, now=now - timedelta(days=20))
        _sign_up(town, session, course, int(12 * share), now, rng)


def _sign_up(town: Town, session: Session, course: Course, many: int, now: datetime, rng: Random) -> None:
    standing = queries.statuses(course.customer_id, now.date(), course_id=course.id)
    shown = {town.faces.employee.id, town.faces.superbruger.id}
    asked = [one.id for one in standing.learners if one.id not in shown and standing.lines(one.id)]
    at = now - timedelta(days=9)
    told = {"session_id": session.id, "state": SignUpState.SIGNED_UP, "at": at, "changed_at": at}
    rows = [{"person_id": id_, **told} for id_ in rng.sample(asked, min(many, len(asked)))]
    if rows:
        db.session.execute(insert(table_of(SignUp)), rows)


def _record(town: Town, shares: dict[int, int], today: date, now: datetime, rng: Random) -> None:
    """Each has taken most of what is asked of him or her, some of it long ago; the employee's face lacks the newest."""
    standing = queries.statuses(town.root.id, today)
    rows = []
    for learner in standing.learners:
        needs = {line.need.course_id: line.need for line in standing.lines(learner.id)}
        for need in needs.values():
            is_lacking = learner.id == town.faces.employee.id and need.kind is CourseKind.CLASSROOM
            if not is_lacking and rng.randrange(100) < shares[need.course_id]:
                rows += list(_taken(need, learner.id, town.root.id, today, now, rng))
    db.session.execute(insert(table_of(Record)), rows)


def _taken(need: Need, person_id: int, customer_id: int, today: date, now: datetime, rng: Random) -> Iterator[Row]:
    """A guideline's old version was signed by nearly all of them, its new one by some so far."""
    told = {"customer_id": customer_id, "person_id": person_id, "course_id": need.course_id, "made_at": now}
    told |= {"source": _HOW[need.kind], "evidence": "", "reason": "", "expires_on": None, "ends_on": None}
    if need.kind is CourseKind.GUIDELINE:
        yield {**told, "obtained_on": today - timedelta(days=rng.randrange(30, 390)), "version": 1}
        if rng.random() < 0.6:
            yield {**told, "obtained_on": today - timedelta(days=rng.randrange(19)), "version": 2}
        return
    # A little further back than it holds: some of it has expired, some soon will.
    furthest = int((need.validity_months or 40) * 31.5)
    yield {**told, "obtained_on": today - timedelta(days=rng.randrange(5, furthest)), "version": 0}
