"""Bringing figures up to date with what has changed, and reckoning them all anew."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select

from servicedesk.competence import coverage
from servicedesk.core import clock
from servicedesk.core.db import db, table_of, transaction
from servicedesk.figures import cells, hours
from servicedesk.figures.facts import facts_of, ids_after
from servicedesk.figures.models import FigureCell, FigureTime, TicketFact, TrainingCoverage
from servicedesk.organisation.models import Unit
from servicedesk.tickets.models import TicketChange

#: Changes that are worked off together, and tickets that are read together when all are reckoned anew.
BATCH, MANY = 500, 2_000
#: Any number that no other lock has.
_LOCK = 4_203_112_871

_change, _fact = table_of(TicketChange).c, table_of(TicketFact).c
_ids: BindParameter[int] = bindparam("ids", expanding=True)
_ANY, _WAIT = select(_change.id).limit(1), select(func.pg_advisory_xact_lock(_LOCK))
_OLDEST = select(_change.id, _change.ticket_id).order_by(_change.id).limit(bindparam("limit"))
_FORGET = delete(table_of(TicketChange)).where(_change.id.in_(_ids))
_FACTS = select(*_fact).where(_fact.ticket_id.in_(_ids))
_INSERT_FACTS = insert(table_of(TicketFact))
_DELETE_FACTS = delete(table_of(TicketFact)).where(_fact.ticket_id.in_(_ids))


def roll_up(*, limit: int = BATCH) -> int:
    """Works off the oldest changes, in one transaction; answers how many there were."""
    if not _is_anything_new():
        return 0
    with transaction() as session:
        _wait_for_others()
        changes = dict(session.execute(_OLDEST, {"limit": limit}).all())
        tell(sorted(set(changes.values())))
        session.execute(_FORGET, {"ids": list(changes)})
    return len(changes)


def catch_up(*, most: int = 20) -> bool:
    """Works off what has changed until now, but no more than so many batches; answers whether that was all of it."""
    newest = db.session.scalar(select(func.max(TicketChange.id))) or 0
    for _batch in range(most):
        if not _is_any_until(newest):
            return True
        roll_up()
    return not _is_any_until(newest)


def _is_any_until(newest: int) -> bool:
    found = db.session.scalar(select(TicketChange.id).where(TicketChange.id <= newest).limit(1))
    db.session.rollback()
    return found is not None


def _is_anything_new() -> bool:
    """Looks without taking the writer's place on SQLite."""
    found = db.session.scalar(_ANY)
    db.session.rollback()
    return found is not None


def _wait_for_others() -> None:
    """Until the transaction ends nobody else adds to sums. On SQLite there is but one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(_WAIT)


def tell(ids: Sequence[int]) -> None:
    """Brings facts and sums up to date with those tickets, in the caller's transaction."""
    before = {row.ticket_id: dict(row._mapping) for row in db.session.execute(_FACTS, {"ids": list(ids)})}
    after = {fact["ticket_id"]: fact for fact in facts_of(ids, clock.own_zone())}
    changed = [id_ for id_ in ids if before.get(id_) != after.get(id_)]
    if not changed:
        return
    db.session.execute(_DELETE_FACTS, {"ids": changed})
    _write(after[id_] for id_ in changed if id_ in after)
    was, is_now = ([some[id_] for id_ in changed if id_ in some] for some in (before, after))
    cells.change(was, is_now)
    hours.change(was, is_now)


def tell_coverage(now: datetime) -> int:
    """How many are trained, by unit, of every customer; answers how many units were told of.

    Not a question for each page: people's standing changes with the day and with every rule (docs/adr, how people
    stand), and to reckon it for a whole municipality takes a few pages' time.
    """
    today = now.astimezone(clock.own_zone()).date()
    told = 0
    for customer_id in db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).all():
        rows = [
            {"unit_id": unit, "customer_id": customer_id, "required": required, "trained": trained, "told_at": now}
            for unit, (required, trained) in coverage.by_unit(customer_id, today).items()
        ]
        with transaction() as session:
            session.execute(delete(TrainingCoverage).where(TrainingCoverage.customer_id == customer_id))
            if rows:
                session.execute(insert(table_of(TrainingCoverage)), rows)
        told += len(rows)
    return told


def rebuild(advance: Callable[[int], object] = lambda _done: None) -> int:
    """Reckons everything anew from the journals; answers how many tickets there are.

    `advance` is told of each number of tickets that were read. Sums are as they were until the last step, which takes
    all of them; a call that was stopped before is made good by the next. People and the worker may go on meanwhile.
    """
    number, last = 0, 0
    while ids := ids_after(last, MANY):
        with transaction() as session:
            _wait_for_others()
            session.execute(delete(TicketChange).where(TicketChange.ticket_id.between(last + 1, ids[-1])))
            session.execute(delete(TicketFact).where(TicketFact.ticket_id.between(last + 1, ids[-1])))
            _write(facts_of(ids, clock.own_zone()))
        number, last = number + len(ids), ids[-1]
        advance(len(ids))
    _sum_up()
    return number


def _write(facts: Iterable[dict[str, object]]) -> None:
    if rows := list(facts):
        db.session.execute(_INSERT_FACTS, rows)


def _sum_up() -> None:
    with transaction() as session:
        _wait_for_others()
        for kind in (FigureCell, FigureTime):
            session.execute(delete(kind))
            cells.sum_up(kind)
        hours.sum_up()
