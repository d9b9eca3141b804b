"""What an open queue asks every few seconds: is there news?"""

from hmac import compare_digest
from urllib.parse import quote

from flask import Response, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

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
from servicedesk.tickets.lists import COUNT_CAP
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.telling import counted

MARK = "HX-PTag"
#: How many tickets the list has now, in words, where that alone is another: quoted as in an address.
TOTAL = "X-Total"


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
    token = session.get("_user_id")
    if not token:
        return None
    sign_in, now, today = token_digest(token), clock.now(), clock.today()
    before = glance.MEMORY.get(mark.digest)
    if before is None or not _is_sealed(mark, before.facts):
        is_same = _is_sealed(mark, marks.facts(sign_in, mark.customers, now=now, today=today))
        return Response(status=304) if is_same else None
    looked = glance.look(sign_in, before, now=now, today=today)
    if looked is None:
        return None
    found, news = looked
    if _is_sealed(mark, found):
        return Response(status=304)
    made = glance.shows_nothing(mark, before, found, news)
    if made is None:
        return None
    headers = {MARK: marked(mark, made, request.query_string)}
    if made.total != before.total:
        with force_locale(found.locale):
            headers[TOTAL] = quote(counted(made.total, COUNT_CAP))
    return Response(status=304, headers=headers)


def _is_sealed(mark: marks.Mark, found: marks.Facts | None) -> bool:
    """Whether the mark was made by us, for this address, when the database said that."""
    return found is not None and compare_digest(
        marks.sealed(mark, found, request.query_string, secret()).digest, mark.digest
    )


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
