"""Keeping news back until everything that belongs together has happened, so that people hear of it once.

What is told within `held_back` waits in a table, put there by the transaction of what it tells about: a crash loses
none of it and tells none of it twice. `releasing.release` tells it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from servicedesk.core.db import db, table_of
from servicedesk.notifications.models import HeldNews

if TYPE_CHECKING:
    from servicedesk.notifications.commands.telling import News

_KEY = "news_waits_for"


@contextmanager
def held_back(bundle: str) -> Iterator[None]:
    """What this session tells meanwhile waits under that name, such as "together-12"."""
    info = db.session().info
    info[_KEY] = bundle
    try:
        yield
    finally:
        info.pop(_KEY, None)


def present_bundle() -> str | None:
    """What is told now waits for this."""
    bundle: str | None = db.session().info.get(_KEY)
    return bundle


def hold(bundle: str, some: Iterable[tuple["News", set[int]]], now: datetime) -> None:
    rows = [
        {"bundle": bundle, "made_at": now, "customer_id": news.customer_id, "news": _written(news), "ids": sorted(ids)}
        for news, ids in some
    ]
    if rows:
        db.session.execute(insert(table_of(HeldNews)), rows)


def keep_from_mail(bundle: str, ids: Collection[int], customer_id: int, now: datetime) -> None:
    """Those persons have had a mail about it already: what waits under that name comes to them in the bell alone."""
    if ids:
        db.session.add(HeldNews(bundle=bundle, made_at=now, customer_id=customer_id, news={}, ids=sorted(ids)))


def _written(news: "News") -> dict[str, Any]:
    told = asdict(news)
    return {**told, "not_before": news.not_before.isoformat() if news.not_before else None}
