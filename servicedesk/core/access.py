"""Every route says who may use it; a route that is silent keeps the application from starting."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g
from flask_login import current_user

from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import Permission, is_open

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Open to everybody, signed in or not."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Open to every person; what he or she may do with a given row is the policy's to say."""
    guarded = _guarded(view, None)
    guarded.access = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open to those who could have `permission` on some row; for others the page does not exist."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        guarded = _guarded(view, permission)
        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def asks_once(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open to the same persons as with `requires`, but the view itself finds out who asks.

    For polls, which ask the database once when nothing is new: who asks, and whether he or she still may, is part of
    that question. For anything else such a view calls `signin.login.know_who_asks` and one that `requires`.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        view.access = permission  # type: ignore[attr-defined]
        view.asks_once = True  # type: ignore[attr-defined]
        return view

    return decorate


def _guarded(view: Callable[P, R], permission: Permission | None) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]
        if permission is not None and not is_open(permission, actor()):
            raise NotFoundError
        return view(*args, **kwargs)

    return guarded


def actor() -> Actor:
    """The person who sent this request; only to be asked behind `signed_in` or `requires`."""
    who: Actor = g.actor
    return who


def declared(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, route, who may use it) for every route of the application."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        words = f"{type(access).__name__}.{access.value}" if isinstance(access, Permission) else access
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, str(words)


def refuse_silent_routes(app: Flask) -> None:
    silent = sorted(name for name, view in app.view_functions.items() if not _speaks(view))
    if silent:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(silent)}")


def _speaks(view: Callable[..., Any]) -> bool:
    return hasattr(view, "access")
