"""An agreement that the chief has tried on last months' tickets: what an hour to the first answer would have meant."""

from dataclasses import replace
from datetime import datetime, timedelta

from servicedesk.agreements.book import book_of
from servicedesk.agreements.terms import Priority, read_length
from servicedesk.core import clock
from servicedesk.demo.town import Town
from servicedesk.insight.trying import commands, queries
from servicedesk.organisation.actors import load_actor

#: Tickets of so many days are looked at.
DAYS = 60


def try_one(town: Town, now: datetime) -> None:
    book = book_of(town.root.id)
    version = book.versions.get(book.choose(None, now) or 0)
    today = clock.local_date(now, book.zone)
    chief = load_actor(town.faces.servicedesk_manager.id, today=today)
    if version is None or chief is None:
        return
    quick = read_length("1 hour")
    goals = tuple(
        replace(goal, response=quick) if goal.priority in (Priority.CRITICAL, Priority.HIGH) else goal
        for goal in version.terms.goals
    )
    trial = commands.start(
        town.root.id,
        name="Svar inden en time, når det haster",
        told={"terms": replace(version.terms, goals=goals).write()},
        first=today - timedelta(days=DAYS),
        last=today - timedelta(days=1),
        by=chief,
        now=now,
        form_id="demo",
    )
    while trial.ended_at is None:
        commands.carry_on(trial, now=now)
        trial = queries.get(trial.id, chief)
