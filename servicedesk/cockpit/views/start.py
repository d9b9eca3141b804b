"""A supporter's part of the start page: three short lists, whether the servicedesk is open, and what is pressing."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import render_template, url_for

from servicedesk.agreements.book import Book, book_of
from servicedesk.agreements.promises import is_always
from servicedesk.cockpit.views.turns import whose_turn
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.formats import here, on_weekday, wall_time
from servicedesk.core.language import gettext as _
from servicedesk.core.panels import Place, offer
from servicedesk.core.permissions import is_open
from servicedesk.tickets import badges, lists, soon
from servicedesk.tickets.clocks import USERS
from servicedesk.tickets.filters import ME, Filters, Order
from servicedesk.tickets.lists import COUNT_CAP, Row
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import State
from sla import Calendar, SlaError

SHOWN = 7


class Short(NamedTuple):
    """The beginning of a list, and the way to the whole."""

    heading: str
    #: What stands there instead when nothing does.
    empty: str
    href: str
    rows: list[Row]


class Opening(NamedTuple):
    """Whether the servicedesk is open, in a sentence."""

    is_open: bool
    words: str


def start(_thing: object, who: Actor) -> str | None:
    """For those who see more tickets than their own."""
    if not is_open(TicketPermission.OVERSEE, who):
        return None
    now = clock.now()
    shorts = _shorts(who)
    pressing = Filters(teams=_own_teams(who), soon=True, order=Order.DUE)
    clocks = lists.clocks_of({row.id for short in shorts for row in short.rows}, USERS)
    customers = {found[0].customer_id for found in clocks.values()} | ({who.customer_id} - {None})
    books = {id_: book_of(id_) for id_ in customers if id_ is not None}
    return render_template(
        "cockpit/_start.html",
        shorts=shorts,
        badges={id_: badges.in_queue(found, books, now) for id_, found in clocks.items()},
        turn=whose_turn,
        opening=_opening(books, who, now),
        pressing=lists.count(soon.told(pressing, who, now, book=books.get(who.customer_id or 0)), who),
        cap=COUNT_CAP,
        due=url_for("cockpit.queue", **pressing.address()),
    )


offer(Place.START, start, rank=30)


def _own_teams(who: Actor) -> tuple[str, ...]:
    """Narrowed to the person's teams; whoever is in none looks at all there is to see."""
    return (ME,) if who.team_ids else ()


def _shorts(who: Actor) -> list[Short]:
    teams = _own_teams(who)
    due = Filters(teams=teams, states=(State.NEW, State.OPEN), order=Order.DUE)
    answered = Filters(teams=teams, states=(State.OPEN,), unanswered=True, order=Order.OLDEST_CHANGE)
    mine = Filters(assignees=(ME,), order=Order.DUE)
    wanted = [
        (
            _("Forfalder først eller er nye i mine teams") if teams else _("Forfalder først eller er nye"),
            _("Der er ikke noget nyt, og intet forfalder. Godt gået."),
            due,
        ),
        (_("Venter på os"), _("Ingen venter på svar fra os."), answered),
    ]
    if is_open(TicketPermission.WORK, who):
        wanted.append((_("Mine"), _("Du har ingen henvendelser. Tag en fra køen."), mine))
    found = lists.firsts([filters for _heading, _empty, filters in wanted], who, SHOWN)
    return [
        Short(heading, empty, url_for("cockpit.queue", **filters.address()), rows)
        for (heading, empty, filters), rows in zip(wanted, found, strict=True)
    ]


def _opening(books: Mapping[int, Book], who: Actor, now: datetime) -> Opening | None:
    """By the agreement that holds for whatever has none of its own; nothing where nothing is agreed."""
    book = books.get(who.customer_id) if who.customer_id is not None else None
    version = book.choose(None, now) if book else None
    return None if book is None or version is None else opening_of(book.calendar_of(version), now)


def opening_of(calendar: Calendar, now: datetime) -> Opening:
    """ "Åbent til 16.00", or when it opens again."""
    if is_always(calendar, here(now).date()):
        return Opening(True, _("Åbent hele døgnet"))
    if not calendar.is_open(now):
        return Opening(False, _opens(calendar, now))
    closes = calendar.next_closing(now)
    is_today = closes is not None and here(closes).date() == here(now).date()
    if closes is None:
        return Opening(True, _("Åbent"))
    return Opening(True, _("Åbent til %(time)s", time=wall_time(closes) if is_today else on_weekday(closes)))


def _opens(calendar: Calendar, now: datetime) -> str:
    try:
        opens = calendar.next_opening(now)
    except SlaError:  # not within ten years
        return _("Lukket")
    if here(opens).date() == here(now).date():
        return _("Lukket, åbner kl. %(time)s", time=wall_time(opens))
    return _("Lukket, åbner %(day)s", day=on_weekday(opens))
