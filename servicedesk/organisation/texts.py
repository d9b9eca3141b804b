"""Texts that people write in forms about things that are no tickets, as they are kept."""

from servicedesk.core import cpr
from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError

MOST_LINE = 200
MOST_TEXT = 20_000


def line(text: str, field: str, most: int = MOST_LINE, *, is_needed: bool = True) -> str:
    """On one line, without a CPR number; raises FieldRefusedError when it is missing or too long."""
    return _fitting(" ".join(text.split()), field, most, is_needed=is_needed)


def text_of(text: str, field: str, most: int = MOST_TEXT, *, is_needed: bool = True) -> str:
    """The same with its lines as they are."""
    return _fitting(text.strip(), field, most, is_needed=is_needed)


def _fitting(text: str, field: str, most: int, *, is_needed: bool) -> str:
    if is_needed and not text:
        raise FieldRefusedError(field, N_("Feltet skal udfyldes."))
    if len(text) > most:
        raise FieldRefusedError(field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=most)
    return cpr.hide(text).text
