"""What every request meets: request id, same-site check, security headers, language, error pages."""

import secrets
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map

from servicedesk.config import LOCALES, Settings
from servicedesk.core import audit, clock, labels, logging
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import BusyError, RefusedError
from servicedesk.core.formats import ago, brief, day, here, month, number, on_weekday, size, weekday, when
from servicedesk.core.keys import LARGEST_KEY, read_key
from servicedesk.core.periods import Period

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

THEME_COOKIE = "theme"
#: The first is what those have who never chose.
THEMES = ("system", "light", "dark")

#: So much of an address stands in the audit log.
MOST_OF_PATH = 200
#: Fields whose text a person would hate to lose; an error page shows it again.
KEPT_FIELDS = ("subject", "description", "body", "solution", "reason", "tried")

log = logging.get()


class KeyConverter(IntegerConverter):
    """A number in an address is a key: one that no database can hold is not found."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_KEY, **options})


def init_app(app: Flask, settings: Settings) -> None:
    app.url_map.converters["int"] = KeyConverter
    _watch_requests(app, settings)
    _answer_refusals(app)
    _help_templates(app, settings)


def _watch_requests(app: Flask, settings: Settings) -> None:
    own_host = urlsplit(settings.base_url).netloc

    @app.before_request
    def _identify() -> None:
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.before_request
    def _refuse_other_sites() -> ResponseReturnValue | None:
        if request.method in SAFE_METHODS:
            return None
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
        if site in ("same-origin", "none") and (not origin or _host_of(origin) in (own_host, request.host)):
            return None
        return error_page(403, gettext("Forespørgslen kom fra et andet websted, og vi gør derfor ikke noget."))

    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        return response

    @app.teardown_request
    def _forget_failed(error: BaseException | None) -> None:
        if error is not None:
            db.session.rollback()


def _answer_refusals(app: Flask) -> None:
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(Exception, _bug)


def _help_templates(app: Flask, settings: Settings) -> None:
    app.add_template_filter(labels.in_words, "in_words")
    app.add_template_filter(labels.options, "options")
    for shown in (when, brief, ago, day, month, number, size, on_weekday, weekday, here):
        app.add_template_filter(shown)
    app.context_processor(
        lambda: {
            "actor": g.get("actor"),
            "locale": current_locale(),
            "theme": current_theme(),
            "organisation_name": settings.organisation,
        }
    )


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all, such as "http://["
        return ""


def current_locale() -> str:
    """The person's own language, else the one chosen in this browser, else the installation's."""
    who = g.get("actor")
    chosen = who.locale if who is not None else session.get("locale")
    return chosen if chosen in LOCALES else str(g.get("default_locale", LOCALES[0]))


def current_theme() -> str:
    """Light, dark or as the device has it: chosen in each browser, since a phone in bed is not a screen by a window."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def see_other(endpoint: str, **values: object) -> ResponseReturnValue:
    """After a change: go and look, with GET."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]


def safe_next(target: str | None) -> str | None:
    """`target` when it stays on this site: one slash at its beginning, followed by neither slash nor backslash."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return None
    return None if any(ord(sign) < 33 or sign == "\\" for sign in target) else target


def asked_period(usual: timedelta, longest: timedelta) -> Period:
    """From `from` and `to` in the address, in either order, and the last days of it when it is too long.

    What makes no sense counts as not told: until today, and `usual` long.
    """
    last = _day_in_address("to") or clock.today()
    first = _day_in_address("from") or last - usual
    first, last = min(first, last), max(first, last)
    return Period(max(first, last - longest), last)


def _day_in_address(name: str) -> date | None:
    try:
        on = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return on if 2000 <= on.year <= 2200 else None


def key_in_address(name: str) -> int | None:
    """A key in the query part of the address; nonsense counts as nothing."""
    return read_key(request.args.get(name, ""))


def text_in_address(name: str, most: int) -> str:
    """What was typed into the query part of the address, without NUL, which no database keeps."""
    return request.args.get(name, "").replace("\x00", "")[:most]


def _refused(error: RefusedError) -> ResponseReturnValue:
    note_refusal(error)
    return error_page(error.status, None if error.status == 404 else refusal(error))


def note_refusal(error: RefusedError) -> None:
    """Leaves a line in the audit log when a known person asked for what is not his or hers to see or do."""
    who = g.get("actor")
    if who is None or error.status not in (403, 404):
        return
    facts: dict[str, Any] = {"method": request.method, "path": request.path[:MOST_OF_PATH], "status": error.status}
    try:
        with transaction(waits=False):
            audit.record("refused", by=who, now=clock.now(), **facts)
    except BusyError:
        log.warning("refusal_not_recorded", person=who.id, **facts)


def refusal(error: RefusedError) -> str:
    """Why not, in the reader's language."""
    return str(gettext(error.message, **error.values) if error.values else gettext(error.message))


def _csrf_failed(error: CSRFError) -> ResponseReturnValue:
    return error_page(400, gettext("Siden var for gammel til at sende fra. Genindlæs den, og send igen."))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    # For a host that is not ours there are no addresses, and so no page of ours.
    if error.code is None or error.code < 400 or isinstance(error, SecurityError):
        return error.get_response()
    page = error_page(error.code)
    retry = getattr(error, "retry_after", None)
    return page if retry is None else (*page, {"Retry-After": str(retry)})


def _database_failed(error: OperationalError) -> ResponseReturnValue:
    log.error("database_failed", error=str(error.orig))
    return (*error_page(503), {"Retry-After": "5"})


def _bug(error: Exception) -> ResponseReturnValue:
    log.exception("request_failed", path=request.path, method=request.method)
    return error_page(500)


def error_page(status: int, text: str | None = None) -> tuple[str, int]:
    """errors/error.html has the words for each status; `text` is what only the refusal itself can know."""
    page = render_template("errors/error.html", status=status, text=text, kept=_typed(), reference=g.get("request_id"))
    return page, status


def _typed() -> list[tuple[str, str]]:
    try:
        return [(name, request.form[name]) for name in KEPT_FIELDS if request.form.get(name)]
    except HTTPException:  # it is too much to be read
        return []
