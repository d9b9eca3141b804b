"""Who hears of which journal entry, each in the way that he or she has chosen.

What is told about a confidential or security ticket carries neither its subject nor anybody's words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.agreements.book import book_of
from servicedesk.agreements.opening import opening_of
from servicedesk.agreements.terms import Promise
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.notifications.commands import News, tell_all
from servicedesk.organisation import absences
from servicedesk.organisation.actors import is_in_force, load_actor
from servicedesk.organisation.models import RoleGrant, Team, TeamMember
from servicedesk.organisation.policy import STAFF
from servicedesk.tickets import events, solving, tiers
from servicedesk.tickets.models import Entry, EntryKind, Follower, Ticket, TicketClock
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.whats_next import Facts, dues, for_mail
from servicedesk.tickets.workflow import Channel, Secrecy, State, Tier

Ids = set[int | None]

#: Event, mail and receivers of each kind of entry that anybody is told about.
_USERS, _ASSIGNEE, _ALL, _MENTIONED = "users", "assignee", "all", "mentioned"
_HELPERS, _ESCALATOR = "helpers", "escalator"
_TOLD: dict[EntryKind, tuple[str, str, str]] = {
    EntryKind.FILED: (events.FILED, "ticket_filed", _USERS),
    EntryKind.WAITING: (events.ASKED, "ticket_question", _USERS),
    EntryKind.RESOLVED: (events.RESOLVED, "ticket_resolved", _USERS),
    EntryKind.CLOSED: (events.CLOSED, "ticket_closed", _USERS),
    EntryKind.REOPENED: (events.REOPENED, "ticket_reopened", _ASSIGNEE),
    EntryKind.CANCELLED: (events.CANCELLED, "ticket_cancelled", _ALL),
    EntryKind.MERGED: (events.MERGED, "ticket_merged", _USERS),
    EntryKind.TAKEN: (events.ASSIGNED, "ticket_assigned", _ASSIGNEE),
    EntryKind.ASSIGNED: (events.ASSIGNED, "ticket_assigned", _ASSIGNEE),
    EntryKind.MOVED: (events.ASSIGNED, "ticket_assigned", _ASSIGNEE),
    EntryKind.ESCALATED: (events.ESCALATED, "ticket_escalated", _USERS),
    EntryKind.HANDED_BACK: (events.HANDED_BACK, "ticket_handed_back", _HELPERS),
    EntryKind.APPRAISED: (events.APPRAISED, "ticket_appraised", _ESCALATOR),
}
_LOCAL = (events.LOCAL, "ticket_local", _HELPERS)
_ANSWERED = (events.ANSWERED, "ticket_replied", _USERS)
_USER_REPLIED = (events.USER_REPLIED, "ticket_user_replied", _ASSIGNEE)
#: By kind: the event for who has the ticket, the event for the team while nobody has it, and the mail.
_CLOCKS = {
    EntryKind.WARNED: (events.CLOCK_WARNED, events.TEAM_CLOCK_WARNED, "ticket_warned"),
    EntryKind.BREACHED: (events.CLOCK_BREACHED, events.TEAM_CLOCK_BREACHED, "ticket_breached"),
}


def tell(ticket: Ticket, entry: Entry, by: Actor) -> None:
    """Tells of `entry` in its transaction; whoever did it is not told, but for the receipt."""
    for event, template, receivers in _what(entry):
        news = _news(ticket, entry, event, template, _said(ticket, entry, by), _mail(ticket, entry, by))
        ids = _named(ticket, entry, receivers) or _ids(ticket, receivers)
        if ticket.assignee_id in ids and receivers in (_ASSIGNEE, _ALL):
            ids |= _deputies([ticket], entry.at).get(ticket.id, set())
        ids -= _untold(entry)
        alone = _told_alone(ticket, entry, news)
        tell_all(
            [*((own, {id_}) for id_, own in alone.items() if id_ in ids), (news, ids - set(alone))], by=by, now=entry.at
        )


def _told_alone(ticket: Ticket, entry: Entry, news: News) -> dict[int, News]:
    """Whose mail about a solution says more than the others' do."""
    if entry.kind is not EntryKind.RESOLVED or ticket.secrecy is not Secrecy.ORDINARY:
        return {}
    more = solving.in_mail(ticket)
    return {id_: replace(news, mail={**news.mail, "more": told}) for id_, told in more.items()}


def _untold(entry: Entry) -> Ids:
    """Whoever wrote down what a caller said needs no receipt for it; and whom the writer of an answer left out."""
    present: Ids = {entry.by_id} if entry.data.get("channel") == Channel.PHONE else set()
    return present | set(entry.data.get("left_out", ()))


def tell_of_clocks(written: Iterable[tuple[Ticket, Entry]], *, now: datetime) -> None:
    """Tells of warnings and breaches, many at once."""
    told = [(ticket, entry) for ticket, entry in written if entry.data["told"]]
    free = {ticket.team_id for ticket, _ in told if ticket.assignee_id is None}
    members = {team_id: _members(team_id, now) for team_id in free}
    deputies = _deputies([ticket for ticket, _ in told], now)
    tell_all([_of_clock(*one, members, deputies) for one in told], by=SYSTEM, now=now)


def _deputies(tickets: Iterable[Ticket], at: datetime) -> dict[int, Ids]:
    """By ticket, who stands in for whoever has it; nobody hears of what he or she may not read."""
    today = at.astimezone(own_zone()).date()
    some = list(tickets)
    away = absences.away({ticket.assignee_id for ticket in some}, today)
    by_deputy: dict[int, list[int]] = {}
    for ticket in some:
        absent = away.get(ticket.assignee_id or 0)
        if absent is not None and absent.deputy_id is not None:
            by_deputy.setdefault(absent.deputy_id, []).append(ticket.id)
    found: dict[int, Ids] = {}
    for deputy_id, ids in by_deputy.items():
        reader = load_actor(deputy_id, today=today)
        if reader is not None:
            readable = select(Ticket.id).where(Ticket.id.in_(ids), granted(TicketPermission.READ, reader))
            for id_ in db.session.scalars(readable):
                found.setdefault(id_, set()).add(deputy_id)
    return found


def _what(entry: Entry) -> list[tuple[str, str, str]]:
    """What is told to whom: event, mail and receivers."""
    if entry.kind is EntryKind.REPLIED:
        return [_ANSWERED if entry.data["is_answer"] else _USER_REPLIED]
    if entry.kind is EntryKind.NOTED:
        return [(events.MENTIONED, "ticket_mentioned", _MENTIONED)] if entry.data.get("mentions") else []
    if entry.kind is EntryKind.WAITING and entry.state is not State.WAITING_USER:
        return []
    if entry.kind is EntryKind.CLOSED and entry.by_id is None:
        return []  # it closes by itself, as it was said when it was solved
    told = [_TOLD[entry.kind]] if entry.kind in _TOLD else []
    return [*told, _LOCAL] if entry.kind is EntryKind.FILED and entry.data.get("helper_ids") else told


def _named(ticket: Ticket, entry: Entry, receivers: str) -> Ids:
    """Those whom the entry, or an earlier one, names."""
    match receivers:
        case "mentioned":
            return set(entry.data["mentions"])
        case "helpers":
            return set(entry.data["helper_ids"])
        case "escalator":
            return {tiers.escalator_of(ticket, entry)}
        case _:
            return set()


def users_of(ticket: Ticket) -> Ids:
    """Who hears of what concerns the ticket's users: filer, affected person and followers."""
    return _ids(ticket, _USERS)


def _ids(ticket: Ticket, receivers: str) -> Ids:
    if receivers == _ASSIGNEE:
        return {ticket.assignee_id}
    ids: Ids = {ticket.filer_id, ticket.affected_id}
    if receivers == _ALL:
        ids.add(ticket.assignee_id)
    if ticket.secrecy is Secrecy.ORDINARY:
        ids |= set(db.session.scalars(select(Follower.person_id).where(Follower.ticket_id == ticket.id)))
    return ids


def _news(
    ticket: Ticket, entry: Entry, event: str, template: str, said: dict[str, Any], mail: dict[str, Any], **more: Any
) -> News:
    return News(
        event=event,
        thread=f"ticket-{ticket.id}",
        source=f"ticket-{ticket.id}:{entry.seq}",
        path=f"/tickets/{ticket.id}",
        customer_id=ticket.customer_id,
        facts=said,
        template=template,
        mail=mail,
        **more,
    )


def _said(ticket: Ticket, entry: Entry, by: Actor) -> dict[str, Any]:
    """What the words in the bell need."""
    if ticket.secrecy is not Secrecy.ORDINARY:
        return {}
    said = {"by": by.name} if by.id is not None else {}
    return {**said, "into": entry.data["number"]} if entry.kind is EntryKind.MERGED else said


def _mail(ticket: Ticket, entry: Entry, by: Actor) -> dict[str, Any]:
    facts = _about(ticket)
    if facts["is_secret"]:
        return facts
    texts = {
        name: entry.data[name]
        for name in ("body", "solution", "reason", "instruction", "tried", "why")
        if entry.data.get(name)
    }
    if entry.kind is EntryKind.APPRAISED:
        texts |= {"lacking": entry.data["lacking"], "note": entry.data.get("note", "")}
    if entry.kind is EntryKind.MERGED:
        texts["into"] = entry.data["number"]
    if entry.kind is EntryKind.FILED:
        facts["next"] = _whats_next(ticket, entry.at)
    return {**facts, "by": by.name, "state": ticket.state.value, **texts}


def _whats_next(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """What the receipt needs to tell what happens now, in words that the receiver's language has when it is sent."""
    is_running = (TicketClock.ticket_id == Ticket.id) & TicketClock.is_running
    query = select(Team.name, TicketClock.name, TicketClock.due_at).select_from(Ticket).where(Ticket.id == ticket.id)
    rows = db.session.execute(query.outerjoin(Team, Team.id == Ticket.team_id).outerjoin(TicketClock, is_running)).all()
    due = {name: at for _team, name, at in rows if at is not None}
    version = ticket.agreement_id
    desk = opening_of(book_of(ticket.customer_id), version, now) if version is not None else None
    is_local = ticket.tier is Tier.LOCAL
    helper = tiers.names_of(ticket, now) if is_local else ""
    facts = Facts(state=ticket.state, team=rows[0][0], is_local=is_local, helper=helper, desk=desk, **dues(due))
    return for_mail(facts)


def _about(ticket: Ticket) -> dict[str, Any]:
    facts = {"number": ticket.number, "url": f"/tickets/{ticket.id}"}
    if ticket.secrecy is not Secrecy.ORDINARY:
        return {**facts, "is_secret": True}
    return {**facts, "is_secret": False, "subject": ticket.subject}


# ------------------------------------------------------------------------------------------------ clocks


def _of_clock(
    ticket: Ticket, entry: Entry, members: Mapping[int | None, Ids], deputies: Mapping[int, Ids]
) -> tuple[News, Ids]:
    """Time is running out: whoever has the ticket hears of it; while nobody has it, everybody who could take it."""
    for_assignee, for_team, template = _CLOCKS[entry.kind]
    is_taken = ticket.assignee_id is not None
    said = {"clock": entry.data["clock"], "stage": entry.data["stage"]}
    not_before = entry.data.get("not_before")
    news = _news(
        ticket,
        entry,
        for_assignee if is_taken else for_team,
        template,
        said,
        {**_about(ticket), **said, "due_at": entry.data.get("due_at"), "is_taken": is_taken},
        not_before=datetime.fromisoformat(not_before) if not_before else None,
        is_urgent=bool(entry.data.get("urgent")),
    )
    if is_taken:
        return news, {ticket.assignee_id} | deputies.get(ticket.id, set())
    if ticket.tier is Tier.LOCAL or entry.data["clock"] == Promise.LOCAL:
        return news, {helper.id for helper in tiers.helpers_of(ticket, entry.at)}
    return news, members[ticket.team_id]


def _members(team_id: int | None, at: datetime) -> Ids:
    """Those of the team who work on tickets: membership alone lets nobody see one."""
    if team_id is None:
        return set()
    today = at.astimezone(own_zone()).date()
    serving = select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF), is_in_force(today))
    members = select(TeamMember.person_id).where(TeamMember.team_id == team_id)
    return set(db.session.scalars(members.where(TeamMember.person_id.in_(serving))))
