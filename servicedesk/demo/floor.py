"""What superbrugere help with in passing: a believable amount of it, written down by the command that people use."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from servicedesk.core.causes import Cause
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.demo.town import Town
from servicedesk.organisation.actors import load_actor
from servicedesk.superbrugere import commands, floor
from servicedesk.superbrugere.models import Appointment

#: How far back they wrote it down.
DAYS = 150
#: Of a hundred superbrugere, so many do; the others help and forget to.
DILIGENT = 55
_CAUSES = (Cause.COMPETENCE, Cause.COMPETENCE, Cause.COMPETENCE, Cause.FAULT, Cause.FAULT, Cause.CHANGE, Cause.OTHER)
_NOTES = (
    "Viste, hvordan man sætter to skærme op.",
    "Logget ind igen efter skift af adgangskode.",
    "Papirstop i bakke 2.",
    "Den nye fane var flyttet. Vist på teammødet.",
    "Browseren skulle opdateres.",
    "Genstart hjalp.",
)


def help_on_floor(town: Town, now: datetime, rng: Random) -> None:
    """The face that one signs in as has always something, today as well."""
    query = select(Appointment).where(Appointment.customer_id == town.root.id).order_by(Appointment.id)
    own_face = town.faces.superbruger.id
    with transaction():
        for one in db.session.scalars(query).all():
            if one.person_id == own_face or rng.randrange(100) < DILIGENT:
                _write_down(one, now, rng, is_often=one.person_id == own_face)


def _write_down(one: Appointment, now: datetime, rng: Random, *, is_often: bool) -> None:
    who = load_actor(one.person_id, today=now.astimezone(own_zone()).date())
    if who is None:
        return
    # Whom somebody stands in for today is no part of the months before.
    own = tuple(grant for grant in who.grants if grant.appointment_id == one.id)
    offered = floor.offered(replace(who, grants=own), now)
    about = [system.id for system in offered.systems[:: max(1, len(offered.systems) // 4)]]
    if not about or offered.unit_id is None:
        return
    causes = [cause for cause in _CAUSES if cause in offered.causes]
    for at in _instants(one, now, rng, is_often=is_often):
        told = commands.Help(
            unit_id=offered.unit_id,
            system_id=rng.choice(about[:1] * 3 + about),
            cause=rng.choice(causes),
            people=rng.choice((1, 1, 1, 1, 1, 2, 2, 3, 6)),
            minutes=rng.choice((None, 3, 5, 5, 10, 15, 20)),
            note=rng.choice(_NOTES) if rng.random() < 0.3 else "",
        )
        commands.give_help(told, form_id=f"{rng.getrandbits(128):032x}", by=who, now=at)


def _instants(one: Appointment, now: datetime, rng: Random, *, is_often: bool) -> list[datetime]:
    """Within working hours of days on which he or she was a superbruger."""
    chance = 0.28 if is_often else rng.uniform(0.02, 0.12)
    found = []
    for back in range(DAYS):
        day = (now - timedelta(days=back)).astimezone(own_zone())
        at = day.replace(hour=rng.randrange(8, 15), minute=rng.randrange(60))
        if rng.random() < chance and at.weekday() < 5 and one.is_in_force(at.date()) and at <= now:
            found.append(at)
    return found
