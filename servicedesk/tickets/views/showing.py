"""The page of a ticket, and its files."""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from servicedesk.agreements import opening
from servicedesk.agreements.book import Book, book_of
from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.files import disposition, previewable
from servicedesk.core.formats import day
from servicedesk.core.language import gettext as _
from servicedesk.notifications import bell
from servicedesk.organisation import absences
from servicedesk.superbrugere.rules import Fact
from servicedesk.systems import queries as systems
from servicedesk.tickets import (
    choices,
    clocks,
    commands,
    hiding,
    jobs,
    lists,
    merging,
    onward,
    queries,
    solving,
    telling,
    tiers,
    whats_next,
)
from servicedesk.tickets.clockwork import Happening
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.standing import Standing, stand
from servicedesk.tickets.views import bp, composer, local, walking
from servicedesk.tickets.whats_next import Facts, Told
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, Move, Secrecy, State, Tier

#: What a file is served with, so that nothing in it runs in our name even if a browser opens it.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("/tickets/<int:ticket_id>")
@signed_in
def show(ticket_id: int) -> ResponseReturnValue:
    held = queries.hold(ticket_id, actor())
    bell.opened(f"ticket-{ticket_id}")
    if held.ticket.merged_into_id is not None and "merged" not in request.args:
        survivor = queries.survivor(held.ticket)
        if lists.listed([survivor], actor()):
            flash(_("%(number)s er lagt sammen med denne henvendelse.", number=held.ticket.number), "info")
            return web.see_other("tickets.show", ticket_id=survivor)
    return page(held)


def page(
    held: Held, *, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None, seen: int = 0
) -> str:
    """The ticket's page; after a refusal with what was typed, why not, and what happened after entry `seen`."""
    who, ticket = actor(), held.ticket
    told, book = queries.timeline(held), book_of(ticket.customer_id)
    around = queries.around(held, who, clock.today())
    lines = telling.tell(told, held, queries.attachments(held) if around.has_files else {}, who.id)
    is_staff = held.does(TicketPermission.READ_INTERNAL)
    away = absences.away([ticket.assignee_id], clock.today()) if around.is_assignee_away and is_staff else {}
    standing = _standing(held, told, book)
    return render_template(
        "tickets/show.html",
        around=around,
        lines=lines,
        has_hidden=held.does(TicketPermission.DISPATCH) and hiding.is_hidden_in(one.entry.data for one in told),
        stretches=telling.stretches(lines, news=seen),
        minutes=sum(line.minutes or 0 for line in lines),
        counts_minutes=around.counts_minutes and is_staff,
        away=next(iter(away.values()), None),
        standing=standing,
        suppliers=sorted(book.suppliers.values()),
        turn=_whats_next(held, around, standing, book),
        local=local.shown(held, told),
        opening=_opening_words(ticket, book),
        news=[line for line in lines if seen and line.seq > seen],
        typed=typed or {},
        composer=composer.laid_out(held, who, typed or {}),
        is_called=composer.is_called(told, around, ticket, who),
        errors=errors or {},
        followers=queries.followers(held, who) if around.followers else [],
        **_standing_in_list(who),
        **_other_tickets(held, around),
        **_doable(held, typed or {}),
    )


def _doable(held: Held, typed: Mapping[str, str]) -> dict[str, Any]:
    """What the reader is to the ticket and can do to it, and what its forms offer."""
    ticket, who = held.ticket, actor()
    return {
        "held": held,
        "ticket": ticket,
        "may": {permission.value for permission in held.may},
        "moves": {move.value for move in held.moves},
        "is_user": who.id in (ticket.filer_id, ticket.affected_id),
        "is_staff": held.does(TicketPermission.READ_INTERNAL),
        "is_ended": ticket.state in (State.CLOSED, State.CANCELLED),
        "marked": telling.marked,
        "form_id": token_hex(16),
        "causes": list(Cause),
        "asked_when_solved": solving.shown(held, typed, who) if Move.RESOLVE in held.moves else [],
        "facts": list(Fact),
        "link_kinds": list(LinkKind),
    }


def _other_tickets(held: Held, around: queries.Around) -> dict[str, Any]:
    """Those it is linked and merged with, and whether a merge can still be undone."""
    linked, merged = queries.links(held, actor()) if around.is_joined else ([], [])
    own = [held.ticket.id] if held.ticket.merged_into_id else []
    return {
        "linked": linked,
        "merged": merged,
        "merges": merging.merges_of([one.id for one in merged] + own),
        "undo_from": clock.now() - commands.UNDO_MERGE_WITHIN,
    }


def _standing_in_list(who: Actor) -> dict[str, Any]:
    """The list that the ticket was opened from, and whether the next one opens when this one is done."""
    came_from = walking.came_from()
    return {
        "came_from": came_from,
        "list_address": walking.list_address(),
        "is_in_list": came_from is not None,
        "goes_on": came_from is not None and onward.goes_on(who),
    }


def _standing(held: Held, told: list[queries.Told], book: Book) -> Standing:
    """How it stands with its times; the journal is read again for those who were given a part of it only."""
    ticket, who, is_staff = held.ticket, actor(), held.does(TicketPermission.READ_INTERNAL)
    entries: Sequence[Happening]
    if is_staff:
        entries = [one.entry for one in told]
    elif not book.versions:
        entries = []
    else:
        entries = clocks.journals([ticket.id])[ticket.id]
    is_user = who.id in (ticket.filer_id, ticket.affected_id)
    return stand(ticket, entries, book, clock.now(), is_staff=is_staff, is_user=is_user)


def _opening_words(ticket: Ticket, book: Book) -> str | None:
    now = clock.now()
    found = opening.opening_of(book, ticket.agreement_id, now) if ticket.is_open else None
    return opening.in_words(found, now, book.zone) if found else None


def _whats_next(held: Held, around: queries.Around, standing: Standing, book: Book) -> Told:
    """The answers to what a user asks; the same as on the card in the list."""
    ticket, now = held.ticket, clock.now()
    due = {name: one.due_at for name, one in standing.readings.items() if one.is_running and one.due_at is not None}
    facts = Facts(
        state=ticket.state,
        is_users=actor().id in (ticket.filer_id, ticket.affected_id),
        is_secret=ticket.secrecy is not Secrecy.ORDINARY,
        affected=around.affected.name,
        team=around.team,
        assignee=around.assignee,
        is_local=ticket.tier is Tier.LOCAL,
        helper=tiers.names_of(ticket, now) if ticket.tier is Tier.LOCAL else "",
        promised_at=ticket.promised_at,
        closes_at=standing.closes_at,
        desk=opening.opening_of(book, ticket.agreement_id, now),
        **whats_next.dues(due),
    )
    return whats_next.tell(facts, now)


@bp.get("/tickets/<int:ticket_id>/edit")
@signed_in
def edit(ticket_id: int) -> ResponseReturnValue:
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.WORK)
    return edit_page(held)


def edit_page(held: Held, errors: dict[str, str] | None = None, *, absent_id: int | None = None) -> str:
    """Where the servicedesk corrects a ticket and passes it on; `absent_id` is who was chosen though away."""
    ticket = held.ticket
    assignable = _assignable(held)
    away = absences.away([one.id for one in assignable], clock.today())
    return render_template(
        "tickets/edit.html",
        ticket=ticket,
        errors=errors or {},
        may_dispatch=held.does(TicketPermission.DISPATCH),
        helpers=local.helpers_to_ask(ticket) if held.does(TicketPermission.DISPATCH) else "",
        instruction=request.form.get("instruction", ""),
        teams=choices.teams_for(ticket),
        assignable=_named(assignable, away),
        away=away,
        absent=away.get(absent_id) if absent_id is not None else None,
        systems=[(system.id, system.name) for system in systems.choosable(actor(), customer_id=ticket.customer_id)],
        kinds=list(Kind),
        levels=list(Level),
        secrecies=list(Secrecy),
        list_address=walking.list_address(),
        is_in_list=walking.came_from() is not None,
        goes_on=walking.came_from() is not None and onward.goes_on(actor()),
    )


def _named(people: list[choices.Choice], away: dict[int, absences.Away]) -> list[choices.Choice]:
    """Each with a word about being away, so that nobody is given a ticket by mistake."""
    return [
        choices.Choice(one.id, _("%(name)s (væk til %(day)s)", name=one.name, day=day(away[one.id].ends_on)))
        if one.id in away
        else one
        for one in people
    ]


def _assignable(held: Held) -> list[choices.Choice]:
    """Who can be given the ticket, and who has it, of another team or not: without that name the list says nobody."""
    ticket = held.ticket
    found = choices.assignable_to(ticket, clock.today())
    if ticket.assignee_id is None or any(one.id == ticket.assignee_id for one in found):
        return found
    return [choices.Choice(ticket.assignee_id, queries.around(held, actor(), clock.today()).assignee or ""), *found]


@bp.get("/tickets/<int:ticket_id>/attachments/<int:attachment_id>")
@signed_in
def attachment(ticket_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file as a download; with `?preview=1` a picture may be shown in the page."""
    file = queries.attachment(queries.hold(ticket_id, actor()), attachment_id)
    inline = "preview" in request.args and previewable(file.media_type)
    if inline:
        looking.as_piece()
    response: Response = send_file(
        jobs.store().path(file.stored_name), mimetype=file.media_type, etag=file.sha256, max_age=0
    )
    response.headers["Content-Disposition"] = disposition(file.name, inline=inline)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def back_to(ticket_id: int) -> ResponseReturnValue:
    """After a change: to the ticket, or to the queue when the change took it out of the person's sight."""
    if lists.listed([ticket_id], actor()):
        return web.see_other("tickets.show", ticket_id=ticket_id)
    return redirect(url_for("cockpit.queue"), 303)
