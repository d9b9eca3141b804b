"""Tables that people take home as CSV and XLSX: one mechanism for all of them.

A route ends in `.<sheet:ending>`, its view answers `taken_home(Table(…), ending)`, and the page offers both with the
macro in components/downloads.html. Each file is a look-up.
"""

import io
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, cast

from flask import Flask, Response, current_app, request
from werkzeug.routing import BaseConverter
from werkzeug.wsgi import wrap_file

from servicedesk.core import clock, cpr, looking
from servicedesk.core.access import actor
from servicedesk.core.actor import Actor
from servicedesk.core.formats import day, decimal_sign
from servicedesk.core.language import gettext
from servicedesk.core.lookups import Seen
from servicedesk.core.periods import Period
from servicedesk.core.spreadsheets import Row, Workbook, write_csv

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: A larger file is written on the disk.
IN_MEMORY = 1_000_000
#: So much of an address is kept.
_ADDRESS = 300


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is taken home, as the reader may see it. `rows` are read once, one after the other."""

    #: The file's name without its ending.
    file: str
    #: What it is, in the reader's words.
    title: str
    columns: Sequence[str]
    rows: Iterable[Row]
    period: Period | None = None
    #: What it is narrowed to: (what, to which).
    chosen: Sequence[tuple[str, str]] = ()
    #: What one must know to read it right, such as that small numbers are left out.
    notes: Sequence[str] = ()


class SheetConverter(BaseConverter):
    """The end of an address that says as which file a table is wanted."""

    regex = "|".join(KINDS)


def init_app(app: Flask) -> None:
    app.url_map.converters["sheet"] = SheetConverter


def taken_home(table: Table, ending: str) -> Response:
    """The table as a file. It is written before it is sent, so that a fault is a page and not half a file."""
    with ExitStack() as left_open:
        kept = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  a large one is open until it has been sent
        out = cast(IO[bytes], left_open.enter_context(kept))
        number = _write_xlsx(table, out, actor()) if ending == "xlsx" else _write_csv(table, out)
        note(f"{table.file}.{ending}", rows=number)
        response = _sent(out, KINDS[ending], left_open)
    response.headers["Content-Disposition"] = f'attachment; filename="{table.file}.{ending}"'
    return response


def as_xlsx(table: Table, who: Actor) -> bytes:
    """The same file, for a mail to `who`."""
    out = io.BytesIO()
    _write_xlsx(table, out, who)
    return out.getvalue()


def _sent(out: IO[bytes], kind: str, left_open: ExitStack) -> Response:
    """A small file at once; a large one in pieces from where it lies, and then it is closed."""
    length = out.tell()
    out.seek(0)
    if length <= IN_MEMORY:
        return Response(out.read(), mimetype=kind)
    response = Response(wrap_file(request.environ, out), mimetype=kind, direct_passthrough=True)
    response.content_length = length
    response.call_on_close(left_open.pop_all().close)
    return response


def _write_csv(table: Table, out: IO[bytes]) -> int:
    number = -1  # the headings
    for line in write_csv(table.columns, table.rows, decimal=decimal_sign()):
        out.write(line.encode())
        number += 1
    return number


def _write_xlsx(table: Table, out: IO[bytes], who: Actor) -> int:
    with Workbook(out, zone=clock.own_zone(), title=table.title) as book:
        number = book.add_table(table.title, table.columns, table.rows)
        book.add_facts(gettext("Om"), _about(table, number, who))
    return number


def _about(table: Table, number: int, who: Actor) -> list[tuple[str, Any]]:
    """What lies before somebody who finds the file a year later."""
    told: list[tuple[str, Any]] = [
        (gettext("Tabel"), table.title),
        (gettext("Organisation"), current_app.extensions["settings"].organisation),
        (gettext("Hentet"), clock.now()),
        (gettext("Hentet af"), who.name),
        (gettext("Rettigheder"), gettext("Filen har det, %(name)s måtte se, da den blev hentet.", name=who.name)),
    ]
    if table.period is not None:
        first, last = day(table.period.first), day(table.period.last)
        told.append((gettext("Periode"), gettext("%(first)s til %(last)s", first=first, last=last)))
    told += [*table.chosen, (gettext("Rækker"), number)]
    return told + [(gettext("Bemærk"), note) for note in table.notes]


def note(file: str, **facts: Any) -> None:
    """A look-up: who took what home, by which address."""
    path = cpr.hide(request.full_path.rstrip("?")).text[:_ADDRESS]
    looking.note(Seen.EXPORT, file=file, **facts, path=path)
