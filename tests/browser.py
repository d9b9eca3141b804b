"""A person with a browser: a test client that sends forms as a page of ours would."""

import hashlib
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """Asks the address that people use, and adds the page's `csrf_token` to what it posts.

    `raw` is the same browser without the token, for tests that try to do without.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # Within an open context a view would share the test's session, and could forget to commit unnoticed.
        assert not has_app_context(), "ask for the page outside of `with app.app_context()`"
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self._base_url)
        return super().open(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Sends a form; `data` is a dict whose values may be lists or `(file, name)` pairs."""
        kwargs["data"] = {"csrf_token": self.csrf_token(), **(kwargs.get("data") or {})}
        return super().post(*args, **kwargs)

    def htmx(self, url: str, data: dict[str, Any] | None = None) -> TestResponse:
        """The same as htmx sends it: GET without `data`, POST with it."""
        headers = {"HX-Request": "true"}
        return self.get(url, headers=headers) if data is None else self.post(url, data=data, headers=headers)

    @property
    def raw(self) -> "_Raw":
        return _Raw(self)

    def csrf_token(self) -> str:
        with self.session_transaction(base_url=self._base_url) as session:
            secret = session.setdefault("csrf_token", hashlib.sha1(b"browser").hexdigest())
        return str(URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(secret))

    def sign_in(self, token: str) -> None:
        """Puts a sign-in's token where the application keeps it."""
        with self.session_transaction(base_url=self._base_url) as session:
            session["_user_id"] = token
            session["_fresh"] = True

    @property
    def _base_url(self) -> str:
        return str(self.application.extensions["settings"].base_url)


class _Raw:
    """The browser's own methods as the framework made them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:
        return FlaskClient.post(self._browser, *args, **kwargs)
