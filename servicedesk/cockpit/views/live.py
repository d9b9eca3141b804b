"""What an open queue asks every few seconds: is there news?"""

from hmac import compare_digest

from flask import Response, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from servicedesk.cockpit import live as marks
from servicedesk.cockpit import queries
from servicedesk.cockpit.tabs import open_view
from servicedesk.cockpit.views import bp
from servicedesk.cockpit.views.rows import listed, secret
from servicedesk.core import clock, web
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
    if _is_unchanged():
        return "", 304
    login.know_who_asks()
    return _anew()


def _is_unchanged() -> bool:
    token, mark = session.get("_user_id"), marks.Mark.read(request.headers.get(MARK, ""))
    now = clock.now()
    if not token or mark is None or now.timestamp() >= mark.stale_at:
        return False
    found = marks.facts(token_digest(token), mark.customers, now=now, today=web.today())
    if found is None:
        return False
    return compare_digest(marks.sealed(mark, found, request.query_string, secret()).digest, mark.digest)


@requires(TicketPermission.OVERSEE)
def _anew() -> Response:
    who = actor()
    desk = queries.desk_of(who)
    opened = open_view(request.args, desk, who)
    shown = listed(opened, desk, who, Place.read(request.args.get("after")))
    answer = make_response(render_template("cockpit/_list.html", list=shown, opened=opened))
    answer.headers[MARK] = shown.mark
    return answer
