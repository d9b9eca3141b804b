"""One mail with everything that a person wants to hear of at a time of day.

What waits for it lies in the notices. In one transaction they are taken, marked, and made into a mail of the outbox:
whoever dies on the way leaves them waiting. The person's row is held meanwhile: notice by notice, two workers at once
would each take some, and the person would have two mails.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.notifications import events, things
from servicedesk.notifications.commands.outbox import add
from servicedesk.notifications.models import Notice
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person

#: Of one thing a digest tells the latest news and counts the rest.
TOLD_OF_ONE = 5


def send_digest(person_id: int, *, now: datetime) -> bool:
    """Puts the person's digest in the outbox; False when there is nothing to tell, or nobody to tell it to."""
    due = (Notice.person_id == person_id, Notice.digest_at <= now)
    waiting = select(Notice).where(*due).order_by(Notice.id).with_for_update(skip_locked=True)
    free = select(Person.id).where(Person.id == person_id).with_for_update(skip_locked=True, key_share=True)
    with transaction() as session:
        if session.scalar(free) is None:  # another worker is at it
            return False
        notices = session.scalars(waiting).all()
        for notice in notices:
            notice.digest_at = None
        person = session.get_one(Person, person_id)
        reader = load_actor(person_id, today=now.astimezone(clock.own_zone()).date())
        if reader is None or not person.email:
            return False
        told = _told(notices, reader)
        if not told:
            return False
        count = sum(len(one["news"]) + one["more"] for one in told)
        facts = {"things": told, "count": count, "settings_url": "/me/notices"}
        add(template="digest", person=person, facts=facts, now=now)
    return True


def _told(notices: Sequence[Notice], reader: Actor) -> list[dict[str, Any]]:
    """The news by thing, as the reader may know of it now, the thing with the latest last."""
    by_thread: dict[str, list[Notice]] = {}
    for notice in notices:
        if not events.is_still_for(notice.event, reader):
            continue
        by_thread[notice.thread] = [*by_thread.pop(notice.thread, []), notice]
    with force_locale(reader.locale):  # a thing may be named in words, and the worker has no reader of its own
        known = things.known(by_thread, reader)
    return [_about(known[thread], news) for thread, news in by_thread.items() if thread in known]


def _about(thing: things.Thing, news: list[Notice]) -> dict[str, Any]:
    return {
        "number": thing.number,
        "title": thing.title,
        "url": news[-1].path,
        "news": [
            {"event": one.event, "facts": thing.sayable(one.facts), "at": one.made_at.isoformat()}
            for one in news[-TOLD_OF_ONE:]
        ],
        "more": max(0, len(news) - TOLD_OF_ONE),
    }
