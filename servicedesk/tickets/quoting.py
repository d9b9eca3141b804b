"""What was said on a ticket, as it is quoted elsewhere."""

from datetime import datetime
from typing import NamedTuple

from servicedesk.core.formats import when
from servicedesk.core.language import gettext as _
from servicedesk.tickets import queries
from servicedesk.tickets.models import Visibility
from servicedesk.tickets.queries import Held
from servicedesk.tickets.telling import text_of


class Said(NamedTuple):
    """A message that the ticket's user could read."""

    seq: int
    who: str
    at: datetime
    text: str
    files: int


def said(held: Held) -> list[Said]:
    """Every message that the user could read, oldest first; notes are never among them."""
    files = queries.attachments(held)
    return [
        Said(one.entry.seq, one.by or _("Servicedesken"), one.entry.at, text, len(files.get(one.entry.seq, [])))
        for one in queries.timeline(held)
        if one.entry.visibility is Visibility.PUBLIC and (text := text_of(one.entry))
    ]


def quoted(some: list[Said]) -> str:
    """As text with who said it and when, each line marked as a quote."""
    return "\n\n".join(
        "{}\n\n{}".format(
            _("%(name)s skrev %(at)s:", name=one.who, at=when(one.at)),
            "\n".join(f"> {line}".rstrip() for line in one.text.splitlines()),
        )
        for one in some
    )
