"""What satisfaction shows on others' pages: what one can rate and answer, and how a ticket was rated."""

from typing import Any

from flask import render_template

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.panels import Place, offer
from servicedesk.surveys.queries import ratings, tasks, waiting
from servicedesk.surveys.rules import Step
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Secrecy, State


def _at_start(_thing: Any, who: Actor) -> str | None:
    """What one is asked; and for whoever sees to bad ratings, how many wait."""
    now = clock.now()
    asked = waiting.asked_of(who, now)
    follow_up = tasks.counts(who, now) if who.has_role(Role.SERVICEDESK_MANAGER) else None
    if not asked and not (follow_up and follow_up.open):
        return None
    return render_template("surveys/_start.html", asked=asked, follow_up=follow_up)


def _on_ticket(held: Any, who: Actor) -> str | None:
    if held.ticket.state is not State.CLOSED:
        return None  # nobody has been asked
    found = ratings.on_ticket(held.ticket.id, who)
    if found is None or (found.rating.step is None and found.rating.person_id == who.id):
        return None
    return _card(held, found, who)


def _card(held: Held, found: ratings.OnTicket, who: Actor) -> str:
    return render_template(
        "surveys/_card.html",
        rating=found.rating,
        task=found.task,
        step=Step(found.rating.step) if found.rating.step else None,
        is_own=found.rating.person_id == who.id,
        is_open=found.rating.expires_at > clock.now(),
        may_follow_up=who.has_role(Role.SERVICEDESK_MANAGER) or held.ticket.secrecy is not Secrecy.ORDINARY,
    )


def _to_rate(held: Any, who: Actor) -> str | None:
    """The question itself, on one's own ticket."""
    ticket = held.ticket
    if ticket.state is not State.CLOSED or who.id != ticket.affected_id:
        return None
    found = ratings.on_ticket(ticket.id, who)
    if found is None or found.rating.step is not None or found.rating.expires_at <= clock.now():
        return None
    if found.rating.person_id != who.id:
        return None
    return render_template("surveys/_rate.html", rating=found.rating, steps=list(Step))


offer(Place.START, _at_start, rank=20)
offer(Place.TICKET_TOP, _to_rate, rank=20)
offer(Place.TICKET_CARDS, _on_ticket, rank=70)
