"""Changes to saved views and to a person's own arrangement of the queue."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from servicedesk.cockpit import queries
from servicedesk.cockpit.models import QueueSetup, SavedView, Sharing
from servicedesk.cockpit.policy import ViewPermission, may_share_with_all
from servicedesk.cockpit.shape import Column, of_stored
from servicedesk.core import audit
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError, RefusedError

MAX_NAME = 60
#: More than anybody finds his way in; a limit on what one person can fill the database with.
MOST_VIEWS = 200
#: So long a deleted view can be brought back.
RESTORABLE = timedelta(days=30)


class ShareWith:
    """Who a view is meant for, read from a form's choice: "private", "customer" or "team:ID"."""

    def __init__(self, choice: str) -> None:
        word, _colon, number = choice.partition(":")
        self.sharing = Sharing(word) if word in set(Sharing) else Sharing.PRIVATE
        self.team_id = int(number) if self.sharing is Sharing.TEAM and number.isdecimal() and len(number) < 19 else None


def save_new(name: str, query: Mapping[str, Sequence[str]], *, share: ShareWith, by: Actor, now: datetime) -> SavedView:
    """Keeps a view under a name, and puts it last in the person's row of tabs."""
    with transaction() as session:
        if len([one for one in queries.desk_of(by).views.values() if one.owner_id == by.id]) >= MOST_VIEWS:
            raise ConflictError(N_("Du har %(most)s visninger. Slet en, før du gemmer en ny."), most=MOST_VIEWS)
        view = SavedView(
            customer_id=_home_of(by),
            owner_id=by.id,
            name=_checked_name(name),
            query=_checked_query(query),
            changed_at=now,
            is_first=False,
        )
        _share(view, share, by)
        session.add(view)
        session.flush()
        _note("view_saved", view, by, now)
    return view


def save(view_id: int, query: Mapping[str, Sequence[str]], *, by: Actor, now: datetime) -> SavedView:
    """The view shows this from now on, for everybody who uses it."""
    with transaction():
        view = queries.get_view(view_id, by, ViewPermission.CHANGE)
        view.query, view.changed_at = _checked_query(query), now
        _note("view_changed", view, by, now)
    return view


def describe(
    view_id: int,
    name: str,
    share: ShareWith,
    *,
    is_first: bool = False,
    first_role: Role | None = None,
    by: Actor,
    now: datetime,
) -> SavedView:
    """A new name, another circle of users, and whether they see it first."""
    with transaction():
        view = queries.get_view(view_id, by, ViewPermission.CHANGE)
        view.name, view.changed_at = _checked_name(name), now
        _share(view, share, by)
        _put_first(view, is_first, first_role, by)
        _note("view_changed", view, by, now)
    return view


def _put_first(view: SavedView, is_first: bool, role: Role | None, by: Actor) -> None:
    wanted = is_first and view.sharing is not Sharing.PRIVATE
    wanted_role = role if wanted else None
    if (wanted, wanted_role) == (view.is_first, view.first_role):
        return
    if wanted and not may_share_with_all(by, view.customer_id):
        raise NotAllowedError
    view.is_first, view.first_role = wanted, wanted_role


def copy(view_id: int, name: str, *, by: Actor, now: datetime) -> SavedView:
    """The same for oneself alone, to change as one likes."""
    with transaction():
        query = of_stored(queries.get_view(view_id, by).query).stored()
        return save_new(name, query, share=ShareWith(Sharing.PRIVATE), by=by, now=now)


def delete(view_id: int, *, by: Actor, now: datetime) -> SavedView:
    """Takes it away for everybody; it can be brought back."""
    with transaction():
        view = queries.get_view(view_id, by, ViewPermission.CHANGE)
        view.deleted_at = now
        _note("view_deleted", view, by, now)
    return view


def restore(view_id: int, *, by: Actor, now: datetime) -> SavedView:
    """Brings back a view that the person owns; one that is there stays as it is. Raises NotFoundError."""
    with transaction() as session:
        own = select(SavedView).where(SavedView.id == view_id, SavedView.owner_id == by.id)
        can_be = or_(SavedView.deleted_at.is_(None), SavedView.deleted_at > now - RESTORABLE)
        view = session.scalar(own.where(can_be))
        if view is None:
            raise NotFoundError
        view.deleted_at = None
        _note("view_restored", view, by, now)
    return view


# ------------------------------------------------------------------------------------------------ one's own arrangement


def arrange_tabs(keys: Sequence[str], *, by: Actor) -> None:
    """The person's row of tabs, in that order; what he or she arranges concerns nobody else and leaves no trace."""
    with transaction():
        _setup(by).tabs = list(dict.fromkeys(keys))


def open_with(key: str | None, *, by: Actor) -> None:
    """What the queue opens with; None for what the team or the organisation puts first."""
    with transaction():
        _setup(by).first = key


def choose_columns(columns: Sequence[Column], *, by: Actor) -> None:
    """The columns of every view that says nothing of its own; none for the usual ones."""
    with transaction():
        _setup(by).columns = [column.value for column in columns] or None


def _setup(by: Actor) -> QueueSetup:
    if by.id is None:
        raise NotFoundError
    setup = db.session.get(QueueSetup, by.id)
    if setup is None:
        setup = QueueSetup(person_id=by.id)
        db.session.add(setup)
    return setup


# --------------------------------------------------------------------------------------------------------------- checks


def _home_of(by: Actor) -> int:
    if by.customer_id is None:
        raise NotFoundError
    return by.customer_id


def _share(view: SavedView, share: ShareWith, by: Actor) -> None:
    if (share.sharing, share.team_id) == (view.sharing, view.team_id):
        return
    if share.sharing is Sharing.TEAM and share.team_id not in by.team_ids:
        raise NotAllowedError
    if share.sharing is Sharing.CUSTOMER and not may_share_with_all(by, view.customer_id):
        raise NotAllowedError
    view.sharing, view.team_id = share.sharing, share.team_id


def _checked_name(name: str) -> str:
    kept = " ".join(name.encode(errors="ignore").decode().replace("\x00", "").split())
    if not any(sign.isprintable() and not sign.isspace() for sign in kept):
        raise RefusedError(N_("Giv visningen et navn."))
    if len(kept) > MAX_NAME:
        raise RefusedError(N_("Navnet er for langt: der er plads til %(most)s tegn."), most=MAX_NAME)
    return kept


def _checked_query(query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Only what makes sense is kept."""
    return of_stored({name: list(values) for name, values in query.items()}).stored()


def _note(action: str, view: SavedView, by: Actor, now: datetime) -> None:
    facts = {"name": view.name, "sharing": view.sharing.value, "team": view.team_id, "is_first": view.is_first}
    audit.record(action, by=by, now=now, subject=("saved_view", view.id), customer_id=view.customer_id, **facts)
