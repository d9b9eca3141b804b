"""How things run in Odby on the day of the trial, and what is known about errors; see texts/running.toml."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from servicedesk.cockpit.majors import commands as majors
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.demo import texts
from servicedesk.demo.rhythm import ZONE
from servicedesk.demo.town import Town
from servicedesk.organisation.actors import load_actor
from servicedesk.systems import commands, queries
from servicedesk.systems.rules import Audience, DisturbanceKind
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import State


def make(town: Town, now: datetime, rng: Random) -> None:
    """Tells it by the commands that people tell it by, each at its time."""
    told = texts.load("running")
    manager = load_actor(town.faces.servicedesk_manager.id, today=now.astimezone(ZONE).date()) or SYSTEM
    with transaction():
        for one in told["disturbance"]:
            _disturb(one, town, manager, now)
        for one in told["known"]:
            _know(one, town, manager, now, rng)
        _look_back(told["past"], town, manager, now, rng)
        _take_part(town, manager, now, rng)


def gather(town: Town, now: datetime) -> None:
    """When the tickets are there: the newest about what runs now come of it, and one more is left to try."""
    desk = load_actor(town.faces.supporter.id, today=now.astimezone(ZONE).date()) or SYSTEM
    running = queries.current_disturbances(desk, now)
    for major_id, system_id in [(one.id, one.systems[0].id) for one in running if one.is_major]:
        about = select(Ticket.id).where(Ticket.system_id == system_id, Ticket.state == State.NEW)
        newest = list(db.session.scalars(about.order_by(Ticket.id.desc()).limit(3)))
        majors.gather(major_id, newest[1:], by=desk, now=now - timedelta(minutes=10))


def _look_back(told: dict[str, Any], town: Town, by: Actor, now: datetime, rng: Random) -> None:
    """A year in which things went wrong now and then, in working hours mostly."""
    for name in told["about"]:
        for _ in range(rng.randrange(2, 6)):
            day = (now - timedelta(days=rng.randrange(31, 360))).astimezone(ZONE)
            at = day.replace(hour=rng.randrange(7, 16), minute=rng.randrange(0, 60, 5), second=0, microsecond=0)
            new = commands.NewDisturbance(system_ids=[town.system(name).id], message=rng.choice(told["message"]))
            row = commands.declare_disturbance(new, by=by, now=at.astimezone(UTC))
            ends_at = at.astimezone(UTC) + timedelta(minutes=rng.choice(told["lasts"]))
            commands.end_disturbance(row.id, outcome=rng.choice(told["outcome"]), by=by, now=ends_at)


def _take_part(town: Town, by: Actor, now: datetime, rng: Random) -> None:
    """Who notices what runs now, and who follows which systems; the employee of the trial is left to try."""
    today = now.astimezone(ZONE).date()
    [major] = [one for one in queries.current_disturbances(by, now) if one.kind is DisturbanceKind.DISTURBANCE]
    commands.set_major(major.id, True, by=by, now=now - timedelta(minutes=60))
    schools = town.place("Bakkeskolen").people
    for someone in [town.faces.superbruger, *rng.sample(schools[20:], 13)]:
        who = load_actor(someone.id, today=today)
        if who is not None:
            commands.join_disturbance(major.id, by=who, now=now - timedelta(minutes=rng.randrange(5, 60)))
    for face, names in ((town.faces.supporter, ("Skoleintra", "E-mail")), (town.faces.employee, ("E-mail",))):
        who = load_actor(face.id, today=today)
        for name in names if who is not None else ():
            commands.follow_system(town.system(name).id, by=who or SYSTEM, now=now - timedelta(days=40))


def _disturb(told: dict[str, Any], town: Town, by: Actor, now: datetime) -> None:
    # On the minute, as people say it, and a service window on the hour.
    starts_at = (now + timedelta(minutes=told.get("ahead", -told.get("ago", 0)))).replace(second=0, microsecond=0)
    kind = DisturbanceKind(told.get("kind", "disturbance"))
    if kind is DisturbanceKind.MAINTENANCE:
        starts_at = starts_at.astimezone(ZONE).replace(hour=17, minute=0).astimezone(now.tzinfo)
    made_at = starts_at if kind is DisturbanceKind.DISTURBANCE else min(now, starts_at) - timedelta(days=3)
    row = commands.declare_disturbance(
        commands.NewDisturbance(
            system_ids=[town.system(name).id for name in told["about"]],
            kind=kind,
            message=told["message"],
            advice=told.get("advice", ""),
            starts_at=starts_at,
            expected_end_at=starts_at + timedelta(minutes=told["lasts"]) if "lasts" in told else None,
        ),
        by=by,
        now=made_at,
    )
    ends_at = starts_at + timedelta(minutes=told.get("ended_after", 0))
    for minutes, body, expected in told["updates"]:
        at = starts_at + timedelta(minutes=minutes) if "ended_after" in told else now - timedelta(minutes=minutes)
        over = _quarter(now + timedelta(minutes=expected)) if "ended_after" not in told else at + timedelta(hours=1)
        commands.update_disturbance(row.id, body=body, expected_end_at=over if expected else None, by=by, now=at)
    if "ended_after" in told:
        commands.end_disturbance(row.id, outcome=told["outcome"], by=by, now=ends_at)


def _quarter(at: datetime) -> datetime:
    """A time that somebody would promise."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def _know(told: dict[str, Any], town: Town, by: Actor, now: datetime, rng: Random) -> None:
    system = town.system(told["about"])
    known = commands.add_known_error(
        commands.KnownErrorWords(
            system_id=system.id,
            title=told["title"],
            symptoms=told["symptoms"],
            workaround=told["workaround"],
            audience=Audience(told.get("audience", "everybody")),
        ),
        by=by,
        now=now - timedelta(days=rng.randrange(20, 200), minutes=rng.randrange(400)),
    )
    users = [one for place in town.places if place.is_below(system.path) for one in place.people]
    for someone in rng.sample(users, min(told["helped"], len(users))):
        who = load_actor(someone.id, today=now.date())
        if who is not None:
            commands.note_solved_by(known.id, who, now - timedelta(days=rng.randrange(1, 20)))
