"""What people of Odby needed to be shown: topics, offers with their answers, and two visits; texts/competence.toml."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from servicedesk.competence import commands, counting, need
from servicedesk.competence.models import Offer, TicketTopic, Topic
from servicedesk.competence.rules import BEFORE, FOLLOW_UPS, USUAL_MINUTES, Answer, FindingKind
from servicedesk.competence.statistics import Counted, change
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.alphabet import sort_key
from servicedesk.core.db import db, table_of, transaction
from servicedesk.core.periods import Period
from servicedesk.demo import texts
from servicedesk.demo.rhythm import ZONE
from servicedesk.demo.town import Place, Town
from servicedesk.organisation.actors import load_actor
from servicedesk.tickets.models import Ticket, is_of_competence
from servicedesk.tickets.workflow import Secrecy
from servicedesk.training.models import Course, CourseSystem

#: Of a hundred such tickets so many were given a topic, and of those with a course so many an offer.
NAMED, OFFERED = 80, 30
#: How far back there are offers, and when the visit was.
OFFERS, VISITED = timedelta(days=75), timedelta(days=96)
_ANSWERS = (Answer.ACCEPTED, Answer.ACCEPTED, Answer.DECLINED, None, None)


def make(town: Town, now: datetime, rng: Random) -> None:
    """After the history and the courses: rows for what there is much of, commands for the rest."""
    told = texts.load("competence")
    kinds = {place.id: told["kinds"].get(place.kind, "") for place in town.places if place.customer_id == town.root.id}
    commands.set_kinds(town.root.id, kinds, by=SYSTEM, now=now)
    with transaction():
        solved = list(_solved(town.root.id, told["topics"]))
        topics = _name(town.root.id, solved, now, rng)
        _offer(town, solved, topics, now, rng)
    _visit(town, told["visit"], now)


def _solved(customer_id: int, topics: dict[str, str]) -> Iterator[tuple[Any, str]]:
    """Each ticket with the topic that its solution tells of; "" for none."""
    columns = (Ticket.id, Ticket.system_id, Ticket.solution, Ticket.resolved_at)
    query = select(*columns, Ticket.affected_id, Ticket.assignee_id)
    query = query.where(Ticket.customer_id == customer_id, is_of_competence(), Ticket.secrecy == Secrecy.ORDINARY)
    for row in db.session.execute(query.where(Ticket.system_id.is_not(None)).order_by(Ticket.id)):
        yield row, next((topic for words, topic in topics.items() if words in (row.solution or "")), "")


def _name(customer_id: int, solved: list[tuple[Any, str]], now: datetime, rng: Random) -> dict[tuple[int, str], int]:
    """Topics by system and name, and which ticket is about which."""
    topics: dict[tuple[int, str], int] = {}
    named = []
    for row, topic in solved:
        if topic and rng.randrange(100) < NAMED:
            id_ = topics.setdefault((row.system_id, topic), len(topics) + 1)
            named.append({"ticket_id": row.id, "topic_id": id_, "by_id": row.assignee_id, "at": row.resolved_at or now})
    made = {"customer_id": customer_id, "made_at": now, "version": 1}
    rows = [
        {"id": id_, "system_id": system_id, "name": name, "key": sort_key(name), **made}
        for (system_id, name), id_ in topics.items()
    ]
    for kind, some in ((Topic, rows), (TicketTopic, named)):
        if some:
            db.session.execute(insert(table_of(kind)), some)
    return topics


def _offer(
    town: Town, solved: list[tuple[Any, str]], topics: dict[tuple[int, str], int], now: datetime, rng: Random
) -> None:
    """Lately, where the system has a course; one for whom visitors sign in as is not answered yet."""
    query = select(CourseSystem.system_id, Course.id).join(Course, Course.id == CourseSystem.course_id)
    courses = {system_id: id_ for system_id, id_ in db.session.execute(query.where(Course.is_active))}  # noqa: C416
    rows, asked = [], set[tuple[int, int]]()
    for row, topic in solved:
        course_id, at = courses.get(row.system_id), row.resolved_at
        is_face = row.affected_id == town.faces.employee.id
        if course_id is None or at is None or now - at > OFFERS or (row.affected_id, course_id) in asked:
            continue
        if is_face or ((row.system_id, topic) in topics and rng.randrange(100) < OFFERED):
            asked.add((row.affected_id, course_id))
            answer = None if is_face else rng.choice(_ANSWERS)
            rows.append(
                {
                    "customer_id": town.root.id,
                    "ticket_id": row.id,
                    "person_id": row.affected_id,
                    "course_id": course_id,
                    "by_id": row.assignee_id,
                    "made_at": at,
                    "answer": answer,
                    "answered_at": min(at + timedelta(hours=rng.randrange(1, 40)), now) if answer else None,
                }
            )
    if rows:
        db.session.execute(insert(table_of(Offer)), rows)


# ------------------------------------------------------------------------------------------------ visits


def _visit(town: Town, told: dict[str, Any], now: datetime) -> None:
    who = load_actor(town.faces.servicedesk_manager.id, today=now.astimezone(ZONE).date())
    if who is None:
        return
    people = [town.faces.supporter.id, who.id or 0]
    at = now - VISITED
    on = at.astimezone(ZONE).date()
    held = commands.Plan(unit_id=_most_helped(town, on).id, visit_on=on, goals=told["goals"].strip(), people=people)
    visit = commands.plan_visit(town.root.id, held, form_id="", by=who, now=at - timedelta(days=20))
    commands.hold_visit(visit.id, by=who, now=at)
    _find(visit.id, told, who, at)
    for weeks in FOLLOW_UPS:
        commands.follow_up_next(now=at + timedelta(weeks=weeks, hours=1))
    _plan_next(town, told, people, who, now)


def _find(visit_id: int, told: dict[str, Any], who: Actor, at: datetime) -> None:
    found = [(FindingKind.NOTE, text) for text in told["notes"]]
    found += [(FindingKind.COURSE, told["course"]), (FindingKind.GUIDELINE, told["guideline"])]
    for number, (kind, text) in enumerate(found):
        commands.add_finding(
            visit_id, body=text, kind=kind, form_id=f"{number:032x}", by=who, now=at + timedelta(minutes=20 * number)
        )


def _most_helped(town: Town, on: date) -> Place:
    """Where the figures went down most about then, as a visit that is shown to visitors should have helped."""
    day = timedelta(days=1)
    before = _counts(town.root.id, on - BEFORE, on - day)
    after = _counts(town.root.id, on + day, on + VISITED)

    def least(place: Place) -> float:
        tickets = (before.get(place.id, 0), after.get(place.id, 0))
        found = change(Counted(tickets[0], BEFORE.days), Counted(tickets[1], VISITED.days)).interval
        return found.upper if found is not None and found.upper is not None else float("inf")

    parents = {place.parent_id for place in town.places}
    own = [one for one in town.places if one.customer_id == town.root.id and one.size > 8 and one.id not in parents]
    return min(own, key=least)


def _counts(customer_id: int, first: date, last: date) -> dict[int, int]:
    found: dict[int, int] = {}
    span = (clock.day_begins(first), clock.day_begins(last + timedelta(days=1)))
    for (unit_id, _system), number in counting.by_place(customer_id, *span).items():
        found[unit_id] = found.get(unit_id, 0) + number
    return found


def _plan_next(town: Town, told: dict[str, Any], people: list[int], who: Actor, now: datetime) -> None:
    """Where it would save most, in a week and a half."""
    today = now.astimezone(ZONE).date()
    found = need.proposals(need.read(town.root.id, Period(today - timedelta(days=364), today), who), USUAL_MINUTES)
    if found:
        cell = found[0].cell
        on, goals = today + timedelta(days=14 - today.weekday()), told["planned"].strip()  # a Monday
        plan = commands.Plan(unit_id=cell.unit.id, system_id=cell.system.id, visit_on=on, goals=goals, people=people)
        commands.plan_visit(town.root.id, plan, form_id="", by=who, now=now - timedelta(hours=3))
