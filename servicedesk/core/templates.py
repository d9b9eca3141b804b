"""Jinja's environment, with plain globals and addresses that are put together once."""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import flask
from flask import Flask, has_request_context, request
from flask.templating import Environment

#: Addresses that a process keeps.
MOST_ADDRESSES = 10_000


class Templates(Environment):
    """Jinja looks through the globals key by key wherever a template imports or includes another, a few dozen times for
    a page. It lays each template's own over those of all in a `ChainMap`, which is slow at that; ours have none.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Templates ask for about fifty addresses a page, mostly the same: a route's does not change while we run."""

    @lru_cache(maxsize=MOST_ADDRESSES)
    def known(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return flask.url_for(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        is_plain = not endpoint.startswith(".") and all(type(value) in (str, int) for value in values.values())
        # A file's address changes with the file, while one develops.
        if not is_plain or not has_request_context() or (app.debug and endpoint == "static"):
            return flask.url_for(endpoint, **values)
        return known(request.root_path, endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = url_for
