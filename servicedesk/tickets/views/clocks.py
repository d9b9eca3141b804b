"""Why a ticket's clocks show what they show, and the date that was agreed by hand."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from servicedesk.agreements.book import book_of
from servicedesk.agreements.words import amount_in_words
from servicedesk.core import clock
from servicedesk.core.access import actor, signed_in
from servicedesk.tickets import clocks, commands, forms, local_time, queries, standing
from servicedesk.tickets.clockwork import clocks_of
from servicedesk.tickets.explaining import explain
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.reasons import story
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.acting import do
from sla import Reading

bp.add_app_template_filter(amount_in_words, "amount_in_words")

#: Days that are shown at once; those before are folded away.
SHOWN_DAYS = 7


@bp.get("/tickets/<int:ticket_id>/clocks")
@signed_in
def explain_clocks(ticket_id: int) -> ResponseReturnValue:
    held, now = queries.hold(ticket_id, actor()), clock.now()
    ticket, is_staff = held.ticket, held.does(TicketPermission.READ_INTERNAL)
    book, entries = book_of(ticket.customer_id), clocks.journals([ticket.id])[ticket.id]
    readings = standing.in_order(clocks_of(entries, book).read(now), is_staff)
    return render_template(
        "tickets/clocks.html",
        ticket=ticket,
        stories=[
            story(explain(name, reading, book), ticket.filed_at, entries, now)
            for name, reading in readings.items()
            if reading.started_at is not None and not _is_nothing(reading)
        ],
        shown_days=SHOWN_DAYS,
        local=local_time.stay(entries, ticket.agreement_id, book, now) if is_staff else None,
    )


def _is_nothing(reading: Reading) -> bool:
    """An answer that nobody had waited for: the clock for it began and stopped at the same instant."""
    return reading.started_at == reading.ended_at and len(reading.periods) == 1 and reading.target.name == "update"


@bp.post("/tickets/<int:ticket_id>/promise")
@signed_in
def promise(ticket_id: int) -> ResponseReturnValue:
    """A date that was agreed with the user by hand."""
    form = forms.PromiseForm()
    return do(
        ticket_id,
        form,
        "promised_on",
        lambda by, now: commands.promise_date(
            ticket_id, by=by, now=now, promised_at=_promised_at(form), seen=form.seen.data
        ),
    )


def _promised_at(form: forms.PromiseForm) -> datetime:
    on, at = form.promised_on.data, form.promised_time.data
    assert on is not None
    assert at is not None
    return datetime.combine(on, at, clock.own_zone())
