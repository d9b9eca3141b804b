"""A person's own tickets."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.permissions import is_open
from servicedesk.tickets import lists, telling
from servicedesk.tickets.lists import PAGE, Row
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.standing import in_own_list
from servicedesk.tickets.views import bp

#: So many of a person's open tickets stand on the start page.
SHOWN_AT_HOME = 8


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    rows = lists.mine(actor(), is_open=True, limit=SHOWN_AT_HOME + 1)
    return render_template(
        "tickets/home.html",
        tickets=_with_turns(rows[:SHOWN_AT_HOME]),
        more=len(rows) > SHOWN_AT_HOME,
        may_oversee=is_open(TicketPermission.OVERSEE, actor()),
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
        tickets=_with_turns(rows[:PAGE], are_open=not ended),
        ended=ended,
        before=before,
        following=following,
    )


def _with_turns(rows: list[Row], *, are_open: bool = True) -> list[tuple[Row, telling.Turn, str | None]]:
    """Those that wait for the person first, else as they come; with when each is expected to be solved."""
    clocks = lists.clocks_of([row.id for row in rows], ["resolution"]) if are_open and rows else {}
    now = clock.now()
    told = [(row, telling.turn(row, actor().id), in_own_list(row, clocks.get(row.id, ()), now)) for row in rows]
    return sorted(told, key=lambda each: not each[1].is_readers)
