"""Reading runs, and what would happen to tickets before anything does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from servicedesk.cockpit import steps
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.bulk.policy import BulkPermission
from servicedesk.cockpit.steps import PERMISSIONS, WHY_NOT, Deed, Step
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Team, TeamMember
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy, State

#: How many tickets one run may have.
MOST = 1_000
#: How many runs a person looks back on.
RECENT = 20

NOT_THERE = N_("Henvendelsen findes ikke.")
NOT_ALLOWED = NotAllowedError().message
OTHER_TEAM = N_("Den person er ikke i det team, som har henvendelsen.")
NO_SUCH_TEAM = N_("Det team kan ikke få henvendelsen.")


def get(run_id: int, who: Actor) -> BulkRun:
    """Raises NotFoundError."""
    run = db.session.scalar(select(BulkRun).where(BulkRun.id == run_id, granted(BulkPermission.SEE, who)))
    if run is None:
        raise NotFoundError
    return run


def recent(who: Actor) -> Sequence[BulkRun]:
    """The person's latest runs, newest first."""
    mine = select(BulkRun).where(granted(BulkPermission.SEE, who)).order_by(BulkRun.id.desc())
    return db.session.scalars(mine.limit(RECENT)).all()


def undone_by(run: BulkRun) -> BulkRun | None:
    return db.session.scalar(select(BulkRun).where(BulkRun.undo_of_id == run.id))


def counts(run_ids: Collection[int]) -> dict[int, dict[Outcome, int]]:
    """How many of each outcome, by run."""
    grouped = (
        select(BulkResult.run_id, BulkResult.outcome, func.count())
        .where(BulkResult.run_id.in_(list(run_ids)))
        .group_by(BulkResult.run_id, BulkResult.outcome)
    )
    found: dict[int, dict[Outcome, int]] = {id_: dict.fromkeys(Outcome, 0) for id_ in run_ids}
    for run_id, outcome, number in db.session.execute(grouped):
        found[run_id][outcome] = number
    return found


def results(run: BulkRun) -> Sequence[BulkResult]:
    """How it went with each ticket, in the order in which they were chosen."""
    of_run = select(BulkResult).where(BulkResult.run_id == run.id).order_by(BulkResult.place)
    return db.session.scalars(of_run).all()


def unfinished(*, before: datetime, limit: int) -> list[tuple[int, int]]:
    """Runs that were started before that, as (run, person)."""
    left = select(BulkRun.id, BulkRun.by_id).where(BulkRun.finished_at.is_(None), BulkRun.made_at < before)
    return [(run_id, by_id) for run_id, by_id in db.session.execute(left.order_by(BulkRun.made_at).limit(limit))]


# ------------------------------------------------------------------------------------------------ beforehand


class Standing(NamedTuple):
    """What of a ticket decides whether steps can be done to it."""

    id: int
    customer_id: int
    state: State
    secrecy: Secrecy
    team_id: int | None
    may: frozenset[TicketPermission]


@dataclass
class Forecast:
    """What will happen, as far as one can know without doing it."""

    able: list[int] = field(default_factory=list)
    #: Tickets by the message that says why not.
    refused: dict[str, list[int]] = field(default_factory=dict)
    #: Of those that can: how many stand in each state now.
    states: dict[State, int] = field(default_factory=dict)

    def refuse(self, ticket_id: int, why: str) -> None:
        self.refused.setdefault(why, []).append(ticket_id)


def readable(ids: Iterable[int], who: Actor) -> set[int]:
    wanted = select(Ticket.id).where(Ticket.id.in_(list(ids)), granted(TicketPermission.READ, who))
    return set(db.session.scalars(wanted))


def foresee(ids: Sequence[int], wanted: Sequence[Step], who: Actor) -> Forecast:
    """Which of the tickets will take the steps, and why the others will not; what may not be seen is not there."""
    found = _standings(ids, who, {PERMISSIONS[step.deed] for step in wanted})
    doubts = [_doubt_about_place(step) for step in wanted]
    forecast = Forecast()
    for id_ in ids:
        why = _why_not(found[id_], wanted, doubts) if id_ in found else NOT_THERE
        if why:
            forecast.refuse(id_, why)
        else:
            forecast.able.append(id_)
            forecast.states[found[id_].state] = forecast.states.get(found[id_].state, 0) + 1
    return forecast


def _standings(ids: Iterable[int], who: Actor, asked: Collection[TicketPermission]) -> Mapping[int, Standing]:
    permissions = sorted(asked, key=lambda one: one.value)
    columns = (Ticket.id, Ticket.customer_id, Ticket.state, Ticket.secrecy, Ticket.team_id)
    held = (granted(permission, who).label(permission.value) for permission in permissions)
    readable_ones = select(*columns, *held).where(Ticket.id.in_(list(ids)), granted(TicketPermission.READ, who))
    return {row.id: _standing(row, permissions) for row in db.session.execute(readable_ones)}


def _standing(row: Any, permissions: Sequence[TicketPermission]) -> Standing:
    may = frozenset(one for one in permissions if getattr(row, one.value))
    return Standing(row.id, row.customer_id, row.state, row.secrecy, row.team_id, may)


class _Doubt(NamedTuple):
    """Which teams' tickets a step is for; None when it is for all."""

    why: str
    team_ids: frozenset[int] | None = None
    team: Team | None = None

    def holds(self, ticket: Standing) -> bool:
        if self.team_ids is not None and ticket.team_id is not None:
            return ticket.team_id not in self.team_ids
        if self.team is None:
            return False
        is_secret = ticket.secrecy is not Secrecy.ORDINARY
        fits = self.team.is_active and self.team.is_closed is is_secret
        return not fits or self.team.customer_id != ticket.customer_id


def _doubt_about_place(step: Step) -> _Doubt:
    if step.deed is Deed.ASSIGN and step.person_id is not None:
        teams = select(TeamMember.team_id).where(TeamMember.person_id == step.person_id)
        return _Doubt(OTHER_TEAM, team_ids=frozenset(db.session.scalars(teams)))
    if step.deed is Deed.MOVE:
        return _Doubt(NO_SUCH_TEAM, team=db.session.get(Team, step.team_id))
    return _Doubt("")


def _why_not(ticket: Standing, wanted: Sequence[Step], doubts: Sequence[_Doubt]) -> str | None:
    """As the commands would say it."""
    if any(PERMISSIONS[step.deed] not in ticket.may for step in wanted):
        return NOT_ALLOWED
    misfit = steps.refused(ticket.state, wanted)
    if misfit is not None:
        return WHY_NOT[misfit.deed]
    is_moved = any(step.deed is Deed.MOVE for step in wanted)
    held = (one.why for one in doubts if one.holds(ticket) and not (is_moved and one.team_ids is not None))
    return next(held, None)
