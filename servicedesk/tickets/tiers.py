"""What a journal says of a ticket that is with a superbruger, and what an escalation must tell."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db
from servicedesk.superbrugere import queries as superbrugere
from servicedesk.superbrugere.queries import Helper, InForce, Local
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets.models import Entry, EntryKind, Ticket
from servicedesk.tickets.workflow import Tier


def at_local(local: Local) -> dict[str, Any]:
    """Where it is, for the entry that brings it there: with whom, for how long, by which version of the guideline."""
    return {
        "tier": Tier.LOCAL.value,
        "team_id": None,
        "assignee_id": None,
        "local": local.guideline.terms.local,
        "guideline_id": local.guideline.version_id,
        "helper_ids": [helper.id for helper in local.helpers],
    }


def guideline_of(ticket: Ticket) -> InForce | None:
    """What superbrugere may do with such a ticket now."""
    return superbrugere.guideline_for(ticket.customer_id, ticket.system_id)


def acted_under(ticket: Ticket, by: Actor) -> dict[str, Any]:
    """For each entry of a superbruger at the local tier, the version of the guideline that holds; else nothing."""
    is_user = by.id in (ticket.filer_id, ticket.affected_id)
    if ticket.tier is not Tier.LOCAL or is_user or not by.has_role(Role.SUPERBRUGER):
        return {}
    guideline = guideline_of(ticket)
    return {"guideline_id": guideline.version_id} if guideline else {}


def helpers_of(ticket: Ticket, now: datetime) -> list[Helper]:
    """Who is there for it today."""
    today = now.astimezone(own_zone()).date()
    found = superbrugere.covering(ticket.customer_id, ticket.unit_id, ticket.system_id, today)
    return [one for one in found if one.id != ticket.affected_id]


def names_of(ticket: Ticket, now: datetime) -> str:
    """Those of them who are told to the user, the nearest first: at most two names."""
    return " / ".join(helper.name for helper in helpers_of(ticket, now)[:2])


def missing_facts(wanted: Collection[Fact], *, tried: str, affected: int | None, has_picture: bool) -> list[Fact]:
    """What an escalation does not tell of what the guideline wants to know."""
    told = {Fact.TRIED: bool(tried.strip()), Fact.AFFECTED: affected is not None, Fact.SCREENSHOT: has_picture}
    return [fact for fact in Fact if fact in wanted and not told[fact]]


def escalator_of(ticket: Ticket, appraisal: Entry) -> int | None:
    """Who sent the escalation that was appraised."""
    query = select(Entry.by_id).where(Entry.ticket_id == ticket.id, Entry.seq == appraisal.data["of"])
    return db.session.scalar(query)


def last_of(ticket: Ticket, *kinds: EntryKind) -> Entry | None:
    """The newest entry of those kinds."""
    query = select(Entry).where(Entry.ticket_id == ticket.id, Entry.kind.in_(kinds)).order_by(Entry.seq.desc())
    return db.session.scalars(query.limit(1)).first()
