"""How people want to be told: what they have chosen, and what goes for those who have not."""

from collections.abc import Collection
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
    #: What he or she has been told of already.
    known: set[str]


_RECEIVERS = (
    select(Person, NoticeChoice, NoticeHabit, Notice.source)
    .outerjoin(NoticeChoice, and_(NoticeChoice.person_id == Person.id, NoticeChoice.event == bindparam("event")))
    .outerjoin(NoticeHabit, NoticeHabit.person_id == Person.id)
    .outerjoin(Notice, and_(Notice.person_id == Person.id, Notice.source.in_(bindparam("sources", expanding=True))))
    .where(Person.id.in_(bindparam("ids", expanding=True)), Person.is_active)
    .order_by(Person.id)
)


def receivers(ids: Collection[int], event: Event, sources: Collection[str]) -> dict[int, Receiver]:
    """Those of the ids who can be told, with how they want it and which of `sources` they know of; one query."""
    found: dict[int, Receiver] = {}
    asked = {"ids": sorted(ids), "event": event.key, "sources": sorted(sources)}
    for person, choice, habit, source in db.session.execute(_RECEIVERS, asked):
        if person.id not in found:
            found[person.id] = Receiver(person, way(event, choice), habit_of_row(habit), set())
        if source is not None:
            found[person.id].known.add(source)
    return found


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
