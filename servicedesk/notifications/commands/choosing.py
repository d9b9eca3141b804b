"""A person's own choices of what to hear of, and when."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.notifications import events
from servicedesk.notifications.choices import Way, way
from servicedesk.notifications.models import Notice, NoticeChoice, NoticeHabit
from servicedesk.notifications.rules import Habit
from servicedesk.organisation.models import Person


def choose(ways: Mapping[str, Way], habit: Habit, *, by: Actor, now: datetime) -> None:
    """How `by` hears of each event named in `ways`, and when. What waits for a digest moves to the new time.

    Only what differs from the usual is kept, so that who wants the usual has it when that changes.
    """
    chosen_before = NoticeChoice.person_id == by.id, NoticeChoice.event.in_(list(ways))
    waiting = select(Notice).where(Notice.person_id == by.id, Notice.digest_at.is_not(None))
    with transaction() as session:
        # Sent twice, it is done twice, one after the other.
        session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
        session.execute(delete(NoticeChoice).where(*chosen_before))
        for key, chosen in ways.items():
            if chosen != way(events.get(key), None):
                session.add(NoticeChoice(person_id=by.id, event=key, in_bell=chosen.in_bell, by_mail=chosen.by_mail))
        session.merge(NoticeHabit(person_id=by.id, **_columns(habit)))
        # Held, so that what a worker is just sending is not made to wait again.
        for notice in session.scalars(waiting.with_for_update()):
            notice.digest_at = habit.next_digest(max(now, notice.shown_from or now), clock.own_zone())


def _columns(habit: Habit) -> dict[str, object]:
    return {**asdict(habit), "digest_times": list(habit.digest_times), "digest_days": list(habit.digest_days)}
