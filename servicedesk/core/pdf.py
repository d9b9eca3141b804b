"""Pages as PDF for people who print, archive or use a screen reader (docs/adr, pages as PDF).

A view that answers `page_or_pdf("name", "template.html", …)` is that page, and where its address ends in `.pdf` the
same template in layouts/print.html. WeasyPrint is an extra and needs libraries of the machine: without them nothing
offers a PDF, and who asks for one is told what is missing.
"""

import ctypes
import sys
import threading
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, downloads
from servicedesk.core.errors import N_, BusyError, RefusedError
from servicedesk.core.language import gettext

#: So many cells of tables and points of lists are drawn; each takes a processor two or three thousandths of a second.
MOST_CELLS = 2_000
#: No page that was thought of as one to print has so many signs.
MOST_SIGNS = 4_000_000
#: PDFs are drawn one after the other in each process, so that pages stay quick and memory is that of one.
_TURN = threading.BoundedSemaphore(1)
WAITS = 20.0
#: What WeasyPrint loads: Debian's libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


CUT = N_("Her er de første %(kept)s af %(rows)s rækker. Hent tabellen som regneark for at få dem alle.")


class PdfMissingError(RefusedError):
    """This installation cannot draw PDFs; the page says what it takes."""

    status = 501

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Her kan sider ikke hentes som PDF. Udskriv siden fra browseren i stedet. Til den, der driver "
                "Servicedesk: PDF kræver tilvalget servicedesk[pdf] og Debian-pakkerne libpango-1.0-0, "
                "libpangoft2-1.0-0 og libharfbuzz-subset0."
            )
        )


def init_app(app: Flask) -> None:
    app.add_template_global(works, "pdf_works")
    app.add_template_global(clock.now, "drawn_at")


@lru_cache(maxsize=1)
def works() -> bool:
    """Whether pages can be drawn here; asked without loading thirty megabytes for it."""
    if find_spec("weasyprint") is None:
        return False
    return all(map(_is_there, LIBRARIES)) if sys.platform == "linux" else _can_be_loaded()


def page_or_pdf(name: str, template: str, **values: Any) -> ResponseReturnValue:
    """The page; or where its address ends in .pdf, the same as a file called so."""
    return as_pdf(name, template, **values) if request.path.endswith(".pdf") else render_template(template, **values)


def as_pdf(name: str, template: str, **values: Any) -> Response:
    """The page as a file called so, without what one presses."""
    if not works():
        raise PdfMissingError
    body = drawn(render_template(template, layout="layouts/print.html", **values))
    downloads.note(f"{name}.pdf")
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=headers)


def drawn(page: str) -> bytes:
    """A page that was rendered in layouts/print.html, as PDF/UA; for mails as well."""
    from servicedesk.core import pdf_engine  # loads WeasyPrint, which not everybody has

    if len(page) > MOST_SIGNS:
        raise RefusedError(N_("Siden er for lang til en PDF. Vælg en kortere periode eller en mindre del."))
    if not _TURN.acquire(timeout=WAITS):
        raise BusyError(N_("Der laves andre PDF-filer lige nu. Prøv igen om lidt."))
    try:
        return pdf_engine.draw(page, most_cells=MOST_CELLS, cut=gettext(CUT))
    finally:
        _TURN.release()


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _can_be_loaded() -> bool:
    try:
        from servicedesk.core import pdf_engine  # noqa: F401
    except OSError:
        return False
    return True
