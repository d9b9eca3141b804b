"""How people want to be told: what they have chosen, and what goes for those who have not."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail, Notice, NoticeChoice, NoticeHabit
from servicedesk.notifications.rules import Habit
from servicedesk.organisation.models import Person


class Way(NamedTuple):
    """How a person hears of an event."""

    in_bell: bool
    by_mail: ByMail


class Receiver(NamedTuple):
    """A person who is about to be told of an event."""

    person: Person
    way: Way
    habit: Habit


_RECEIVERS = (
    select(Person, NoticeChoice, NoticeHabit)
    .outerjoin(NoticeChoice, and_(NoticeChoice.person_id == Person.id, NoticeChoice.event == bindparam("event")))
    .outerjoin(NoticeHabit, NoticeHabit.person_id == Person.id)
    .outerjoin(Notice, and_(Notice.person_id == Person.id, Notice.source == bindparam("source")))
    .where(Person.id.in_(bindparam("ids", expanding=True)), Person.is_active, Notice.id.is_(None))
    .order_by(Person.id)
)


def receivers(ids: Collection[int], event: Event, source: str) -> Iterator[Receiver]:
    """Those of the ids who can be told and have not been told of `source`, with how they want it; one query."""
    found = db.session.execute(_RECEIVERS, {"ids": sorted(ids), "event": event.key, "source": source})
    for person, choice, habit in found:
        yield Receiver(person, way(event, choice), habit_of_row(habit))


def way(event: Event, choice: NoticeChoice | None) -> Way:
    return Way(event.in_bell, event.by_mail) if choice is None else Way(choice.in_bell, choice.by_mail)


def habit_of_row(row: NoticeHabit | None) -> Habit:
    if row is None:
        return Habit()
    return Habit(tuple(row.digest_times), tuple(row.digest_days), row.is_quiet, row.quiet_from, row.quiet_to)


def own_ways(who: Actor) -> dict[str, NoticeChoice]:
    """What the person has chosen, by event."""
    chosen = db.session.scalars(select(NoticeChoice).where(NoticeChoice.person_id == who.id))
    return {choice.event: choice for choice in chosen}


def own_habit(who: Actor) -> Habit:
    return habit_of_row(db.session.get(NoticeHabit, who.id))
