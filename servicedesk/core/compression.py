"""Answers go packed to browsers that can unpack them. Why not always: docs/adr/0008-assets.md."""

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request

#: What we can pack with, the better first.
CODINGS = ("br", "gzip")
#: Less than this is not worth the trouble.
LEAST = 600
TEXTS = frozenset({"text/html", "text/css", "text/javascript", "text/plain", "text/csv", "image/svg+xml"})
DATA = frozenset({"application/json", "application/problem+json", "application/yaml"})
#: Where a page may be asked for from, to be packed: our own pages, and what a person typed or kept.
TRUSTED_SITES = frozenset({"same-origin", "none"})


def init_app(app: Flask) -> None:
    """To be called before anything else looks at answers: what is registered first sees an answer last."""
    app.after_request(_pack_page)


def coding_for_browser() -> str | None:
    """The best way of packing that the browser which asks can undo."""
    return next((coding for coding in CODINGS if request.accept_encodings.quality(coding) > 0), None)


@lru_cache(maxsize=256)
def pack_once(body: bytes, coding: str) -> bytes:
    """A file's bytes packed as tightly as can be; it is done at the first request and kept."""
    return brotli.compress(body, quality=11) if coding == "br" else gzip.compress(body, 9, mtime=0)


def mark(response: Response, coding: str | None) -> None:
    """Says in the headers how an answer is packed, and that it might have been packed otherwise."""
    response.vary.add("Accept-Encoding")
    if coding is not None:
        response.headers["Content-Encoding"] = coding


def _pack_page(response: Response) -> Response:
    if not _may_be_packed(response):
        return response
    coding = coding_for_browser()
    if coding is not None:
        body = response.get_data()
        # Middling effort: a queue of 50 rows takes less than a millisecond.
        response.set_data(brotli.compress(body, quality=4) if coding == "br" else gzip.compress(body, 5, mtime=0))
        etag, _is_weak = response.get_etag()
        if etag is not None:
            response.set_etag(etag, weak=True)
    mark(response, coding)
    return response


def _may_be_packed(response: Response) -> bool:
    """Not what another site makes the browser ask for: from the size of a page that repeats what the address says,
    that site could guess what else stands on it (BREACH). A browser that does not say who asks gets it as it is.
    """
    return (
        response.status_code not in (204, 304)
        and not response.direct_passthrough
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and response.mimetype in TEXTS | DATA
        and request.headers.get("Sec-Fetch-Site") in TRUSTED_SITES
        and (response.content_length or 0) >= LEAST
    )
