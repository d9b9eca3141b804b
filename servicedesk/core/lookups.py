"""Look-ups: one line for each time that somebody in a role reads what is another person's.

Who, what, when, in which role and by which door. It is kept apart from the audit log, since a desk reads a hundred
times for each time that it changes something, and since lines of reading are thrown away when they are old enough.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    Insert,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from servicedesk.core import cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import Base, BigId, Instant, Json, db, enum_column, transaction

#: So long after the ticket itself its pieces (pictures, cards) are the same look-up.
TOGETHER = timedelta(hours=1)
#: Among so many lines of all it is looked for.
_NEWEST = 5_000
#: What was searched for is kept so far.
MOST_WORDS = 100
_HAS_FILER = text("filer_id IS NOT NULL")


class Seen(StrEnum):
    """What was looked up."""

    TICKET = "ticket"
    ATTACHMENT = "attachment"
    #: CPR numbers that are hidden on a ticket.
    NUMBERS = "numbers"
    PERSON = "person"
    SEARCH = "search"
    #: A list or a report as a file.
    EXPORT = "export"
    #: All that is kept about a person, as a package.
    PACKAGE = "package"


class LookUp(Base):
    """That somebody read what is another's. Never changed; thrown away by age alone."""

    __tablename__ = "look_up"
    __table_args__ = (
        Index("ix_look_up_customer_id_id", "customer_id", "id"),
        Index("ix_look_up_by_id_id", "by_id", "id"),
        # "Who has looked at me": as the one it is about, and as the one who wrote it.
        Index("ix_look_up_person_id_id", "person_id", "id"),
        Index("ix_look_up_filer_id_id", "filer_id", "id", postgresql_where=_HAS_FILER, sqlite_where=_HAS_FILER),
        # Where a period begins, and what is old enough to be thrown away.
        Index("ix_look_up_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Whose data it was; of a search, where the one works who searched.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    seen: Mapped[Seen] = mapped_column(enum_column(Seen))
    #: The roles in which it was read, such as "supporter manager"; empty for a member of a team and nothing else.
    roles: Mapped[str]
    #: The page it was read on, by the name of its route.
    door: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    #: Whom it is about.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Who filed the ticket, where that is somebody else.
    filer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The ticket was confidential, or about security.
    is_secret: Mapped[bool]
    #: What else: "attachment" its id, "words" of a search, "file", "rows" and "path" of an export, "reason".
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_TABLE = Base.metadata.tables["look_up"]
#: What is known of a look before the row is read.
_TOLD = ("at", "by_id", "seen", "roles", "door", "facts")


@dataclass(frozen=True)
class Subject:
    """A table whose rows are people's: how a line is made from the row that was read, in one statement."""

    key: Column
    customer: Column
    person: Column
    filer: Column = field(default_factory=null)
    ticket: Column = field(default_factory=null)
    is_secret: ColumnElement[bool] = field(default_factory=false)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was read, before it is known who read it."""

    seen: Seen
    door: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: The table and the keys of its rows; without them it is about nobody in particular.
    subject: str = ""
    keys: Sequence[int] = ()
    #: Only secret tickets leave a line.
    only_secret: bool = False
    #: A part of the ticket's page, which leaves no line of its own beside the page's.
    is_piece: bool = False


_subjects: dict[str, Callable[[], Subject]] = {}


def declare(name: str, subject: Callable[[], Subject]) -> None:
    """`name` is what routes call the key of such a row, as in "/tickets/<int:ticket_id>"."""
    _subjects[name] = subject


def subjects() -> Iterable[str]:
    return tuple(_subjects)


def is_accountable(who: Actor) -> bool:
    """Reads others' as part of the work; whoever has no role sees own tickets, and those that others let in on."""
    return bool(who.grants or who.team_ids)


def words(typed: str) -> dict[str, Any]:
    """What was searched for, as far as it is kept."""
    return {"words": cpr.hide(typed).text[:MOST_WORDS]}


def record(looks: Iterable[Look], *, by: Actor, now: datetime) -> None:
    """Adds the lines; part of the caller's transaction. What is the reader's own leaves none."""
    for look in looks:
        told = {
            "at": now,
            "by_id": by.id,
            "seen": look.seen,
            "roles": " ".join(sorted({grant.role.value for grant in by.grants})),
            "door": look.door,
            "facts": dict(look.facts),
        }
        if look.subject:
            values: dict[str, Any] = {f"told_{name}": value for name, value in told.items()}
            values |= {"read_keys": look.keys, "together_since": now - TOGETHER}
            db.session.execute(_adding(look.subject, look.only_secret, look.is_piece), values)
        else:
            db.session.execute(insert(_TABLE).values(**told, customer_id=by.customer_id, is_secret=False))


# Made once for each kind: every page of a ticket or a person adds a line.
@lru_cache
def _adding(name: str, only_secret: bool, is_piece: bool) -> Insert:
    subject = _subjects[name]()
    told = [_told(column) for column in _TOLD]
    read = {
        "customer_id": subject.customer,
        "ticket_id": subject.ticket,
        "person_id": subject.person,
        "filer_id": subject.filer,
        "is_secret": subject.is_secret,
    }
    of_keys = subject.key.in_(bindparam("read_keys", expanding=True))
    query = select(*told, *read.values()).where(of_keys, *_conditions(subject, only_secret, is_piece))
    return insert(_TABLE).from_select([*_TOLD, *read], query)


def _told(column: str) -> BindParameter[Any]:
    return bindparam(f"told_{column}", type_=_TABLE.c[column].type)


def _conditions(subject: Subject, only_secret: bool, is_piece: bool) -> list[ColumnElement[bool]]:
    by, filer = _told("by_id"), subject.filer
    found = [or_(subject.person.is_(None), subject.person != by), subject.key.is_not(None)]
    found.append(or_(filer.is_(None), filer != by))
    if only_secret:
        found.append(subject.is_secret)
    if is_piece:
        # Among the newest lines: a few steps along the person's index.
        newest = select(func.max(LookUp.id)).scalar_subquery()
        lately = (LookUp.by_id == by, LookUp.id > newest - _NEWEST, LookUp.at > bindparam("together_since"))
        found.append(~exists().where(*lately, LookUp.ticket_id == subject.ticket))
    return found


def forget_before(at: datetime, *, most: int) -> int:
    """Throws away the oldest lines from before `at`, at most so many; answers how many."""
    with transaction() as session:
        ids = session.scalars(select(LookUp.id).where(LookUp.at < at).order_by(LookUp.at).limit(most)).all()
        session.execute(delete(LookUp).where(LookUp.id.in_(ids)))
    return len(ids)


def forget_words(naming: Iterable[str]) -> int:
    """Takes out of searches and exports what was typed wherever it names one of these, as when somebody is erased.

    Answers how many lines there were. Reads all of them, a few at a time: it is asked for once in a while.
    """
    names = [name.casefold() for name in naming if name.strip()]
    last = done = 0
    while rows := _typed_after(last):
        last = rows[-1].id
        ids = [row.id for row in rows if any(name in str(row.facts).casefold() for name in names)]
        if ids:
            with transaction() as session:
                session.execute(update(LookUp).where(LookUp.id.in_(ids)).values(facts={}))
        done += len(ids)
    return done


def _typed_after(last: int) -> Sequence[Any]:
    typed = LookUp.seen.in_((Seen.SEARCH, Seen.EXPORT, Seen.NUMBERS))
    query = select(LookUp.id, LookUp.facts).where(LookUp.id > last, typed)
    return db.session.execute(query.order_by(LookUp.id).limit(_NEWEST)).all()
