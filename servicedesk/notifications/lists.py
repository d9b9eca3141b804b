"""What the bell shows a person: notices folded by the thing that they are about, and how many are unread."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, and_, bindparam, case, func, select, tuple_

from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db
from servicedesk.core.errors import NotFoundError
from servicedesk.notifications import events, things
from servicedesk.notifications.models import Notice

PAGE = 25
#: Counting stops here: more is shown as "99+".
MOST_UNREAD = 100


class Place(NamedTuple):
    """Where a line stands in the list, for the address of the page after it."""

    at: datetime
    thread: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From an address; nonsense counts as nothing."""
        at, _, thread = text.partition("~")
        try:
            return cls(datetime.fromisoformat(at).astimezone(UTC), thread) if things.is_thread(thread) else None
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z~{self.thread}"


class Line(NamedTuple):
    """All that the bell has to say about one thing."""

    thread: str
    #: None when the reader may not know of the thing any more: then there is nothing to say or to open.
    thing: things.Thing | None
    words: str
    path: str
    at: datetime
    unread: int
    place: Place


_UNREAD = (
    select(Notice.thread)
    .where(
        Notice.person_id == bindparam("person_id"),
        Notice.read_at.is_(None),
        Notice.shown_from <= bindparam("now", type_=Notice.shown_from.type),
    )
    .distinct()
    .limit(MOST_UNREAD)
)


def unread_threads(who: Actor, *, now: datetime) -> list[str]:
    """What there is unread news about, MOST_UNREAD at most."""
    return [thread for (thread,) in bare(_UNREAD, {"person_id": who.id, "now": now})]


def bell(who: Actor, *, now: datetime, after: Place | None = None) -> tuple[list[Line], Place | None]:
    """A page of the bell, latest news first, and the place where the next page begins, if there is one."""
    rows = db.session.execute(_latest(who, now, after)).all()
    by_thread = {row.Notice.thread: row for row in rows}  # of two at the same instant, the one told later
    known = things.known(by_thread, who)
    lines = [
        _line(row.Notice, row.unread, known.get(thread) if events.is_still_for(row.Notice.event, who) else None)
        for thread, row in by_thread.items()
    ]
    return lines[:PAGE], lines[PAGE - 1].place if len(lines) > PAGE else None


def _latest(who: Actor, now: datetime, after: Place | None) -> Select[tuple[Notice, int]]:
    """The latest notice about each thing with the number of unread ones."""
    latest_at = func.max(Notice.shown_from).label("latest_at")
    own = and_(Notice.person_id == who.id, Notice.shown_from <= now)
    folds = (
        select(Notice.thread, latest_at, func.count(case((Notice.read_at.is_(None), 1))).label("unread"))
        .where(own)
        .group_by(Notice.thread)
        .order_by(latest_at.desc(), Notice.thread.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        folds = folds.having(tuple_(func.max(Notice.shown_from), Notice.thread) < after)
    fold = folds.subquery()
    is_latest = and_(Notice.thread == fold.c.thread, Notice.shown_from == fold.c.latest_at)
    ordered = select(Notice, fold.c.unread).join(fold, is_latest).where(own)
    return ordered.order_by(fold.c.latest_at.desc(), fold.c.thread.desc(), Notice.id)


def _line(notice: Notice, unread: int, thing: things.Thing | None) -> Line:
    assert notice.shown_from is not None
    return Line(
        notice.thread,
        thing,
        events.said(notice.event, thing.sayable(notice.facts)) if thing else "",
        notice.path,
        notice.shown_from,
        unread,
        Place(notice.shown_from, notice.thread),
    )


def together(bundle: str, who: Actor) -> list[Line]:
    """What the person was told about each thing of a bundle; raises NotFoundError when nothing was."""
    told = select(Notice).where(Notice.person_id == who.id, Notice.thread == bundle).order_by(Notice.id)
    parts = [(notice, thread, part) for notice in db.session.scalars(told) for thread, part in _parts(notice)]
    if not parts:
        raise NotFoundError
    known = things.known([thread for _, thread, _ in parts], who)
    return [
        _part(notice, thread, part, known[thread])
        for notice, thread, part in parts
        if thread in known and events.is_still_for(part["event"], who)
    ]


def _parts(notice: Notice) -> list[tuple[str, dict[str, Any]]]:
    return list(notice.facts.get("things", {}).items())


def _part(notice: Notice, thread: str, part: dict[str, Any], thing: things.Thing) -> Line:
    words = events.said(part["event"], thing.sayable(part["facts"]))
    return Line(thread, thing, words, part["path"], notice.made_at, 0, Place(notice.made_at, thread))


def awaiting_digest(*, now: datetime, limit: int) -> list[int]:
    """Persons with some of the `limit` notices that have waited longest for a digest that is due."""
    return list(dict.fromkeys(db.session.scalars(_due(now).limit(limit))))


def _due(now: datetime) -> Select[int]:
    return select(Notice.person_id).where(Notice.digest_at <= now).order_by(Notice.digest_at, Notice.person_id)
