"""What an open queue asks every few seconds: is there news?"""

from hmac import compare_digest

from flask import Response, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from servicedesk.cockpit import glance, queries
from servicedesk.cockpit import live as marks
from servicedesk.cockpit.tabs import open_view
from servicedesk.cockpit.views import bp
from servicedesk.cockpit.views.rows import listed, marked, read, secret
from servicedesk.core import clock
from servicedesk.core.access import actor, asks_once, requires
from servicedesk.signin import login
from servicedesk.signin.queries import token_digest
from servicedesk.tickets.filters import Place
from servicedesk.tickets.policy import TicketPermission

MARK = "HX-PTag"


@bp.get("/queue/live")
@asks_once(TicketPermission.OVERSEE)
def live() -> ResponseReturnValue:
    """304 while the page stands as it is; else its tickets anew, with a new mark."""
    mark = marks.Mark.read(request.headers.get(MARK, ""))
    if mark is not None and clock.now().timestamp() >= mark.stale_at:
        mark = None
    answer = _unchanged(mark) if mark is not None else None
    if answer is not None:
        return answer
    login.know_who_asks()
    return _anew(mark)


def _unchanged(mark: marks.Mark) -> Response | None:
    """304 when nothing came, or nothing that shows, which gives the page a new mark; None when that is not sure."""
    found = _facts(mark)
    if found is None:
        return None
    if _is_sealed(mark, found):
        return Response(status=304)
    before = glance.MEMORY.get(mark.digest)
    if before is None or not _is_sealed(mark, before.facts):
        return None
    made = glance.shows_nothing(mark, before, found)
    return None if made is None else Response(status=304, headers={MARK: marked(mark, made, request.query_string)})


def _facts(mark: marks.Mark) -> marks.Facts | None:
    token = session.get("_user_id")
    return marks.facts(token_digest(token), mark.customers, now=clock.now(), today=clock.today()) if token else None


def _is_sealed(mark: marks.Mark, found: marks.Facts) -> bool:
    """Whether the mark was made by us, for this address, when the database said that."""
    return compare_digest(marks.sealed(mark, found, request.query_string, secret()).digest, mark.digest)


@requires(TicketPermission.OVERSEE)
def _anew(mark: marks.Mark | None) -> Response:
    """Something happened; most often it was to a ticket that is not on the page, and only the mark is new."""
    who = actor()
    desk = queries.desk_of(who)
    opened = open_view(request.args, desk, who)
    page = read(opened, desk, who, Place.read(request.args.get("after")))
    if mark is not None and compare_digest(page.content(mark.stale_at), mark.content):
        return Response(status=304, headers={MARK: page.mark(mark.stale_at)})
    shown = listed(page)
    answer = make_response(render_template("cockpit/_list.html", list=shown, opened=opened))
    answer.headers[MARK] = shown.mark
    return answer
