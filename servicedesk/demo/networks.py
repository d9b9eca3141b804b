"""Odby's networks of superbrugere: one of a kind and one of a system, each with a letter or a meeting to come."""

from datetime import datetime, timedelta

from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_midnight
from servicedesk.core.db import transaction
from servicedesk.superbrugere.networks import commands, queries
from servicedesk.superbrugere.networks.models import Coming, MeetingAnswer
from servicedesk.superbrugere.rules import AppointmentKind


def gather(customer_id: int, coordinator_id: int, system: tuple[int, str] | None, now: datetime) -> None:
    """`coordinator_id` is an it-superbruger; `system` a key and a name."""
    terms = commands.NetworkTerms(
        name="It-superbrugerne",
        about="Vi mødes hvert kvartal og deler det, der virker.",
        kind=AppointmentKind.IT,
        coordinator_id=coordinator_id,
    )
    network = commands.make_network(customer_id, terms, by=SYSTEM, now=now - timedelta(days=200))
    meeting = commands.call_meeting(network.id, _in_days(9, 13, now), by=SYSTEM, now=now - timedelta(days=6))
    answers = (Coming.YES, Coming.YES, Coming.MAYBE, Coming.YES, Coming.NO)
    with transaction() as session:
        for member, answer in zip(queries.members(network), answers, strict=False):
            at = now - timedelta(days=5)
            session.add(MeetingAnswer(meeting_id=meeting.id, person_id=member.id, answer=answer, at=at))
    if system is not None:
        _of_system(customer_id, system, now)


def _of_system(customer_id: int, system: tuple[int, str], now: datetime) -> None:
    id_, name = system
    terms = commands.NetworkTerms(name=f"Superbrugere i {name}", system_id=id_)
    network = commands.make_network(customer_id, terms, by=SYSTEM, now=now - timedelta(days=150))
    if queries.members(network):
        body = "Leverandøren har skrevet en **ny vejledning**. Fortæl den gerne videre derude."
        at = now - timedelta(days=12)
        commands.write(network.id, subject="Ny vejledning", body=body, form_id="demo", by=SYSTEM, now=at)


def _in_days(days: int, hour: int, now: datetime) -> commands.MeetingTerms:
    starts_at = local_midnight(now) + timedelta(days=days, hours=hour)
    return commands.MeetingTerms(
        title="Kvartalsmøde for it-superbrugere",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1, minutes=30),
        place="Byrådssalen, rådhuset",
        agenda="1. Nyt fra servicedesken\n2. Det, I møder tit\n3. Print på skolerne",
    )
