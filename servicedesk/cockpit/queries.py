"""Reading saved views, how a person has arranged the queue, and what comes next in a view."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from servicedesk.cockpit.models import QueueSetup, SavedView, Sharing
from servicedesk.cockpit.policy import ViewPermission
from servicedesk.cockpit.shape import Column
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Team
from servicedesk.presence import queries as presence
from servicedesk.presence.queries import Present
from servicedesk.tickets import lists
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Desk:
    """A person's queue: the saved views within reach, and what he or she has arranged."""

    views: Mapping[int, SavedView] = field(default_factory=dict)
    tabs: tuple[str, ...] | None = None
    first: str | None = None
    columns: tuple[Column, ...] = ()


def desk_of(who: Actor) -> Desk:
    """One query, as every page of the queue asks it."""
    rows = db.session.execute(_desk(who), {"desk_of": who.id}).all()
    views = {row.SavedView.id: row.SavedView for row in rows if row.SavedView is not None}
    if not rows:
        return Desk(views)
    tabs, first, columns = rows[0][:3]
    # What was kept may be older than the program: only what it still knows is used.
    known = {column.value: column for column in Column}
    chosen = tuple(known[one] for one in _texts(columns) if one in known)
    return Desk(views, tuple(_texts(tabs)) if isinstance(tabs, list) else None, first, chosen)


def _texts(kept: Any) -> list[str]:
    return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []


@lru_cache(maxsize=500)
def _desk(who: Actor) -> Statement:
    usable = and_(SavedView.deleted_at.is_(None), granted(ViewPermission.USE, who))
    return (
        select(QueueSetup.tabs, QueueSetup.first, QueueSetup.columns, SavedView)
        .select_from(Person)
        .outerjoin(QueueSetup, QueueSetup.person_id == Person.id)
        .outerjoin(SavedView, usable)
        .where(Person.id == bindparam("desk_of"))
        .order_by(SavedView.name, SavedView.id)
    )


def get_view(view_id: int, who: Actor, permission: ViewPermission = ViewPermission.USE) -> SavedView:
    """The view; raises NotFoundError when there is none with which `who` may do that."""
    asked = select(SavedView).where(SavedView.id == view_id, SavedView.deleted_at.is_(None), granted(permission, who))
    found = db.session.scalar(asked)
    if found is None:
        raise NotFoundError
    return found


def changeable(who: Actor) -> set[int]:
    """Ids of the views that the person may rename, share and delete."""
    asked = select(SavedView.id).where(SavedView.deleted_at.is_(None), granted(ViewPermission.CHANGE, who))
    return set(db.session.scalars(asked))


def own_teams(who: Actor) -> list[tuple[int, str]]:
    """The teams with which a member may share."""
    if not who.team_ids:
        return []
    asked = select(Team.id, Team.name).where(Team.id.in_(who.team_ids), Team.is_active).order_by(Team.name)
    return [(row.id, row.name) for row in db.session.execute(asked)]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    asked = select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {row.id: row.name for row in db.session.execute(asked)}


def first_for(desk: Desk, who: Actor) -> str | None:
    """Key of what the queue opens with: the person's own choice, else the team's, the role's, the organisation's."""
    if desk.first is not None:
        return desk.first
    offered = [view for view in desk.views.values() if view.is_first and _is_meant_for(view, who)]
    nearest = sorted(offered, key=lambda view: (view.sharing is not Sharing.TEAM, view.first_role is None, -view.id))
    return str(nearest[0].id) if nearest else None


def _is_meant_for(view: SavedView, who: Actor) -> bool:
    """Sharing a view with an organisation makes it the first of nobody who only runs it from outside."""
    if view.sharing is Sharing.TEAM and view.team_id not in who.team_ids:
        return False
    return view.first_role is None or who.has_role(view.first_role)


def present_at(ticket_ids: Sequence[int], who: Actor, now: datetime) -> dict[int, list[Present]]:
    """Colleagues at those tickets, told only to those who read what is internal to them; `who` is left out."""
    others = {
        ticket_id: [one for one in there if one.person_id != who.id]
        for ticket_id, there in presence.present(ticket_ids, now).items()
    }
    there = [ticket_id for ticket_id, people in others.items() if people]
    if not there:
        return {}
    internal = select(Ticket.id).where(Ticket.id.in_(there), granted(TicketPermission.READ_INTERNAL, who))
    return {ticket_id: others[ticket_id] for ticket_id in db.session.scalars(internal)}


# --------------------------------------------------------------------------------------------------------- counting


def count_all(wanted: Sequence[Filters], who: Actor) -> list[int]:
    """How many tickets each of the views shows, COUNT_CAP + 1 at most, in one statement."""
    if not wanted:
        return []
    return list(db.session.execute(_counting(tuple(wanted), who)).one())


@lru_cache(maxsize=500)
def _counting(wanted: tuple[Filters, ...], who: Actor) -> Statement:
    counts = [lists.counting(filters, who).scalar_subquery() for filters in wanted]
    return select(*(count.label(f"n{at}") for at, count in enumerate(counts)))


# ------------------------------------------------------------------------------------------------------ what is next
