"""Files that a page offers to be fetched."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from servicedesk.core.spreadsheets import write_csv


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A file called so for a spreadsheet. Put into words at once: a streamed answer has no reader any more."""
    lines = list(write_csv(columns, (dict(zip(columns, row, strict=True)) for row in rows)))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv", headers=headers)
