"""Starting, carrying out, trying again and taking back what is done to many tickets.

Each ticket has a transaction of its own, and its result is saved by it: whoever dies on the way leaves the rest
waiting, and of two who carry out the same run each ticket meets one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from servicedesk.cockpit import doing
from servicedesk.cockpit.bulk import queries
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.bulk.queries import MOST, NOT_THERE
from servicedesk.cockpit.steps import Deed, Facts, Step, can_be_undone, checked
from servicedesk.core import audit, logging
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.notifications.commands import held_back, release
from servicedesk.tickets.commands import OutdatedError

#: So many tickets are carried out before somebody looks again.
AT_ONCE = 25
#: For so long a run can be taken back.
UNDO_WITHIN = timedelta(minutes=30)

TOUCHED = N_("Nogen har skrevet eller ændret noget siden, så den er ladt i fred.")
NO_ACCESS = N_("Den, der satte det i gang, har ikke adgang længere.")

log = logging.get()


def start(
    ids: Iterable[int], steps: Iterable[Step], *, by: Actor, now: datetime, form_id: str, name: str | None = None
) -> BulkRun:
    """Fixes what is to be done, and to which tickets. The same form sent again gives the run that it started.

    Raises RefusedError when there are no tickets or too many, StepError when the steps make no sense.
    """
    wanted, kept = list(dict.fromkeys(ids)), checked(steps)
    if not wanted:
        raise RefusedError(N_("Vælg mindst én henvendelse."))
    if len(wanted) > MOST:
        raise RefusedError(N_("Der er plads til %(most)s henvendelser ad gangen."), most=MOST)
    key = f"{by.id}:{form_id or token_hex(16)}"
    try:
        with transaction():
            return _started_with(key) or _start(wanted, kept, by, now, key, name)
    except IntegrityError:
        # The same form was sent at the same moment: the one that came first has started it.
        with transaction():
            run = _started_with(key)
        if run is None:
            raise
        return run


def _started_with(form_id: str) -> BulkRun | None:
    with transaction() as session:
        return session.scalar(select(BulkRun).where(BulkRun.form_id == form_id))


def _start(
    ids: Sequence[int], steps: Sequence[Step], by: Actor, now: datetime, form_id: str, name: str | None
) -> BulkRun:
    written = [step.written() for step in steps]
    run = _new_run(by, now, form_id, name=name, steps=written)
    seen = queries.readable(ids, by)
    with transaction() as session:
        session.add(run)
        session.flush()
        session.add_all(_result(run, id_, place, id_ in seen) for place, id_ in enumerate(ids))
        deeds = [step.deed.value for step in steps]
        audit.record("many_changed", by=by, now=now, subject=("bulk_run", run.id), count=len(ids), deeds=deeds)
    return run


def _new_run(by: Actor, now: datetime, form_id: str, **given: object) -> BulkRun:
    return BulkRun(customer_id=by.customer_id, by_id=by.id, form_id=form_id, made_at=now, **given)


def _result(run: BulkRun, ticket_id: int, place: int, is_seen: bool) -> BulkResult:
    told = {} if is_seen else {"outcome": Outcome.REFUSED, "reason": NOT_THERE, "reason_values": {}}
    return BulkResult(run_id=run.id, ticket_id=ticket_id, place=place, **told)


# ------------------------------------------------------------------------------------------------ carrying out


def carry_on(run_id: int, *, by: Actor, now: datetime, most: int = AT_ONCE) -> int:
    """Does it to those tickets of a run that wait, `most` of them; answers how many. `by` is who started it."""
    run = queries.get(run_id, by)
    if run.finished_at is not None:
        return 0
    for done in range(most):
        if not _do_next(run, by, now):
            _finish(run_id, by, now)
            return done
    return most


def _do_next(run: BulkRun, by: Actor, now: datetime) -> bool:
    """False when nothing waits that nobody else has in hand."""
    waiting = select(BulkResult).where(BulkResult.run_id == run.id, BulkResult.outcome == Outcome.WAITING)
    claim = waiting.order_by(BulkResult.place).limit(1).with_for_update(skip_locked=True)
    with transaction() as session, held_back(bundle(run.id)):
        result = session.scalar(claim)
        if result is not None:
            _do(session, run, result, by, now)
    return result is not None


def _do(session: Session, run: BulkRun, result: BulkResult, by: Actor, now: datetime) -> None:
    """What is refused leaves nothing behind but the reason."""
    try:
        with session.begin_nested():
            done = _undo_one(session, run, result, by, now) if run.undo_of_id else _do_one(run, result, by, now)
    except NotFoundError:
        _note_refusal(result, NOT_THERE, {})
    except OutdatedError:
        _note_refusal(result, TOUCHED, {})
    except RefusedError as error:
        _note_refusal(result, error.message, error.values)
    except OperationalError:
        raise
    # A mistake of ours, of whatever kind: any error that is not a refusal. It was undone with its nested transaction
    # and is logged with its trace; were it raised, all others would wait for ever behind this one, as each look begins
    # with the first that waits.
    except Exception:
        log.exception("bulk_failed", run=run.id, ticket=result.ticket_id)
        result.outcome = Outcome.FAILED
    else:
        result.outcome, result.reason, result.reason_values = Outcome.DONE, None, None
        result.before = done.before.written()
        result.first_seq, result.last_seq = done.first_seq, done.last_seq
    result.at = now


def _do_one(run: BulkRun, result: BulkResult, by: Actor, now: datetime) -> doing.Done:
    return doing.carry_out(result.ticket_id, run.deeds, by=by, now=now)


def _undo_one(session: Session, run: BulkRun, result: BulkResult, by: Actor, now: datetime) -> doing.Done:
    was = session.get_one(BulkResult, (run.undo_of_id, result.ticket_id))
    assert was.last_seq is not None
    assert was.before is not None
    before, reason = Facts.read(was.before), run.deeds[0].text
    return doing.take_back(result.ticket_id, before, by=by, now=now, last_seq=was.last_seq, reason=reason)


def _note_refusal(result: BulkResult, reason: str, values: dict[str, object]) -> None:
    result.outcome, result.reason = Outcome.REFUSED, reason
    result.reason_values = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


def _finish(run_id: int, by: Actor, now: datetime) -> None:
    """When nothing waits any more: people are told, once."""
    left = select(BulkResult.ticket_id).where(BulkResult.run_id == run_id, BulkResult.outcome == Outcome.WAITING)
    with transaction() as session:
        run = session.get_one(BulkRun, run_id, with_for_update=True, populate_existing=True)
        if run.finished_at is None and session.scalar(left.limit(1)) is None:
            run.finished_at = now
            release(bundle(run_id), by=by, now=now)


def bundle(run_id: int) -> str:
    """The name under which news of a run waits."""
    return f"together-{run_id}"


def give_up(run_id: int, *, now: datetime, by: Actor) -> None:
    """Whoever started it may not act any more: what still waits is refused, what was done is told."""
    waiting = update(BulkResult).where(BulkResult.run_id == run_id, BulkResult.outcome == Outcome.WAITING)
    with transaction() as session:
        session.execute(waiting.values(outcome=Outcome.REFUSED, reason=NO_ACCESS, reason_values={}, at=now))
    _finish(run_id, by, now)


# ------------------------------------------------------------------------------------------------ afterwards


def retry(run_id: int, *, by: Actor, ticket_id: int | None = None) -> None:
    """What was refused waits again: one ticket, or all of them."""
    with transaction() as session:
        run = queries.get(run_id, by)
        if queries.undone_by(run) is not None:
            raise ConflictError(N_("Det er fortrudt. Vælg henvendelserne i køen, hvis det skal gøres alligevel."))
        again = update(BulkResult).where(
            BulkResult.run_id == run.id, BulkResult.outcome.in_((Outcome.REFUSED, Outcome.FAILED))
        )
        if ticket_id is not None:
            again = again.where(BulkResult.ticket_id == ticket_id)
        session.execute(again.values(outcome=Outcome.WAITING, reason=None, reason_values=None))
        session.get_one(BulkRun, run.id, with_for_update=True, populate_existing=True).finished_at = None


def undo(run_id: int, *, by: Actor, now: datetime, reason: str) -> BulkRun:
    """Starts the run that takes another one back, where nobody has touched the tickets since; said twice, one.

    Raises ConflictError when it is too late, or when nothing of it can be taken back.
    """
    with transaction() as session:
        run = queries.get(run_id, by)
        session.get_one(BulkRun, run.id, with_for_update=True)
        present = queries.undone_by(run)
        if present is not None:
            return present
        if not may_be_undone(run, now):
            raise ConflictError(N_("Det kan ikke fortrydes længere."))
        steps = [Step(deed=Deed.REOPEN, text=reason).written()]
        back = _new_run(by, now, f"undo:{run.id}", name=run.name, steps=steps, undo_of_id=run.id)
        session.add(back)
        session.flush()
        changed = [one.ticket_id for one in queries.results(run) if one.outcome is Outcome.DONE and one.changed]
        session.add_all(_result(back, id_, place, True) for place, id_ in enumerate(changed))
        audit.record("many_undone", by=by, now=now, subject=("bulk_run", run.id), count=len(changed))
    return back


def may_be_undone(run: BulkRun, now: datetime) -> bool:
    """Whether there is still time, and anything that can be taken back."""
    is_in_time = run.finished_at is not None and now - run.finished_at <= UNDO_WITHIN
    return is_in_time and run.undo_of_id is None and can_be_undone(run.deeds)
