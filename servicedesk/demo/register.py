"""What the register says of the systems of Odby, and whose yearly review is signed or overdue; texts/register.toml."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.demo import texts
from servicedesk.demo.rhythm import ZONE
from servicedesk.demo.town import Someone, Thing, Town
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Unit
from servicedesk.stewardship import commands as stewardship
from servicedesk.stewardship import reviews
from servicedesk.stewardship.checklist import Answer, Point, said_of
from servicedesk.systems import commands, queries
from servicedesk.systems.models import System
from servicedesk.systems.rules import Criticality
from servicedesk.systems.windows import Window


def keep(town: Town, now: datetime, rng: Random) -> None:
    """Tells it by the command that people tell it by, some time ago; suppliers first, as tickets go to them."""
    told = texts.load("register")
    town.delivered_by = {name: supplier for supplier, names in told["suppliers"].items() for name in names}
    with transaction():
        for system in town.systems:
            if system.customer_id == town.root.id:
                _describe(system, told, town, now - timedelta(days=400), rng)


def _describe(system: Thing, told: dict[str, Any], town: Town, at: datetime, rng: Random) -> None:
    row = db.session.get_one(System, system.id)
    manager, deputy = _keepers(system, rng)
    level = next((one for one, names in told["criticality"].items() if system.name in names), "ordinary")
    used_by = [system.unit_id] if system.unit_id else []
    shared = db.session.scalars(select(Unit.id).where(Unit.name.in_(told["shared"].get(system.name, ()))))
    words = commands.SystemWords(
        name=row.name,
        description=row.description,
        aliases=row.aliases,
        owner_id=row.owner_id,
        team_id=row.team_id,
        unit_ids=[*used_by, *shared] if used_by else [],
        manager_id=manager.id if manager else None,
        deputy_id=deputy.id if deputy else None,
        supplier_id=town.suppliers.get(town.delivered_by.get(system.name, "")),
        criticality=Criticality(level),
        needed_ids=[town.system(name).id for name in told["needs"].get(system.name, ())],
        roles=told["roles"].get(system.name, ()),
        windows=[Window(*one) for one in told["windows"].get(system.name, ())],
    )
    commands.change_system(system.id, words, today=at.date(), by=SYSTEM, now=at)


def _keepers(system: Thing, rng: Random) -> tuple[Someone | None, Someone | None]:
    """From where the owner works; one in eight has nobody, and half of the others no deputy."""
    colleagues = system.owner.place.people if system.owner else []
    others = [one for one in colleagues if one.has_mail and one is not system.owner]
    if not others or rng.random() < 1 / 8:
        return None, None
    chosen = rng.sample(others, min(2, len(others)))
    return chosen[0], chosen[1] if len(chosen) > 1 and rng.random() < 0.5 else None


def review(town: Town, now: datetime, rng: Random) -> None:
    """When superbrugere are appointed: owners have signed at some time in the last year, some of them too long ago."""
    told = texts.load("register")["reviews"]
    own = [one for one in town.systems if one.customer_id == town.root.id and one.name not in told["never"]]
    with transaction():
        for system in own:
            days = rng.randrange(375, 470) if system.name in told["overdue"] else rng.randrange(5, 350)
            _sign(system, told["wrong"], now - timedelta(days=days), rng)
        _plan_first([town.system(name) for name in told["never"]], now, rng)


def _sign(system: Thing, notes: list[str], at: datetime, rng: Random) -> None:
    today = at.astimezone(ZONE).date()
    who = load_actor(system.owner.id, today=today) if system.owner else None
    if who is None:
        return
    answers = dict.fromkeys(Point, Answer.RIGHT)
    is_wrong = rng.random() < 1 / 6
    if is_wrong:
        answers[rng.choice([Point.UNITS, Point.MANAGER, Point.SUPPLIER])] = Answer.WRONG
    seen = reviews.digest(said_of(db.session.get_one(System, system.id), today, at))
    note = rng.choice(notes) if is_wrong else ""
    stewardship.sign_review(system.id, answers=answers, note=note, seen=seen, today=today, by=who, now=at)


def _plan_first(systems: list[Thing], now: datetime, rng: Random) -> None:
    """Never reviewed: some time in the year to come."""
    for system in systems:
        due: date = (now + timedelta(days=rng.randrange(20, 300))).date()
        queries.get_system(system.id, SYSTEM).review_due_on = due
