"""Planning visits, writing down what was seen there, and what becomes of that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from servicedesk.competence import visits
from servicedesk.competence.models import Finding, FollowUp, Visit, VisitPerson
from servicedesk.competence.policy import UnitCompetencePermission, VisitPermission
from servicedesk.competence.rules import FOLLOW_UPS, FindingKind, VisitState
from servicedesk.core import audit, cpr
from servicedesk.core.actor import Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Unit
from servicedesk.systems.models import System
from servicedesk.tickets import commands as tickets
from servicedesk.tickets.models import Ticket
from servicedesk.training.models import Course

MOST_TEXT = 10_000
#: A ticket's subject is the beginning of the finding.
SUBJECT = 100
#: So far ahead a visit may be planned, and so far back one that was held may be written down.
FARTHEST = timedelta(days=731)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a visit is about, who goes there and when."""

    unit_id: int | None
    visit_on: date | None
    goals: str
    system_id: int | None = None
    people: Collection[int] = ()


def plan_visit(customer_id: int, plan: Plan, *, form_id: str, by: Actor, now: datetime) -> Visit:
    """The same form sent again gives the visit that it planned. Raises FieldRefusedError, NotFoundError."""
    key = f"{by.id}:{form_id or token_hex(16)}"
    with transaction() as session:
        root = select(Unit.id).where(Unit.id == customer_id, granted(UnitCompetencePermission.COORDINATE, by))
        if session.scalar(root.with_for_update(key_share=True)) is None:
            raise NotFoundError
        known = session.scalar(select(Visit).where(Visit.form_id == key))
        if known is not None:
            return known
        told = _checked(plan, customer_id, now)
        visit = Visit(customer_id=customer_id, by_id=by.id, made_at=now, form_id=key, **told)
        session.add(visit)
        session.flush()
        _send(visit, plan.people)
        _record("visit_planned", visit, by, now)
    return visit


def change_visit(visit_id: int, plan: Plan, *, seen: int | None, by: Actor, now: datetime) -> Visit:
    """Before it is held. Raises ConflictError when somebody changed it meanwhile."""
    with transaction():
        visit = _held(visit_id, by, VisitPermission.CHANGE)
        _need(visit, VisitState.PLANNED)
        if seen is not None and seen != visit.version:
            raise ConflictError(N_("Eftersynet er ændret, siden du åbnede siden. Se det igen, og ret så."))
        for name, value in _checked(plan, visit.customer_id, now).items():
            setattr(visit, name, value)
        visit.version += 1
        _send(visit, plan.people)
        _record("visit_changed", visit, by, now)
    return visit


def _checked(plan: Plan, customer_id: int, now: datetime) -> dict[str, object]:
    unit = db.session.get(Unit, plan.unit_id) if plan.unit_id is not None else None
    if unit is None or unit.customer_id != customer_id or not unit.is_active:
        raise FieldRefusedError("unit", N_("Vælg den enhed, der skal besøges."))
    system = db.session.get(System, plan.system_id) if plan.system_id is not None else None
    if plan.system_id is not None and (system is None or system.customer_id != customer_id):
        raise FieldRefusedError("system", N_("Vælg et system fra listen."))
    today = now.astimezone(own_zone()).date()
    if plan.visit_on is None or abs(plan.visit_on - today) > FARTHEST:
        raise FieldRefusedError("visit_on", N_("Vælg en dato."))
    _check_people(plan.people, customer_id, today)
    goals = _text(plan.goals, "goals", N_("Skriv, hvad besøget skal nå."))
    return {"unit_id": unit.id, "system_id": plan.system_id, "visit_on": plan.visit_on, "goals": goals}


def _check_people(ids: Collection[int], customer_id: int, today: date) -> None:
    known = {person.id for person in visits.candidates(customer_id, today)}
    if not ids or not known.issuperset(ids):
        raise FieldRefusedError("people", N_("Vælg, hvem der tager derud."))


def _text(text: str, field: str, missing: str) -> str:
    kept = cpr.hide(text.replace("\x00", "").strip()).text
    if not kept:
        raise FieldRefusedError(field, missing)
    if len(kept) > MOST_TEXT:
        raise FieldRefusedError(field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=MOST_TEXT)
    return kept


def _send(visit: Visit, people: Collection[int]) -> None:
    db.session.execute(delete(VisitPerson).where(VisitPerson.visit_id == visit.id))
    db.session.add_all(VisitPerson(visit_id=visit.id, person_id=id_) for id_ in sorted(set(people)))
    db.session.flush()


# ------------------------------------------------------------------------------------------------ how it goes


def hold_visit(visit_id: int, *, by: Actor, now: datetime) -> Visit:
    """It was held: how it went is looked at after some weeks."""
    with transaction() as session:
        visit = _held(visit_id, by, VisitPermission.NOTE)
        _need(visit, VisitState.PLANNED)
        if visit.visit_on > now.astimezone(own_zone()).date():
            raise ConflictError(N_("Datoen er ikke nået endnu. Ret den først, hvis I var der før."))
        visit.state = VisitState.HELD
        visit.version += 1
        due = ((weeks, visit.visit_on + timedelta(weeks=weeks)) for weeks in FOLLOW_UPS)
        session.add_all(FollowUp(visit_id=visit.id, weeks=weeks, due_on=on) for weeks, on in due)
        _record("visit_held", visit, by, now)
    return visit


def call_off(visit_id: int, *, by: Actor, now: datetime) -> Visit:
    with transaction():
        visit = _held(visit_id, by, VisitPermission.CHANGE)
        _need(visit, VisitState.PLANNED)
        visit.state = VisitState.CANCELLED
        visit.version += 1
        _record("visit_called_off", visit, by, now)
    return visit


def add_finding(
    visit_id: int,
    *,
    body: str,
    kind: FindingKind,
    form_id: str,
    by: Actor,
    now: datetime,
    course_id: int | None = None,
) -> Finding:
    """Something that was seen; what is to become a ticket is filed with it. The same form sent again adds nothing."""
    key = f"{by.id}:{form_id or token_hex(16)}"
    try:
        with transaction() as session:
            visit = _held(visit_id, by, VisitPermission.NOTE)
            known = session.scalar(select(Finding).where(Finding.form_id == key))
            if known is not None:
                return known
            if visit.state is VisitState.CANCELLED:
                raise ConflictError(N_("Eftersynet er aflyst."))
            text = _text(body, "body", N_("Skriv, hvad I så."))
            found = Finding(visit_id=visit.id, kind=kind, body=text, by_id=by.id, at=now, form_id=key)
            found.course_id = _course(course_id, visit.customer_id) if kind is FindingKind.COURSE else None
            if kind is FindingKind.TICKET:
                found.ticket_id, found.done_at, found.done_by_id = _filed(visit, text, form_id, by, now).id, now, by.id
            session.add(found)
            session.flush()
            _record("visit_finding_added", visit, by, now, kind=kind.value)
    except IntegrityError:
        # The same form was sent at the same moment: the one that came first has added it.
        with transaction() as session:
            return session.scalars(select(Finding).where(Finding.form_id == key)).one()
    return found


def _course(course_id: int | None, customer_id: int) -> int | None:
    course = db.session.get(Course, course_id) if course_id is not None else None
    if course_id is not None and (course is None or course.customer_id != customer_id):
        raise FieldRefusedError("course", N_("Vælg et kursus fra listen."))
    return course_id


def _filed(visit: Visit, text: str, form_id: str, by: Actor, now: datetime) -> Ticket:
    """Filed by whoever saw it, to be worked on by the servicedesk."""
    line = " ".join(text.split())
    subject = line if len(line) <= SUBJECT else line[: SUBJECT - 1].rstrip() + "…"
    told = {"subject": subject, "description": text, "system_id": visit.system_id, "to_desk": True}
    new = tickets.NewTicket(**told, form_id=form_id or None, has_receipt=False)  # type: ignore[arg-type]
    return tickets.file(new, by=by, now=now)


def deal_with(finding_id: int, *, by: Actor, now: datetime) -> Finding:
    """A proposal was followed, or turned down: it is no longer open. Said again, nothing happens."""
    with transaction() as session:
        visit_id = session.scalar(select(Finding.visit_id).where(Finding.id == finding_id))
        if visit_id is None:
            raise NotFoundError
        visit = _held(visit_id, by, VisitPermission.CHANGE)
        found = session.get_one(Finding, finding_id, populate_existing=True)
        if found.done_at is None:
            found.done_at, found.done_by_id = now, by.id
            _record("visit_proposal_dealt_with", visit, by, now, kind=found.kind.value)
    return found


def _need(visit: Visit, state: VisitState) -> None:
    if visit.state is not state:
        raise ConflictError(N_("Det kan man ikke, som eftersynet står nu. Det kan have flyttet sig, siden du så det."))


def _held(visit_id: int, by: Actor, permission: VisitPermission) -> Visit:
    """Locked until the transaction ends; raises NotFoundError."""
    visit = visits.get(visit_id, by, permission)
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update())
    db.session.refresh(visit, ["state", "version", "visit_on", "unit_id", "system_id"])
    return visit


def _record(action: str, visit: Visit, by: Actor, now: datetime, **facts: object) -> None:
    subject = ("visit", visit.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=visit.customer_id, **facts)
