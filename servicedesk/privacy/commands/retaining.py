"""Keeping the rules of how long things are kept: a run for each customer and day, a step at a time.

Everything in a run is reckoned from when it began, and each transaction moves the run's place on together with what it
did: killed and taken up again, it does the rest and nothing twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, empty_write_ahead_log, transaction
from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.models import Person, Unit
from servicedesk.privacy import queries, retention, rewriting
from servicedesk.privacy.commands import erasing
from servicedesk.privacy.models import RetentionRule, RetentionRun
from servicedesk.tickets import search
from servicedesk.tickets.models import Ticket

#: Tickets, and people, in one transaction.
AT_ONCE = 20
MOST_MONTHS = 600


def set_rules(customer_id: int, months: Mapping[str, int | None], *, by: Actor, now: datetime) -> None:
    """How many months each thing is kept; None for ever. Raises FieldRefusedError."""
    with transaction() as session:
        customer = queries.get_customer(customer_id, by)
        hold(customer.id)
        before, known = queries.rules(customer.id), retention.usual()
        changes: dict[str, list[Any]] = {}
        for what, told in months.items():
            if what not in known or (told is not None and not 1 <= told <= MOST_MONTHS):
                raise FieldRefusedError(what, N_("Skriv et helt antal måneder fra 1 til %(most)s."), most=MOST_MONTHS)
            if told != before[what]:
                changes[what] = [before[what], told]
                session.merge(RetentionRule(customer_id=customer.id, what=what, months=told))
        if changes:
            facts = {"name": customer.name, "changes": changes}
            _record("retention_changed", customer.id, by, now, facts)


def begin(customer_id: int, *, now: datetime, once_a_day: bool = True) -> RetentionRun | None:
    """A run of today, unless there is one, or no rule says anything."""
    today = now.astimezone(clock.own_zone()).date()
    with transaction() as session:
        hold(customer_id)
        of_customer = select(RetentionRun).where(RetentionRun.customer_id == customer_id)
        present = of_customer.where(RetentionRun.on == today) if once_a_day else of_customer
        unfinished = session.scalar(of_customer.where(RetentionRun.finished_at.is_(None)).limit(1))
        has_run = once_a_day and session.scalar(present.limit(1)) is not None
        if unfinished is not None or has_run or not queries.cutoffs(customer_id, now):
            return unfinished
        run = RetentionRun(customer_id=customer_id, on=today, started_at=now, counts={})
        session.add(run)
    return run


def keep(now: datetime) -> int:
    """The next step of the oldest run that has not ended; answers 0 when there is none."""
    db.session.rollback()
    run = db.session.scalar(
        select(RetentionRun).where(RetentionRun.finished_at.is_(None)).order_by(RetentionRun.id).limit(1)
    )
    if run is None:
        return 0
    # Where nothing was taken out, nothing is left of it.
    if _STEPS[run.step] is _finish and any(run.counts.values()) and not empty_write_ahead_log():
        return 0
    with transaction() as session:
        held = select(RetentionRun).where(RetentionRun.id == run.id, RetentionRun.step == run.step)
        held = held.where(RetentionRun.finished_at.is_(None)).with_for_update(skip_locked=True)
        mine = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
        if mine is not None and not _STEPS[mine.step](mine, now):
            mine.step += 1
    return int(mine is not None)


def begin_due(now: datetime) -> int:
    """The runs of today; answers how many were begun."""
    today = now.astimezone(clock.own_zone()).date()
    done = select(RetentionRun.customer_id).where(RetentionRun.on == today)
    waiting = select(Unit.id).where(Unit.parent_id.is_(None), Unit.id.not_in(done)).order_by(Unit.id)
    return sum(begin(id_, now=now) is not None for id_ in db.session.scalars(waiting).all())


# Each step does some, and answers whether there may be more.


def _tickets(run: RetentionRun, now: datetime) -> bool:
    before = queries.cutoffs(run.customer_id, run.started_at).get(retention.TICKETS)
    if before is None:
        return False
    query = select(Ticket.id).where(*queries.old_tickets(run.customer_id, before), Ticket.id > run.done_to)
    ids = list(db.session.scalars(query.order_by(Ticket.id).limit(AT_ONCE)))
    for id_ in ids:
        rewriting.anonymise(rewriting.hold(id_), now=now)
    if ids:
        rewriting.forget_beside(ids, run.customer_id, now=now)
        run.done_to = ids[-1]
    _count(run, retention.TICKETS, len(ids))
    return bool(ids)


def _people(run: RetentionRun, now: datetime) -> bool:
    before = queries.cutoffs(run.customer_id, run.started_at).get(retention.PEOPLE)
    if before is None:
        return False
    query = select(Person).where(*queries.people_who_left(run.customer_id, before)).order_by(Person.id)
    people = list(db.session.scalars(query.limit(AT_ONCE)))
    for person in people:
        erasing.begin(person, by=SYSTEM, now=now)
    _count(run, retention.PEOPLE, len(people))
    return bool(people)


def _others(run: RetentionRun, _now: datetime) -> bool:
    before = queries.cutoffs(run.customer_id, run.started_at)
    for one in retention.offered():
        if one.what in before:
            _count(run, one.what, one.forget(run.customer_id, before[one.what]))
    return False


def _count(run: RetentionRun, what: str, number: int) -> None:
    run.counts = {**run.counts, what: run.counts.get(what, 0) + number}


def _files(_run: RetentionRun, _now: datetime) -> bool:
    erasing.remove_doomed()
    return False


def _begin_merging(run: RetentionRun, _now: datetime) -> bool:
    if run.counts.get(retention.TICKETS):
        search.merge_away(begins=True)
    return False


def _merge(run: RetentionRun, _now: datetime) -> bool:
    return bool(run.counts.get(retention.TICKETS)) and search.merge_away()


def _finish(run: RetentionRun, now: datetime) -> bool:
    run.finished_at = now
    if any(run.counts.values()):
        _record("retention_kept", run.customer_id, SYSTEM, now, run.counts)
    return True


def _record(action: str, customer_id: int, by: Actor, now: datetime, facts: Mapping[str, Any]) -> None:
    audit.record(action, by=by, now=now, subject=("unit", customer_id), customer_id=customer_id, **facts)


_STEPS = (_tickets, _people, _others, _files, _begin_merging, _merge, _finish)
