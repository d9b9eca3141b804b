"""Tickets follow agreements: what a change would do to the open ones, and bringing them along when it holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from servicedesk.agreements import following
from servicedesk.agreements.book import Book, book_of
from servicedesk.agreements.commands.ledger import midnight
from servicedesk.agreements.following import Effects, Shift
from servicedesk.agreements.models import Agreement, Recalculation
from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_date
from servicedesk.core.db import db, transaction
from servicedesk.tickets import changing, clocks
from servicedesk.tickets.commands.writing import append
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.workflow import Secrecy

#: A preview looks at this many at most, those that are due first: it is shown while somebody waits.
PREVIEWED = 1_000
EXAMPLES = 10
BATCH = 200


class Following:
    """See agreements.following.Follower."""

    def effects(self, before: Book, after: Book, agreement_id: int | None, now: datetime) -> Effects:
        query = _followers_of(before, agreement_id)
        told = Effects(total=db.session.scalar(select(func.count()).select_from(query.subquery())) or 0)
        tickets = db.session.scalars(query.order_by(Ticket.due_order, Ticket.id).limit(PREVIEWED)).all()
        journals = clocks.journals([ticket.id for ticket in tickets])
        moved: list[tuple[timedelta, Shift]] = []
        for ticket in tickets:
            lines = journals[ticket.id]
            old = clocks.look(ticket, lines, before, now)
            new = clocks.look(ticket, _going_over(lines, after, agreement_id, now), after, now)
            _count(told, ticket, old, new, moved, now)
        moved.sort(key=lambda one: one[0], reverse=True)
        told.examples = [shift for _, shift in moved[:EXAMPLES]]
        return told

    def withdraw(self, agreement: Agreement, now: datetime) -> int:
        book = book_of(agreement.customer_id)
        tickets = db.session.scalars(_followers_of(book, agreement.id).with_for_update()).all()
        journals = clocks.journals([ticket.id for ticket in tickets])
        for ticket in tickets:
            if ticket.agreement_id in _versions_of(book, agreement.id):
                _go_over(ticket, journals[ticket.id], None, book, now)
            else:  # with a team or a supplier: its own clock ends by the date
                clocks.project(ticket, journals[ticket.id], book, now)
        return len(tickets)


following.register(Following())


def recalculate(now: datetime) -> int:
    """One batch of what has to be looked at again; answers how many tickets that were."""
    waiting = _waiting(now)
    due = db.session.scalar(select(Recalculation.id).where(waiting).limit(1))
    db.session.rollback()
    if due is None:
        return 0
    with transaction() as session:
        query = select(Recalculation).where(waiting).order_by(Recalculation.id).limit(1)
        work = session.scalar(query.with_for_update(skip_locked=True))
        if work is None:
            return 0
        return _go_on_with(work, now)


def recalculate_all(now: datetime) -> int:
    """Batch after batch until nothing waits; answers how many tickets were looked at."""
    looked_at = 0
    while number := recalculate(now):
        looked_at += number
    return looked_at


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(Recalculation.finished_at.is_(None), Recalculation.runs_at <= now)


def _go_on_with(work: Recalculation, now: datetime) -> int:
    book = book_of(work.customer_id)
    concerned = _concerned(work, book)
    if work.total is None:
        work.total = db.session.scalar(select(func.count()).select_from(concerned.subquery())) or 0
    page = concerned.where(Ticket.id > work.done_to).order_by(Ticket.id).limit(BATCH)
    tickets = db.session.scalars(page.with_for_update().execution_options(populate_existing=True)).all()
    journals = clocks.journals([ticket.id for ticket in tickets])
    changing.note(ticket.id for ticket in tickets)
    for ticket in tickets:
        before = (ticket.due_at, ticket.next_look_at)
        _bring_along(ticket, journals[ticket.id], work.agreement_id, book, now)
        work.changed += before != (ticket.due_at, ticket.next_look_at)
    work.looked_at += len(tickets)
    if tickets:
        work.done_to = tickets[-1].id
    if len(tickets) < BATCH:
        work.finished_at = now
    return len(tickets) or 1


def _bring_along(
    ticket: Ticket, lines: Sequence[clocks.Line], agreement_id: int | None, book: Book, now: datetime
) -> None:
    newest = book.newest(agreement_id, now) if agreement_id is not None else None
    older = _versions_of(book, newest.agreement_id) - {newest.id} if newest is not None else set()
    if newest is not None and ticket.is_open and ticket.agreement_id in older:
        _go_over(ticket, lines, newest.id, book, now)
    else:
        clocks.project(ticket, lines, book, now)


def _go_over(ticket: Ticket, lines: Sequence[clocks.Line], version_id: int | None, book: Book, now: datetime) -> None:
    """To another version of its agreement, or to none."""
    data = {"agreement_id": version_id, "before": ticket.agreement_id}
    internal = Visibility.INTERNAL
    entry: Entry = append(ticket, EntryKind.AGREED, by=SYSTEM, now=now, visibility=internal, data=data, is_alone=False)
    clocks.project(ticket, [*lines, clocks.Line(ticket.id, entry.at, entry.kind, entry.state, entry.data)], book, now)


def _versions_of(book: Book, agreement_id: int) -> set[int]:
    return {id_ for id_, version in book.versions.items() if version.agreement_id == agreement_id}


def _followers_of(book: Book, agreement_id: int | None) -> Select[Ticket]:
    """Open tickets that a change of the agreement concerns; of a calendar, all of the customer's."""
    query = select(Ticket).where(Ticket.customer_id == book.customer_id, Ticket.is_open.is_(True))
    if agreement_id is None:
        return query
    versions = _versions_of(book, agreement_id)
    about = next((book.versions[id_] for id_ in versions), None)
    if about is not None and about.team_id is not None:
        return query.where(Ticket.team_id == about.team_id)
    if about is not None and about.supplier_id is not None:
        return query
    return query.where(Ticket.agreement_id.in_(versions))


def _concerned(work: Recalculation, book: Book) -> Select[Ticket]:
    """Those that have not ended, and those that ended on the day on which the calendar was changed or later."""
    query = select(Ticket).where(Ticket.customer_id == work.customer_id)
    if work.agreement_id is not None:
        return query.where(Ticket.closed_at.is_(None))
    today = midnight(local_date(work.made_at, book.zone), book.zone)
    return query.where(or_(Ticket.closed_at.is_(None), Ticket.updated_at >= today))


def _going_over(lines: list[clocks.Line], book: Book, agreement_id: int | None, now: datetime) -> list[clocks.Line]:
    newest = book.newest(agreement_id, now + timedelta(days=36_500)) if agreement_id is not None else None
    if newest is None or not lines or newest.team_id or newest.supplier_id:
        return lines
    last = lines[-1]
    return [*lines, clocks.Line(last.ticket_id, now, EntryKind.AGREED, last.state, {"agreement_id": newest.id})]


def _count(
    told: Effects,
    ticket: Ticket,
    old: clocks.Shown,
    new: clocks.Shown,
    moved: list[tuple[timedelta, Shift]],
    now: datetime,
) -> None:
    told.looked_at += 1
    was_late, is_late = (shown.due_at is not None and shown.due_at < now for shown in (old, new))
    told.newly_late += is_late and not was_late
    told.no_longer_late += was_late and not is_late
    if old.due_at == new.due_at:
        return
    is_earlier = old.due_at is None or (new.due_at is not None and new.due_at < old.due_at)
    told.earlier += is_earlier
    told.later += not is_earlier
    by = abs(new.due_at - old.due_at) if old.due_at and new.due_at else timedelta.max
    subject = ticket.subject if ticket.secrecy is Secrecy.ORDINARY else ""
    moved.append((by, Shift(ticket.number, subject, f"/tickets/{ticket.id}", old.due_at, new.due_at)))
