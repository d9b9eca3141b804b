"""Who sends this request: Flask-Login's part, and what the pages know of it."""

from datetime import datetime

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user

from servicedesk.config import Settings
from servicedesk.core import clock, web
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.signin import commands, queries
from servicedesk.signin.throttle import limiter

#: Answered without asking who sends them: they must work, and cost nothing, whatever the database does.
ANONYMOUS = frozenset({"static", "upkeep.healthz", "upkeep.readyz"})


class SignedInUser(UserMixin):  # type: ignore[misc]
    """A person in one browser. What Flask-Login keeps in the browser is the sign-in's random token, not the person."""

    def __init__(self, token: str, actor: Actor | None = None) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    manager = LoginManager()
    # A sign-in ends by its row, not by a change of address: mobile phones change theirs all day.
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(lambda token: _load(str(token), settings))
    manager.unauthorized_handler(_ask_to_sign_in)
    limiter.init_app(app)

    @app.before_request
    def _know_who_asks() -> None:
        g.actor = None
        view = app.view_functions.get(request.endpoint or "")
        if request.endpoint not in ANONYMOUS and not getattr(view, "asks_once", False):
            know_who_asks()


def know_who_asks() -> None:
    """Finds out who sends this request, for everything that comes after."""
    g.actor = current_user.actor if current_user.is_authenticated else None


def is_poll() -> bool:
    """The page asks by itself whether there is news; nobody need be there. Such requests send `X-Poll: 1`."""
    return "HX-Request" in request.headers and request.headers.get("X-Poll") == "1"


def enter(person_id: int, now: datetime) -> None:
    """Signs this browser in as the person; nothing that the browser kept before is kept on."""
    leave(now)
    token = commands.start(person_id, device=request.user_agent.string, now=now)
    login_user(SignedInUser(token))


def leave(now: datetime) -> None:
    """Signs this browser out, here and in the database."""
    token = session.get("_user_id")
    session.clear()
    if token:
        commands.end(str(token), by=g.actor or SYSTEM, now=now)


def _load(token: str, settings: Settings) -> SignedInUser | None:
    now = clock.now()
    found = queries.find_signed_in(token, now=now, today=clock.local_date(now, settings.timezone))
    if found is None:
        return None
    if now - found.seen_at >= commands.SEEN_EVERY and not is_poll():
        commands.note_seen(found.digest, now=now)
    return SignedInUser(token, found.actor)


def _ask_to_sign_in() -> ResponseReturnValue:
    if is_poll():
        return "", 401, {"HX-Reswap": "none"}  # the page stays as it is, with what is being typed in it
    is_piece = "HX-Request" in request.headers
    if is_piece or request.method not in web.SAFE_METHODS:
        page = web.error_page(401, gettext("Du er blevet logget ud. Log ind, og send igen."))
        return (*page, {"HX-Retarget": "body"}) if is_piece else page
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("signin.sign_in", next=here if here != "/" else None))
