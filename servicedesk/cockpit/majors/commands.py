"""Gathering tickets under a disturbance, and solving them together when it is over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from servicedesk.cockpit.bulk import commands as bulk
from servicedesk.cockpit.bulk.models import BulkRun
from servicedesk.cockpit.majors import queries
from servicedesk.cockpit.majors.models import Child
from servicedesk.cockpit.steps import Deed, Step, StepError
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import is_open
from servicedesk.notifications.commands import held_back, keep_from_mail
from servicedesk.systems import commands as systems
from servicedesk.systems.models import Disturbance
from servicedesk.systems.policy import DisturbancePermission
from servicedesk.systems.queries import get_disturbance
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Cause


def gather(disturbance_id: int, ticket_ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """The tickets come of the disturbance, and whom they are about hear how it goes; answers how many are new to it.

    Raises NotFoundError unless the person may work on every one of them, ConflictError when one belongs to another.
    """
    wanted = sorted(set(ticket_ids))
    with transaction() as session:
        row = _held(disturbance_id, by)
        if not row.is_major:
            raise ConflictError(N_("Gør den først til en større hændelse."))
        tickets = queries.get_all(wanted, row.customer_id, by, TicketPermission.WORK)
        known = {one.ticket_id: one for one in session.scalars(select(Child).where(Child.ticket_id.in_(wanted)))}
        if any(one.disturbance_id != row.id for one in known.values()):
            raise ConflictError(N_("En af henvendelserne hører allerede under en anden driftsforstyrrelse."))
        new = [ticket for ticket in tickets if ticket.id not in known]
        for ticket in new:
            session.add(Child(ticket_id=ticket.id, disturbance_id=row.id, by_id=by.id, at=now))
            _record("ticket_gathered", ticket.id, row, by, now)
        if row.can_be_joined(now):
            users = {id_ for ticket in new for id_ in (ticket.filer_id, ticket.affected_id)}
            systems.add_affected(row, users, by=by, now=now)
    return len(new)


def release(disturbance_id: int, ticket_id: int, *, by: Actor, now: datetime) -> None:
    """The ticket does not come of it after all; said again, nothing happens."""
    with transaction() as session:
        row = _held(disturbance_id, by)
        queries.get_all([ticket_id], row.customer_id, by, TicketPermission.READ)
        child = session.get(Child, ticket_id)
        if child is not None and child.disturbance_id == row.id:
            session.delete(child)
            _record("ticket_released", ticket_id, row, by, now)


def solve_all(
    disturbance_id: int,
    *,
    solution: str,
    cause: Cause | None,
    form_id: str,
    by: Actor,
    now: datetime,
) -> BulkRun:
    """It is over, and its tickets are to be solved: a run over them all, which reports those that refuse.

    That it is over is told when the run is, so that whoever waits for both has one mail; whoever was told of the end
    before has that mail, and the solution in the bell. The run is carried on by
    its page or by the worker. Raises StepError when solution or cause is missing.
    """
    steps = [Step(deed=Deed.RESOLVE, text=solution.strip(), cause=cause)]
    with transaction():
        row = _held(disturbance_id, by)
        ids = queries.children(row.id, by)
        if not ids:
            raise StepError(N_("Der er ingen henvendelser at løse."), "solution")
        if not is_open(TicketPermission.WORK, by):
            raise NotFoundError
        run = bulk.start(ids, steps, by=by, now=now, form_id=form_id)
        if row.ended_at is None:
            with held_back(bulk.bundle(run.id)):
                systems.end_disturbance(row.id, outcome=steps[0].text, by=by, now=now)
        else:
            keep_from_mail(bulk.bundle(run.id), queries.mailed_of_end(row, ids), row.customer_id, now)
    return run


def _held(disturbance_id: int, by: Actor) -> Disturbance:
    row = get_disturbance(disturbance_id, by, DisturbancePermission.CHANGE, lock=True)
    if row.withdrawn_at is not None:
        raise NotFoundError
    return row


def _record(action: str, ticket_id: int, row: Disturbance, by: Actor, now: datetime) -> None:
    facts = {"disturbance": row.id, "name": row.message}
    audit.record(action, by=by, now=now, subject=("ticket", ticket_id), customer_id=row.customer_id, **facts)
