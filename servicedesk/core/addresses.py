"""Addresses of our own pages. Forty of them stand around every page, and most are the same on all."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request, url_for


def init_app(app: Flask) -> None:
    app.add_template_global(address, "url_for")


def address(endpoint: str, **values: Any) -> str:
    """As Flask's own; a page without anything in its address is looked up once."""
    if values or endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **values)
    return _plain(endpoint, request.script_root)


@lru_cache(maxsize=1_000)
def _plain(endpoint: str, _mounted_at: str) -> str:
    return url_for(endpoint)
