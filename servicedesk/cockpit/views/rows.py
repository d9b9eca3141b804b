"""The tickets of a view as the page shows them, and the mark by which a poll knows whether they still stand so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode, urlsplit

from flask import current_app, session, url_for
from markupsafe import Markup

from servicedesk.agreements.book import book_of
from servicedesk.cockpit import glance, live, queries
from servicedesk.cockpit.glance import Made, Stretch
from servicedesk.cockpit.live import Facts, Mark
from servicedesk.cockpit.shape import USUAL_COLUMNS, Column, Grouping
from servicedesk.cockpit.tabs import Opened
from servicedesk.cockpit.views.lines import Line, written
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.formats import ago, brief, day
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.organisation import absences
from servicedesk.organisation.absences import Away
from servicedesk.presence.queries import Present
from servicedesk.signin.queries import token_digest
from servicedesk.tickets import lists, soon, telling
from servicedesk.tickets.badges import Badge, in_queue
from servicedesk.tickets.clocks import USERS
from servicedesk.tickets.filters import Order, Place
from servicedesk.tickets.lists import COUNT_CAP, Row
from servicedesk.tickets.models import NOT_DUE, TicketClock
from servicedesk.tickets.workflow import State

#: Times on a page run down: it is made anew after so long, and sooner when something on it is due within the hour.
RENEWED, RENEWED_WHEN_NEAR = timedelta(minutes=5), timedelta(minutes=1)
NEAR = timedelta(hours=1)

_SORTS: Mapping[Column, tuple[Order, ...]] = {
    Column.PRIORITY: (Order.PRIORITY,),
    Column.TIME: (Order.DUE,),
    Column.FILED: (Order.NEWEST, Order.FILED),
    Column.UPDATED: (Order.UPDATED, Order.OLDEST_CHANGE),
}


class Group(NamedTuple):
    """Tickets on the page that belong together; the heading is None when nothing is put together."""

    heading: str | None
    number: int
    lines: Markup


@dataclass(frozen=True)
class Listed:
    """What cockpit/_list.html shows."""

    groups: list[Group]
    columns: Sequence[Column]
    headings: list[Any]
    total: str
    first: str | None
    next_page: str | None
    live: str
    mark: str

    @property
    def is_empty(self) -> bool:
        return not self.groups


@dataclass(frozen=True)
class Page:
    """A page of a view as the database has it, before anything is put into words."""

    opened: Opened
    rows: list[Row]
    following: Place | None
    total: int
    present: Mapping[int, list[Present]]
    #: Assignees who are away, and those for whom the reader stands in.
    away: Mapping[int, Away]
    stood_for: Sequence[Away]
    columns: Sequence[Column]
    #: The address at which a poll asks for the same page.
    live: str
    stretch: Stretch
    facts: Facts | None

    def content(self, stale_at: int) -> str:
        """A digest over what is seen until then, by whom; times that run down left out."""
        who = (self.facts.person_id, self.facts.locale, stale_at) if self.facts else None
        seen = (self.rows, self.total, self.following, sorted(self.present.items()), self.away, self.columns)
        return live.digest((who, seen), secret())

    def mark(self, stale_at: int) -> str:
        if self.facts is None:
            return ""
        shown = tuple(row.id for row in self.rows)
        mark = Mark(stale_at, self.stretch.customers, shown, self.content(stale_at))
        return marked(mark, Made(self.stretch, self.total, self.facts), urlsplit(self.live).query.encode())


def marked(mark: Mark, made: Made, address: bytes) -> str:
    """The page's mark, by which it is remembered."""
    sealed = live.sealed(mark, made.facts, address, secret())
    glance.MEMORY.keep(sealed.digest, made)
    return str(sealed)


def read(opened: Opened, desk: queries.Desk, who: Actor, after: Place | None) -> Page:
    """The page of the view that begins after that place.

    What a poll compares with is asked for first, so that a change in between is seen by the next one.
    """
    now, customers = clock.now(), live.customers_of(who)
    filters = soon.told(opened.shape.filters, who, now)
    facts = live.facts(token_digest(session.get("_user_id", "")), customers, now=now, today=clock.today())
    rows, following = lists.queue(filters, who, after=after)
    somebody = facts is None or facts.present
    away, stood_for = absences.on_duty([row.assignee_id for row in rows], who.id, clock.today())
    return Page(
        opened=opened,
        rows=rows,
        following=following,
        total=lists.count(filters, who),
        present=queries.present_at([row.id for row in rows], who, now) if somebody else {},
        away=away,
        stood_for=stood_for,
        columns=opened.shape.columns or desk.columns or USUAL_COLUMNS,
        live=url_for("cockpit.live", **opened.spelled_out(after=str(after) if after else None)),
        stretch=Stretch(filters, who, customers, after, following),
        facts=facts,
    )


def listed(page: Page) -> Listed:
    """The page in the reader's words."""
    now, opened = clock.now(), page.opened
    clocks = lists.clocks_of([row.id for row in page.rows], USERS)
    is_first = "after=" not in page.live
    lines = _lines(page, clocks, now)
    return Listed(
        groups=[Group(heading, len(rows), _joined(rows, lines)) for heading, rows in _grouped(page, now)],
        columns=page.columns,
        headings=_headings(opened, page.columns),
        total=telling.counted(page.total, COUNT_CAP),
        first=None if is_first else url_for("cockpit.queue", **opened.address()),
        next_page=url_for("cockpit.queue", **opened.address(after=str(page.following))) if page.following else None,
        live=page.live,
        mark=page.mark(_stale_at(clocks, now)),
    )


def _lines(page: Page, clocks: Mapping[int, list[TicketClock]], now: datetime) -> dict[int, Markup]:
    """Each ticket of the page, written."""
    badges, turns, came = _badges(clocks, now), _turns(), quote_plus(came_from(page.opened))
    columns = tuple(page.columns)
    shows_change, shows_filing = Column.UPDATED in columns, Column.FILED in columns
    return {
        row.id: written(
            Line(
                row=row,
                columns=columns,
                badges=badges.get(row.id, ()),
                turn=turns[row.state],
                present=tuple(page.present.get(row.id, ())),
                away_until=_away_until(row, page.away),
                updated=ago(row.updated_at) if shows_change else "",
                filed=brief(row.filed_at) if shows_filing else "",
                came_from=came,
            )
        )
        for row in page.rows
    }


def _away_until(row: Row, away: Mapping[int, Away]) -> date | None:
    found = away.get(row.assignee_id) if row.assignee_id is not None else None
    return found.ends_on if found else None


def _joined(rows: Iterable[Row], lines: Mapping[int, Markup]) -> Markup:
    return Markup("\n").join(lines[row.id] for row in rows)


def came_from(opened: Opened) -> str:
    """The view as a ticket's page keeps it, to lead to the next one."""
    return urlencode(opened.shape.filters.address(), doseq=True)


def secret() -> str:
    return str(current_app.secret_key)


def _stale_at(clocks: Mapping[int, list[TicketClock]], now: datetime) -> int:
    due = (one.due_at for several in clocks.values() for one in several if one.is_running and one.due_at)
    is_near = any(abs(at - now) < NEAR for at in due)
    return int((now + (RENEWED_WHEN_NEAR if is_near else RENEWED)).timestamp())


def _badges(found: Mapping[int, list[TicketClock]], now: datetime) -> dict[int, tuple[tuple[str, Badge], ...]]:
    """The badges of each row's clocks."""
    books = {id_: book_of(id_) for id_ in {clocks[0].customer_id for clocks in found.values()}}
    return {id_: tuple(in_queue(clocks, books, now)) for id_, clocks in found.items()}


def _turns() -> dict[State, str]:
    """Whose turn it is, as the desk sees it."""
    ours, users = _("venter på os"), _("venter på brugeren")
    return {
        State.NEW: ours,
        State.OPEN: ours,
        State.WAITING_USER: users,
        State.WAITING_SUPPLIER: _("venter på leverandør"),
        State.RESOLVED: users,
        State.CLOSED: "",
        State.CANCELLED: "",
    }


def _headings(opened: Opened, columns: Sequence[Column]) -> list[Any]:
    """Columns of the table; those that sort lead to the same view in another order."""
    return [_("Henvendelse"), *(_heading(opened, column) for column in columns)]


def _heading(opened: Opened, column: Column) -> str | tuple[str, str, str | None]:
    orders = _SORTS.get(column)
    if orders is None:
        return in_words(column)
    order = opened.shape.filters.order
    is_current = order in orders
    wanted = orders[(orders.index(order) + 1) % len(orders)] if is_current else orders[0]
    direction = ("desc" if order.value.startswith("-") else "asc") if is_current else None
    return in_words(column), url_for("cockpit.queue", **opened.address(opened.shape.ordered(wanted))), direction


def _grouped(page: Page, now: datetime) -> Iterable[tuple[str | None, list[Row]]]:
    """The page's rows under headings; the group of the first row comes first, so that what is urgent stays on top."""
    by = page.opened.shape.grouping
    if by is None:
        return [(None, page.rows)] if page.rows else []
    groups: dict[str, list[Row]] = {}
    for row in page.rows:
        groups.setdefault(_group_of(row, by, now), []).append(row)
    return groups.items()


def _group_of(row: Row, by: Grouping, now: datetime) -> str:
    match by:
        case Grouping.TEAM:
            return row.team or _("Intet team")
        case Grouping.ASSIGNEE:
            return row.assignee or _("Ingen endnu")
        case Grouping.PRIORITY:
            return in_words(row.priority)
        case Grouping.STATE:
            return in_words(row.state)
        case Grouping.SYSTEM:
            return row.system or _("Intet system")
        case Grouping.UNIT:
            return row.unit
        case Grouping.DUE:
            return _due_day(row.due_order, now)


def _due_day(due: datetime, now: datetime) -> str:
    zone = clock.own_zone()
    if due.astimezone(UTC) >= NOT_DUE:
        return _("Ingen frist")
    on, today = due.astimezone(zone).date(), now.astimezone(zone).date()
    if due < now:
        return _("Overskredet")
    if on == today:
        return _("I dag")
    return _("I morgen") if on == today + timedelta(days=1) else day(on)
