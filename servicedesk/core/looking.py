"""Look-ups at the door: a page that shows what is another's leaves one line, written when the page is made.

Whatever a route's address names by "ticket_id" or "person_id" is a look-up by itself, so that no page can be forgotten;
a page that is opened another way says so with `note`. All lines of a request are written together, after everything
that the page itself asked. They wait a moment for another writer on SQLite; a line that still finds no room goes to
the log with all that it says, since nobody who needs help should wait for our book-keeping.
"""

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.core import clock, logging, lookups
from servicedesk.core.actor import Actor
from servicedesk.core.db import SHORT_BUSY_MS, transaction
from servicedesk.core.errors import BusyError
from servicedesk.core.lookups import Look, Seen

P = ParamSpec("P")
R = TypeVar("R")

#: What answers that show a thing say: also "not changed", for a file that the browser has kept.
_SHOWN = frozenset({200, 206, 304})
#: A form that was refused is shown on the thing's page.
_SHOWN_AGAIN = frozenset({409, 422})
#: What stands in an address for a thing, and what is seen then.
_NAMED = {"ticket_id": Seen.TICKET, "person_id": Seen.PERSON}

log = logging.get()


def init_app(app: Flask) -> None:
    app.after_request(_account)


def tells_nothing(view: Callable[P, R]) -> Callable[P, R]:
    """For a route that names a ticket or a person and shows nothing of it: its answers are no look-ups."""
    view.tells_nothing = True  # type: ignore[attr-defined]
    return view


def note(seen: Seen, *, subject: str = "", keys: Sequence[int] = (), only_secret: bool = False, **facts: Any) -> None:
    """The page being made shows this, too."""
    if keys or not subject:
        _noted().append(Look(seen=seen, door=_door(), facts=facts, subject=subject, keys=keys, only_secret=only_secret))


def note_search(typed: str) -> None:
    """Somebody asks for people or tickets by words."""
    if typed.strip():
        note(Seen.SEARCH, **lookups.words(typed))


def as_piece() -> None:
    """What is asked for belongs on a ticket's page, which accounts for it when it was opened just now."""
    g.is_piece = True


def _noted() -> list[Look]:
    if "looks" not in g:
        g.looks = []
    looks: list[Look] = g.looks
    return looks


def _door() -> str:
    return request.endpoint or ""


def _account(response: Response) -> Response:
    who = g.get("actor")
    if who is None or request.method == "HEAD" or not lookups.is_accountable(who):
        return response
    is_shown = response.status_code in _SHOWN | _SHOWN_AGAIN
    if is_shown and (looks := [*_named(response), *_noted()]):
        _write(looks, who)
    return response


def _named(response: Response) -> list[Look]:
    """What the address itself names."""
    view = current_app.view_functions.get(_door())
    is_shown = response.status_code in (_SHOWN if request.method == "GET" else _SHOWN_AGAIN)
    if not is_shown or getattr(view, "tells_nothing", False):
        return []
    args = request.view_args or {}
    name = next((name for name in _NAMED if name in args), None)
    if name is None:
        return []
    seen, facts = _NAMED[name], {}
    if "attachment_id" in args:
        seen, facts = Seen.ATTACHMENT, {"attachment": args["attachment_id"]}
    is_piece = g.get("is_piece", False)
    return [Look(seen=seen, door=_door(), facts=facts, subject=name, keys=[args[name]], is_piece=is_piece)]


def _write(looks: list[Look], who: Actor) -> None:
    now = clock.now()
    try:
        with transaction(patience=SHORT_BUSY_MS):
            lookups.record(looks, by=who, now=now)
    except (BusyError, SQLAlchemyError) as error:
        for look in looks:
            log.error("look_up_not_recorded", by=who.id, why=type(error).__name__, **_facts(look))


def _facts(look: Look) -> dict[str, Any]:
    return {"seen": look.seen.value, "door": look.door, "about": look.subject, "keys": list(look.keys), **look.facts}
