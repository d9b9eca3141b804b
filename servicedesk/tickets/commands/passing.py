"""Between superbrugere and the servicedesk: passing a ticket on, handing it back, and saying what was lacking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.superbrugere.queries import Local
from servicedesk.superbrugere.rules import Fact
from servicedesk.systems.models import System
from servicedesk.tickets import receivers, tiers
from servicedesk.tickets.commands.writing import NewFile, append, checked_text, hold
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import OPEN_STATES, Move, MoveRefusedError, Secrecy, Tier

#: Nobody has ever had more colleagues.
MOST_AFFECTED = 100_000

NOT_LOCAL = N_("Henvendelsen er ikke hos en superbruger.")


class LackingError(RefusedError):
    """An escalation does not tell what the guideline wants the servicedesk to know."""

    def __init__(self, missing: Sequence[Fact]) -> None:
        super().__init__(N_("Retningslinjen beder om mere, før henvendelsen kan sendes videre."))
        self.missing = tuple(missing)


def escalate(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    tried: str = "",
    affected: int | None = None,
    files: Sequence[NewFile] = (),
    seen: int | None = None,
) -> Ticket:
    """Passes a ticket on from the local tier to the servicedesk.

    A superbruger tells what the guideline asks for; the user, and whoever works at the desk, need give no reason.
    Raises LackingError, and ConflictError when it is with the servicedesk already.
    """
    with transaction():
        held = hold(ticket_id, by, TicketPermission.READ, seen)
        ticket = held.ticket
        if ticket.tier is not Tier.LOCAL:
            raise ConflictError(NOT_LOCAL)
        held.need(TicketPermission.ESCALATE)
        if affected is not None and not 0 < affected <= MOST_AFFECTED:
            raise RefusedError(N_("Skriv antallet som et helt tal."))
        why = _why(ticket, by, held.does(TicketPermission.DISPATCH))
        guideline = tiers.guideline_of(ticket)
        if why == "superbruger" and guideline is not None:
            has_picture = bool(files) or _has_picture(ticket)
            missing = tiers.missing_facts(
                guideline.terms.facts, tried=tried, affected=affected, has_picture=has_picture
            )
            if missing:
                raise LackingError(missing)
        told = {
            "why": why,
            **({"tried": checked_text(tried)} if tried.strip() else {}),
            **({"affected": affected} if affected is not None else {}),
            **({"guideline_id": guideline.version_id} if guideline else {}),
        }
        pass_on(ticket, told, by=by, now=now, files=files)
    return ticket


def _why(ticket: Ticket, by: Actor, is_desk: bool) -> str:
    if by.id in (ticket.filer_id, ticket.affected_id):
        return "user"
    return "desk" if is_desk else "superbruger"


def _has_picture(ticket: Ticket) -> bool:
    picture = Attachment.media_type.startswith("image/")
    return (
        db.session.scalar(select(Attachment.id).where(Attachment.ticket_id == ticket.id, picture).limit(1)) is not None
    )


def pass_on(
    ticket: Ticket,
    told: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
    files: Sequence[NewFile] = (),
    is_alone: bool = True,
) -> Entry:
    """Appends the entry, as part of the caller's transaction: to the team that had it before, else as a new one."""
    system = db.session.get(System, ticket.system_id) if ticket.system_id is not None else None
    back = tiers.last_of(ticket, EntryKind.HANDED_BACK)
    team_id = back.data.get("from_team_id") if back is not None else None
    place = {
        "tier": Tier.SERVICEDESK.value,
        "team_id": team_id or receivers.team_of(ticket.customer_id, Secrecy.ORDINARY, system),
        "assignee_id": None,
    }
    return append(ticket, EntryKind.ESCALATED, by=by, now=now, files=files, data={**told, **place}, is_alone=is_alone)


def hand_back(ticket_id: int, *, by: Actor, now: datetime, instruction: str, seen: int | None = None) -> Ticket:
    """Asks the superbruger to see to something out there, such as a cable; the local clock begins anew.

    Raises RefusedError when nobody is there for the unit and the system, or the guideline does not let them.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.DISPATCH, seen).ticket
        if ticket.state not in OPEN_STATES:
            raise MoveRefusedError(ticket.state, Move.TAKE)
        if ticket.tier is Tier.LOCAL:
            raise ConflictError(N_("Henvendelsen er allerede hos en superbruger."))
        local = _local(ticket, now)
        place = {**tiers.at_local(local), "from_team_id": ticket.team_id, "instruction": checked_text(instruction)}
        append(ticket, EntryKind.HANDED_BACK, by=by, now=now, data=place, visibility=Visibility.INTERNAL)
    return ticket


def _local(ticket: Ticket, now: datetime) -> Local:
    guideline = tiers.guideline_of(ticket)
    if ticket.secrecy is not Secrecy.ORDINARY or guideline is None or not guideline.keeps(ticket.kind.value):
        raise RefusedError(N_("Retningslinjen lader ikke superbrugere arbejde med den slags henvendelser."))
    helpers = tiers.helpers_of(ticket, now)
    if not helpers:
        raise RefusedError(N_("Der er ingen superbruger til stede, som dækker enheden og systemet."))
    return Local(helpers, guideline)


def appraise(
    ticket_id: int, *, by: Actor, now: datetime, lacking: Sequence[Fact] = (), note: str = "", seen: int | None = None
) -> Ticket:
    """Says whether the superbruger's escalation told what the servicedesk needed; the newest word counts.

    Raises ConflictError when no superbruger has passed it on.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.DISPATCH, seen).ticket
        escalation = tiers.last_of(ticket, EntryKind.ESCALATED)
        if escalation is None or escalation.data.get("why") != "superbruger":
            raise ConflictError(N_("Ingen superbruger har sendt henvendelsen videre."))
        told: dict[str, Any] = {"of": escalation.seq, "lacking": [fact.value for fact in Fact if fact in lacking]}
        if note.strip():
            told["note"] = checked_text(note)
        append(ticket, EntryKind.APPRAISED, by=by, now=now, data=told, visibility=Visibility.INTERNAL)
    return ticket
