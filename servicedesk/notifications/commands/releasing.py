"""Telling what was held back: one mail and one line in the bell for each person, however much there is to tell."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.notifications import choices, events
from servicedesk.notifications.choices import Receiver, Way
from servicedesk.notifications.commands.outbox import check_in_transaction, mail_to
from servicedesk.notifications.commands.telling import News, Rows, insert_told, mail_row, notice_row, open_to
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail, HeldNews
from servicedesk.notifications.together import TOGETHER

#: Long texts of a single mail that a mail about several tells as well.
_TEXTS = ("body", "solution", "reason")
#: A mail names no more things than this, and counts the rest.
MOST_NAMED = 100


#: For whoever has had a mail about it already.
_IN_BELL = Way(in_bell=True, by_mail=ByMail.NEVER)


class _Told(NamedTuple):
    """One piece of news on its way to one person."""

    news: News
    event: Event
    receiver: Receiver
    way: Way


def release(bundle: str, *, by: Actor, now: datetime) -> None:
    """Tells all that waits under that name, as part of the caller's transaction. Said again, it tells nothing."""
    check_in_transaction()
    held = select(HeldNews).where(HeldNews.bundle == bundle).order_by(HeldNews.id).with_for_update()
    rows = db.session.scalars(held).all()
    if not rows:
        return
    db.session.execute(delete(HeldNews).where(HeldNews.id.in_([row.id for row in rows])))
    mails: Rows = []
    notices: Rows = []
    mailed = {id_ for row in rows if not row.news for id_ in row.ids}
    for id_, told in _by_person([row for row in rows if row.news], by).items():
        told = [one._replace(way=_IN_BELL) for one in told] if id_ in mailed else told
        mails += _mails([one for one in told if one.way.by_mail is ByMail.NOW], now)
        notices += _notices(bundle, told, now)
    insert_told(mails, notices)


def _by_person(rows: Iterable[HeldNews], by: Actor) -> dict[int, list[_Told]]:
    """What each person is told, in the order in which it happened."""
    by_event: dict[str, list[tuple[News, set[int]]]] = {}
    for row in rows:
        news = _read(row.news)
        by_event.setdefault(news.event, []).append((news, set(row.ids)))
    told: dict[int, list[_Told]] = defaultdict(list)
    for key, some in by_event.items():
        event = events.get(key)
        found = choices.receivers(set().union(*(ids for _, ids in some)), event, {news.source for news, _ in some})
        for news, ids in some:
            for id_ in sorted(ids & found.keys()):
                if news.source not in found[id_].known:
                    told[id_].append(_Told(news, event, found[id_], open_to(found[id_], by)))
    return told


def _read(written: dict[str, Any]) -> News:
    not_before = written["not_before"]
    return News(**{**written, "not_before": datetime.fromisoformat(not_before) if not_before else None})


# ------------------------------------------------------------------------------------------------ mails


def _mails(told: Sequence[_Told], now: datetime) -> Rows:
    if len(told) < 2:
        return [mail_row(one.news, one.event, one.receiver, now, _at(one, now)) for one in told]
    person, habit = told[0].receiver.person, told[0].receiver.habit
    facts = {**_facts(told), "groups": _groups(told), "settings_url": "/me/notices"}
    at = max(_at(one, now) for one in told)
    leaves_at = at if any(one.event.is_urgent for one in told) else habit.end_of_quiet(at, clock.own_zone())
    mail = mail_to(person, person.email or "", "together", facts, now, None, None)
    return [{**mail, "next_try_at": leaves_at}]


def _at(one: _Told, now: datetime) -> datetime:
    return max(now, one.news.not_before or now)


def _facts(told: Sequence[_Told]) -> dict[str, Any]:
    """For the words over it all: what happened, when it is the same everywhere, by whom, and to how many."""
    kinds = {one.event.key for one in told}
    things = len({one.news.thread for one in told})
    return {**_common(told), "event": min(kinds) if len(kinds) == 1 else None, "count": things}


def _groups(told: Sequence[_Told]) -> list[dict[str, Any]]:
    """The things by what is told of them, each text once."""

    def kind(one: _Told) -> tuple[str, str]:
        return one.event.key, next((str(one.news.mail[name]) for name in _TEXTS if one.news.mail.get(name)), "")

    return [
        {"event": event, "facts": _common(some), "count": len(some), **_body(text), **_named(some)}
        for (event, text), some in ((key, list(found)) for key, found in groupby(sorted(told, key=kind), key=kind))
    ]


def _common(some: Sequence[_Told]) -> dict[str, Any]:
    first = dict(some[0].news.facts)
    return {name: fact for name, fact in first.items() if all(one.news.facts.get(name) == fact for one in some)}


def _body(text: str) -> dict[str, str]:
    return {"body": text} if text else {}


def _named(some: Sequence[_Told]) -> dict[str, Any]:
    named = [
        {"number": one.news.mail.get("number", ""), "title": one.news.mail.get("subject"), "url": one.news.path}
        for one in some[:MOST_NAMED]
    ]
    return {"things": named, "more": max(0, len(some) - MOST_NAMED)}


# ------------------------------------------------------------------------------------------------ the bell


def _notices(bundle: str, told: Sequence[_Told], now: datetime) -> Rows:
    """A digest folds by itself; in the bell several are one."""
    rung = [one for one in told if one.way.in_bell]
    if len({one.news.thread for one in rung}) < 2:
        return [_notice(one, one.way, now) for one in told if one.way.in_bell or one.way.by_mail is ByMail.DIGEST]
    later = [one for one in told if one.way.by_mail is ByMail.DIGEST]
    return [_one_for_all(bundle, rung, now), *(_notice(one, one.way._replace(in_bell=False), now) for one in later)]


def _notice(one: _Told, way: Way, now: datetime) -> dict[str, Any]:
    return notice_row(one.news, one.receiver, way, now, _at(one, now))


def _one_for_all(bundle: str, rung: Sequence[_Told], now: datetime) -> dict[str, Any]:
    parts = {
        one.news.thread: {"event": one.event.key, "facts": dict(one.news.facts), "path": one.news.path} for one in rung
    }
    # A run that went on after it was told of tells of the rest as news of its own.
    source = f"{bundle}:{min(one.news.source for one in rung)}"
    news = News(
        event=TOGETHER,
        thread=bundle,
        source=source,
        path=f"/notices/{bundle}",
        customer_id=rung[0].news.customer_id,
        facts={**_facts(rung), "things": parts},
        template="together",
    )
    return notice_row(news, rung[0].receiver, Way(in_bell=True, by_mail=ByMail.NEVER), now, now)
