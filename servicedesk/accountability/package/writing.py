"""The package itself: a zip with a page for people, a CSV and a JSON of each part, and the files."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import IO, Any

from flask import current_app

from servicedesk.accountability.package.headings import HEADINGS
from servicedesk.accountability.package.kept import PARTS
from servicedesk.accountability.package.part import Kept, Part, Rows, Whose
from servicedesk.config import LOCALES
from servicedesk.core import formats, labels
from servicedesk.core.files import FileMissingError, Store
from servicedesk.core.formats import decimal_sign
from servicedesk.core.language import gettext as _
from servicedesk.core.language import language
from servicedesk.core.spreadsheets import write_csv

STYLE = """body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}caption{text-align:left}
th,td{border:1px solid #888;padding:.3rem .5rem;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;white-space:pre-line}
"""

TOTAL = len(PARTS)

#: A part, its columns, and its rows in words.
Shown = tuple[Part, list[str], list[list[str]]]


def write(out: IO[bytes], whose: Whose, name: str, store: Store, advance: Callable[[int], bool]) -> dict[str, int]:
    """Writes it, and answers how many rows are in each part. `advance` is told of each part that is done, and answers
    whether to go on; StoppedError when not.
    """
    shown: list[Shown] = []
    counts: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number, part in enumerate(PARTS, 1):
            rows = [{key: _plain(value) for key, value in row.items()} for row in part.rows(whose)]
            _write_data(package, part, rows)
            missing = [kept.path for kept in part.files(whose) if not _copy(package, kept, store)]
            shown.append((part, _keys(rows), _for_people(rows, missing)))
            counts[part.name] = len(rows)
            if not advance(number):
                raise StoppedError
        package.writestr("index.html", _page(whose, name, shown))
        package.writestr("style.css", STYLE)
    return counts


class StoppedError(Exception):
    """Somebody else has it, or nobody wants it any more."""


def _page(whose: Whose, name: str, shown: list[Shown]) -> str:
    """Not with what every page of ours is given: nobody sends a request here."""
    return current_app.jinja_env.get_template("accountability/package.html").render(
        name=name,
        at=whose.at,
        parts=shown,
        heading=heading,
        locale=language() or LOCALES[0],
        organisation_name=current_app.extensions["settings"].organisation,
    )


def heading(key: str) -> str:
    return str(HEADINGS[key])


def _keys(rows: Rows) -> list[str]:
    """The columns of all rows, in the order in which they come up."""
    return list(dict.fromkeys(key for row in rows for key in row))


def _plain(value: Any) -> Any:
    """What people and machines can read: members of an enum by their names."""
    return labels.known(value) if isinstance(value, Enum) else value


def _write_data(package: zipfile.ZipFile, part: Part, rows: Rows) -> None:
    keys = _keys(rows)
    package.writestr(f"data/{part.name}.json", json.dumps(rows, ensure_ascii=False, indent=1, default=_as_json))
    cells = ([_cell(row.get(key)) for key in keys] for row in rows)
    lines = write_csv([heading(key) for key in keys], cells, decimal=decimal_sign())
    package.writestr(f"data/{part.name}.csv", "".join(lines).encode())


def _as_json(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _for_people(rows: Rows, missing: list[str]) -> list[list[str]]:
    keys = _keys(rows)
    told = [[_in_words(row.get(key)) for key in keys] for row in rows]
    if not missing:
        return told
    gone = _("%(file)s (filen findes ikke længere)")
    return [[gone % {"file": cell} if cell in missing else cell for cell in row] for row in told]


def _in_words(value: Any) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return _("ja") if value else _("nej")
        case datetime():
            return formats.when(value)
        case date():
            return formats.day(value)
        case _:
            return str(_cell(value))


def _copy(package: zipfile.ZipFile, kept: Kept, store: Store) -> bool:
    """Whether the file was there."""
    try:
        with store.open(kept.stored_name) as file, package.open(kept.path, "w", force_zip64=True) as into:
            while piece := file.read(1 << 20):
                into.write(piece)
    except FileMissingError:
        return False
    return True
