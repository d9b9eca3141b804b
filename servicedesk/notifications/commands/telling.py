"""Telling people that something has happened, each in the way that he or she has chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.notifications import choices, events
from servicedesk.notifications.choices import Receiver, Way
from servicedesk.notifications.commands.outbox import add, check_in_transaction
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail, Notice


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that has happened, as people are told of it."""

    #: Key of an event that its capability has declared.
    event: str
    #: What it is about, such as "ticket-123", and what has happened, such as "ticket-123:7".
    thread: str
    source: str
    #: Where it is to be seen: a path of this site.
    path: str
    customer_id: int
    #: For the event's words. They never name the thing, and nobody where that is a secret.
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Name of templates/emails/NAME.txt, and what it needs.
    template: str
    mail: Mapping[str, Any] = field(default_factory=dict)
    #: Earlier nobody hears of it.
    not_before: datetime | None = None
    #: Instead of what the event says.
    is_urgent: bool | None = None


def tell(news: News, ids: Iterable[int | None], *, by: Actor, now: datetime) -> None:
    """Tells those persons, as part of the caller's transaction.

    Whoever did it is not told, but for a receipt by mail. Nobody is told the same thing twice. A person without a
    mailbox has the bell. Mails that are not urgent wait for the end of quiet hours, the bell disturbs nobody.
    """
    check_in_transaction()
    event = events.get(news.event)
    wanted = {id_ for id_ in ids if id_ is not None and (id_ != by.id or event.is_receipt)}
    if not wanted:
        return
    for receiver in choices.receivers(wanted, event, news.source):
        _tell_one(news, event, receiver, by, now)


def _tell_one(news: News, event: Event, receiver: Receiver, by: Actor, now: datetime) -> None:
    person, habit, zone = receiver.person, receiver.habit, clock.own_zone()
    way = _open_to(receiver, by)
    at = max(now, news.not_before or now)
    if way.by_mail is ByMail.NOW:
        is_urgent = event.is_urgent if news.is_urgent is None else news.is_urgent
        first = f"{news.thread}-{person.id}"
        add(
            template=news.template,
            person=person,
            facts=dict(news.mail),
            now=now,
            message_id=first if event.is_receipt else None,
            thread_id=None if event.is_receipt else first,
            not_before=at if is_urgent else habit.end_of_quiet(at, zone),
        )
    if way.in_bell or way.by_mail is ByMail.DIGEST:
        db.session.add(
            Notice(
                person_id=person.id,
                customer_id=news.customer_id,
                event=news.event,
                thread=news.thread,
                source=news.source,
                facts=dict(news.facts),
                path=news.path,
                made_at=now,
                shown_from=at if way.in_bell else None,
                digest_at=habit.next_digest(at, zone) if way.by_mail is ByMail.DIGEST else None,
            )
        )


def _open_to(receiver: Receiver, by: Actor) -> Way:
    """The person's way, without what there is no sense in."""
    in_bell, by_mail = receiver.way
    is_own_receipt = receiver.person.id == by.id
    return Way(in_bell and not is_own_receipt, by_mail if receiver.person.email else ByMail.NEVER)
