"""A view of the queue as a file: its tickets, in its order, all columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, request

from servicedesk.cockpit import queries
from servicedesk.cockpit.tabs import Opened, open_view
from servicedesk.cockpit.views import bp, chips
from servicedesk.cockpit.views.queue import MOST_IN_A_FILE, choices_of
from servicedesk.core import clock, looking
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.formats import number
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.lookups import Seen
from servicedesk.tickets import choices, lists, soon
from servicedesk.tickets.lists import Row
from servicedesk.tickets.models import NOT_DUE
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

#: Tickets that are in memory at once.
BATCH = 500


@bp.get("/queue/table.<sheet:ending>")
@requires(TicketPermission.OVERSEE)
def queue_table(ending: str) -> Response:
    who = actor()
    opened = open_view(request.args, queries.desk_of(who), who)
    ids = lists.ids(soon.told(opened.shape.filters, who, clock.now()), who, limit=MOST_IN_A_FILE + 1)
    cut = _("Kun de første %(most)s henvendelser er med.", most=number(MOST_IN_A_FILE))
    table = Table(
        file="koe",
        title=opened.view.name if opened.view and not opened.is_changed else _("Kø"),
        columns=_columns(),
        rows=map(_cells, _rows(ids[:MOST_IN_A_FILE], who)),
        chosen=_chosen(opened, who),
        notes=[cut] if len(ids) > MOST_IN_A_FILE else [],
    )
    return taken_home(table, ending)


def _rows(ids: Sequence[int], who: Actor) -> Iterator[Row]:
    """Found once, so that none is missed or repeated when tickets change meanwhile; read a few at a time."""
    for first in range(0, len(ids), BATCH):
        batch = ids[first : first + BATCH]
        found = lists.listed(batch, who)
        rows = [found[id_] for id_ in batch if id_ in found]
        # Their subjects leave the house, which is more than to pass them in a list.
        secret = [row.id for row in rows if row.secrecy is not Secrecy.ORDINARY]
        looking.note(Seen.TICKET, subject="ticket_id", keys=secret)
        yield from rows


def _columns() -> list[str]:
    return [
        *(_("Henvendelse"), _("Emne"), _("Slags"), _("Tilstand"), _("Prioritet"), _("Fortrolig"), _("Ubesvaret")),
        *(_("Bruger"), _("Enhed"), _("System"), _("Team"), _("Ansvarlig"), _("Hvem har den")),
        *(_("Oprettet"), _("Ændret"), _("Næste frist"), _("Aftalt med brugeren")),
    ]


def _cells(row: Row) -> list[Any]:
    return [
        *(row.number, row.subject, in_words(row.kind), in_words(row.state), in_words(row.priority)),
        in_words(row.secrecy) if row.secrecy is not Secrecy.ORDINARY else None,
        _("ja") if row.is_unanswered else None,
        *(row.affected, row.unit, row.system, row.team, row.assignee, in_words(row.tier)),
        *(row.filed_at, row.updated_at, row.due_order if row.due_order < NOT_DUE else None, row.promised_at),
    ]


def _chosen(opened: Opened, who: Actor) -> list[tuple[str, str]]:
    narrowed = chips.chosen(opened, choices_of(choices.offered_to(who)), who)
    return [(_("Filter"), text) for text, _address in narrowed] or [(_("Filter"), _("Alle åbne"))]
