"""What is asked where a ticket is solved: what people had to be shown, and what is offered to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy import select

from servicedesk.competence import commands
from servicedesk.competence.commands.offering import FITTING
from servicedesk.competence.models import Offer
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.systems.models import KnownError
from servicedesk.tickets import solving
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Cause, Secrecy
from servicedesk.training.models import Course

FIELDS = ("topic", "suggestion")


def _shown(held: Held, typed: solving.Answers, _who: Actor) -> str | None:
    """Asks the database nothing: suggestions are fetched when the form is opened."""
    ticket = held.ticket
    if ticket.secrecy is not Secrecy.ORDINARY or ticket.system_id is None:
        return None
    return render_template("competence/_question.html", ticket=ticket, typed=typed, fitting=FITTING)


def _keep(ticket: Ticket, cause: Cause, answers: solving.Answers, by: Actor, now: datetime) -> None:
    if cause is not Cause.COMPETENCE or ticket.secrecy is not Secrecy.ORDINARY or ticket.system_id is None:
        return
    name = answers.get("topic", "")
    topic = commands.set_topic(ticket, name, by=by, now=now) if name else None
    commands.offer(ticket, topic, answers.get("suggestion", ""), by=by, now=now)


def _in_mail(ticket: Ticket) -> dict[int, Mapping[str, Any]]:
    if ticket.cause is not Cause.COMPETENCE:
        return {}
    query = (
        select(Offer, Course.name, Course.minutes, KnownError.title)
        .outerjoin(Course, Course.id == Offer.course_id)
        .outerjoin(KnownError, KnownError.id == Offer.known_error_id)
        .where(Offer.ticket_id == ticket.id, Offer.answer.is_(None))
    )
    return {
        offer.person_id: {
            "template": "course_offer",
            "is_course": course is not None,
            "name": course or title,
            "minutes": minutes,
            "url": f"/competence/offers/{offer.id}",
        }
        for offer, course, minutes, title in db.session.execute(query)
    }


solving.offer(solving.Question(FIELDS, _shown, _keep, _in_mail))
