"""A page as somebody sees it who has not asked for it: for the files and figures of a mail."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g

from servicedesk.core.actor import Actor


@contextmanager
def as_seen_by(who: Actor, address: str) -> Iterator[None]:
    """Within it everything is as in a request by `who` for that path of this site: rights, language, links.

    It has a session of its own in the database, which ends with it.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings = app.extensions["settings"]
    with app.app_context(), app.test_request_context(address, base_url=settings.base_url):
        g.actor = who
        g.default_locale = settings.locale
        yield
