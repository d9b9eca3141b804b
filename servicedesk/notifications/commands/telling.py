"""Telling people that something has happened, each in the way that he or she has chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, table_of
from servicedesk.notifications import choices, events
from servicedesk.notifications.choices import Receiver, Way
from servicedesk.notifications.commands.holding import hold, present_bundle
from servicedesk.notifications.commands.outbox import check_in_transaction, mail_to
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail, Notice, OutboxMail

Rows = list[dict[str, Any]]


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
    #: Name of templates/emails/NAME.txt, and what it needs. A mail about several tells of each `number`, `subject` and
    #: the text in `body`, `solution` or `reason`.
    template: str
    mail: Mapping[str, Any] = field(default_factory=dict)
    #: Earlier nobody hears of it.
    not_before: datetime | None = None
    #: Instead of what the event says.
    is_urgent: bool | None = None


def tell(news: News, ids: Iterable[int | None], *, by: Actor, now: datetime) -> None:
    """Tells those persons, as part of the caller's transaction. See `tell_all`."""
    tell_all([(news, ids)], by=by, now=now)


def tell_all(tidings: Iterable[tuple[News, Iterable[int | None]]], *, by: Actor, now: datetime) -> None:
    """Tells each of the news to its persons, as part of the caller's transaction; one question for each kind of event.

    Whoever did it is not told, but for a receipt by mail. Nobody is told the same thing twice. A person without a
    mailbox has the bell. Mails that are not urgent wait for the end of quiet hours, the bell disturbs nobody.
    Within `holding.held_back` nobody is told yet.
    """
    check_in_transaction()
    by_event: dict[str, list[tuple[News, set[int]]]] = {}
    for news, ids in tidings:
        is_receipt = events.get(news.event).is_receipt
        wanted = {id_ for id_ in ids if id_ is not None and (id_ != by.id or is_receipt)}
        if wanted:
            by_event.setdefault(news.event, []).append((news, wanted))
    if bundle := present_bundle():
        hold(bundle, (one for some in by_event.values() for one in some), now)
        return
    mails: Rows = []
    notices: Rows = []
    for key, some in by_event.items():
        _tell_of(events.get(key), some, by, now, mails, notices)
    insert_told(mails, notices)


def insert_told(mails: Rows, notices: Rows) -> None:
    # Rows rather than objects: SQLite would be sent one statement for each.
    for kind, rows in ((OutboxMail, mails), (Notice, notices)):
        if rows:
            db.session.execute(insert(table_of(kind)), rows)


def _tell_of(
    event: Event, some: list[tuple[News, set[int]]], by: Actor, now: datetime, mails: Rows, notices: Rows
) -> None:
    """Adds the rows for news of one kind."""
    everybody = set().union(*(ids for _, ids in some))
    receivers = choices.receivers(everybody, event, {news.source for news, _ in some})
    for news, ids in some:
        at = max(now, news.not_before or now)
        for receiver in (receivers[id_] for id_ in sorted(ids & receivers.keys())):
            if news.source in receiver.known:
                continue
            way = open_to(receiver, by)
            if way.by_mail is ByMail.NOW:
                mails.append(mail_row(news, event, receiver, now, at))
            if way.in_bell or way.by_mail is ByMail.DIGEST:
                notices.append(notice_row(news, receiver, way, now, at))


def open_to(receiver: Receiver, by: Actor) -> Way:
    """The person's way, without what there is no sense in."""
    in_bell, by_mail = receiver.way
    is_own_receipt = receiver.person.id == by.id
    return Way(in_bell and not is_own_receipt, by_mail if receiver.person.email else ByMail.NEVER)


def mail_row(news: News, event: Event, receiver: Receiver, now: datetime, at: datetime) -> dict[str, Any]:
    person = receiver.person
    first, is_first = f"{news.thread}-{person.id}", event.is_receipt
    ids = (None, first) if is_first else (first, None)
    is_urgent = event.is_urgent if news.is_urgent is None else news.is_urgent
    leaves_at = at if is_urgent else receiver.habit.end_of_quiet(at, clock.own_zone())
    return {
        **mail_to(person, person.email or "", news.template, news.mail, now, *ids),
        "next_try_at": leaves_at,
    }


def notice_row(news: News, receiver: Receiver, way: Way, now: datetime, at: datetime) -> dict[str, Any]:
    for_digest = way.by_mail is ByMail.DIGEST
    return {
        "person_id": receiver.person.id,
        "customer_id": news.customer_id,
        "event": news.event,
        "thread": news.thread,
        "source": news.source,
        "facts": dict(news.facts),
        "path": news.path,
        "made_at": now,
        "shown_from": at if way.in_bell else None,
        "digest_at": receiver.habit.next_digest(at, clock.own_zone()) if for_digest else None,
    }
