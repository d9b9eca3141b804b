"""Where everybody begins, and a person's own tickets."""

from typing import Any, NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.agreements import opening
from servicedesk.agreements.book import Book, book_of
from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.permissions import is_open
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets import habits, lists, suggesting, whats_next
from servicedesk.tickets.lists import PAGE, Row
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.views import bp
from servicedesk.tickets.whats_next import Told

#: So many of a person's open tickets stand on the start page; fewer below a supporter's own lists.
SHOWN_AT_HOME, SHOWN_TO_STAFF = 8, 3
#: Of a search on the start page: letters that count, and what is shown of each kind.
MAX_ASKED, FOUND = 200, 5


@bp.app_template_global()
def whats_next_in_mail(kept: dict[str, Any]) -> Told:
    """For the receipt."""
    return whats_next.in_mail(kept, clock.now())


class Card(NamedTuple):
    """One of the person's own tickets, and what happens to it next."""

    row: Row
    told: Told


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    who = actor()
    works = is_open(TicketPermission.WORK, who)
    most = SHOWN_TO_STAFF if works else SHOWN_AT_HOME
    book, rows = _own_book(), lists.mine(who, is_open=True, limit=SHOWN_AT_HOME + 1)
    cards = as_cards(rows, book)
    return render_template(
        "tickets/home.html",
        cards=cards[:most],
        more=len(rows) > most,
        shortcuts=[] if works else habits.shortcuts(who),
        opening=opening_words(book),
        works=works,
        may_oversee=is_open(TicketPermission.OVERSEE, who),
        may_take_calls=is_open(PersonPermission.TAKE_CALL, who),
    )


@bp.get("/tickets")
@signed_in
def mine() -> ResponseReturnValue:
    ended = request.args.get("show") == "ended"
    before = web.key_in_address("before")
    rows = lists.mine(actor(), is_open=not ended, limit=PAGE + 1, before=before)
    following = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "tickets/mine.html",
        cards=as_cards(rows[:PAGE], None if ended else _own_book()),
        ended=ended,
        before=before,
        following=following,
    )


@bp.get("/help", endpoint="help")
@signed_in
def find_help() -> ResponseReturnValue:
    """A search of the start page: the part below the box for htmx, else a page."""
    asked = " ".join(request.args.get("q", "").replace("\x00", "").split())[:MAX_ASKED]
    found = suggesting.search(asked, actor(), most=FOUND)
    if "HX-Request" in request.headers:
        return render_template("tickets/_help.html", asked=asked, found=found) if asked else ""
    return render_template("tickets/help.html", asked=asked, found=found)


def as_cards(rows: list[Row], book: Book | None) -> list[Card]:
    """Those that wait for the person first, else as they come; without a book no times are told."""
    who, now = actor(), clock.now()
    clocks = lists.clocks_of([row.id for row in rows], whats_next.TOLD) if rows and book else {}
    desk = opening.opening_of(book, book.choose(None, now), now) if book else None
    facts = [whats_next.Facts.of_row(row, clocks.get(row.id, ()), who.id, desk) for row in rows]
    cards = [Card(row, whats_next.tell(one, now)) for row, one in zip(rows, facts, strict=True)]
    return sorted(cards, key=lambda card: not card.told.is_yours)


def opening_words(book: Book) -> str | None:
    """Whether the servicedesk is open, for the person's own customer."""
    now = clock.now()
    found = opening.opening_of(book, book.choose(None, now), now)
    return opening.in_words(found, now, book.zone) if found else None


def _own_book() -> Book:
    return book_of(actor().customer_id or 0)
