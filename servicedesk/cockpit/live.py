"""Whether a page of the queue still shows what is so: one statement, however many tickets there are.

A page of the queue carries a mark. It is a digest over everything that the page hangs on: who is signed in and with
which rights, the newest journal entries of the customers within reach, and who is at the tickets on the page. A poll
works the digest out again from one statement; when it is another, or anything about the mark is odd, the whole page is
made anew with all its checks. So a poll can say "unchanged" and nothing else. See the decision on the live queue.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, Text, and_, bindparam, case, cast, func, literal_column, or_, select, true
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import bare
from servicedesk.organisation import standing_in
from servicedesk.organisation.actors import is_in_force
from servicedesk.organisation.models import Absence, Person, RoleGrant, TeamMember, Unit
from servicedesk.presence.models import Presence
from servicedesk.presence.queries import LASTS
from servicedesk.signin.models import SignIn
from servicedesk.signin.queries import ABSOLUTE, IDLE
from servicedesk.superbrugere.models import GuidelineVersion
from servicedesk.tickets.models import Entry

#: On PostgreSQL an entry gets its number before it is committed, so that a later number can be seen first. The entries
#: of the last so many numbers are counted, and one that comes late is noticed unless so many overtook it. With SQLite's
#: one writer none does; there as here, when the window moves on, each open page is read again once.
OVERLAP = 500

Statement = Select[*tuple[Any, ...]]

_TODAY = bindparam("today", type_=Date)
_COLON, _NOTHING = literal_column("':'", Text), literal_column("''", Text)


class Facts(NamedTuple):
    """What the database says that the page hangs on."""

    person_id: int
    locale: str
    rights: str | None
    mandate: str
    teams: str | None
    newest: int | None
    entries: int
    present: str | None


@dataclass(frozen=True)
class Mark:
    """What a page hangs on, as its browser sends it back."""

    #: Seconds since the epoch, when the page is made anew whatever has happened: times on it run down.
    stale_at: int
    #: Whose entries count; None for everybody's.
    customers: tuple[int, ...] | None
    tickets: tuple[int, ...]
    #: A digest over what is seen on the page: something may have happened that does not show there.
    content: str = ""
    digest: str = ""

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """None for anything that is no mark."""
        parts = text.split("~")
        if len(parts) != 5 or len(text) > 2_000 or not text.isascii() or not parts[0].isdecimal():
            return None
        customers, tickets = _numbers(parts[1]), _numbers(parts[2])
        if tickets is None or (customers is None and parts[1] != "*"):
            return None
        return cls(int(parts[0]), customers, tickets, parts[3], parts[4])

    def __str__(self) -> str:
        whose = "*" if self.customers is None else ".".join(map(str, self.customers))
        return f"{self.stale_at}~{whose}~{'.'.join(map(str, self.tickets))}~{self.content}~{self.digest}"


def _numbers(text: str) -> tuple[int, ...] | None:
    parts = text.split(".") if text else []
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 19 for part in parts) else None


def customers_of(who: Actor) -> tuple[int, ...] | None:
    """Whose entries can change what the person sees; None when it may be anybody's."""
    return None if any(grant.is_over_all for grant in who.grants) else tuple(sorted(who.customer_ids))


def facts(sign_in: str, customers: tuple[int, ...] | None, *, now: datetime, today: date) -> Facts | None:
    """One statement; None when the browser is not, or no longer, signed in."""
    rows = bare(statement(customers), values(sign_in, now, today))
    return Facts(*rows[0]) if rows else None


def values(sign_in: str, now: datetime, today: date) -> dict[str, Any]:
    """What `statement` is asked with."""
    since = {"idle_since": now - IDLE, "in_since": now - ABSOLUTE, "there_since": now - LASTS}
    return {"digest": sign_in, "shift": int(sign_in[:8], 16) % OVERLAP, "today": today, **since}


def sealed(mark: Mark, found: Facts, address: bytes, key: str) -> Mark:
    """The mark with its digest. The key makes that nobody can make one, and so feel out what others do."""
    hung_on = (
        *(found.person_id, found.locale, _in_order(found.rights), _in_order(found.teams)),
        _in_order(found.mandate),
        *(found.newest, found.entries, _those_at(mark.tickets, found.present)),
        *(mark.stale_at, mark.customers, mark.tickets, mark.content, address),
    )
    return replace(mark, digest=digest(hung_on, key))


def digest(values: Any, key: str) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=12, key=key.encode()[:64]).hexdigest()


def _in_order(gathered: str | None) -> list[str]:
    """Databases gather in any order."""
    return sorted(gathered.split(",")) if gathered else []


def _those_at(tickets: Iterable[int], gathered: str | None) -> list[str]:
    if not gathered:
        return []
    wanted = set(map(str, tickets))
    return sorted(one for one in gathered.split(",") if one.partition(":")[0] in wanted)


@lru_cache(maxsize=200)
def statement(customers: tuple[int, ...] | None) -> Statement:
    """Asks for the columns of `Facts`; no row when the browser is not signed in.

    Beyond four kilobytes or fifty values psycopg takes a statement apart each time: whatever is always the same
    stands in it as it is, and the day but once.
    """
    fresh = (SignIn.seen_at > bindparam("idle_since"), SignIn.started_at > bindparam("in_since"))
    newest = _newest(customers)
    return (
        select(
            *(Person.id, Person.locale, _rights(), _mandate(), _teams()),
            *(newest.c.newest, newest.c.entries, _present()),
        )
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .join(newest, true())
        .where(SignIn.digest == bindparam("digest"), Person.is_active, *fresh)
    )


def _newest(customers: tuple[int, ...] | None) -> Any:
    """The newest entry of those customers in a window of numbers that stands still while so many more are given out.

    It moves on at another number for each sign-in, so that not all open pages are read again at the same time.
    """
    every, shift = aliased(Entry), bindparam("shift", type_=Integer)
    one, many = literal_column("1", Integer), literal_column(str(OVERLAP), Integer)
    floor = select(((func.max(every.id) - shift) // many - one) * many + shift).scalar_subquery()
    counted = select(func.max(Entry.id).label("newest"), func.count().label("entries")).where(
        Entry.id >= func.coalesce(floor, literal_column("0", Integer))
    )
    if customers is not None:
        counted = counted.where(Entry.customer_id.in_(customers))
    return counted.subquery()


def _rights() -> Any:
    """Every role in force, with what it is held over."""
    one = (
        RoleGrant.role
        + _COLON
        + func.coalesce(Unit.path, _NOTHING)
        + _COLON
        + func.coalesce(cast(RoleGrant.system_id, Text), _NOTHING)
        + cast(cast(RoleGrant.with_subunits, Integer), Text)
    )
    asked = (
        select(func.aggregate_strings(one, ",")).select_from(RoleGrant).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    )
    return asked.where(and_(RoleGrant.person_id == Person.id, is_in_force(_TODAY))).scalar_subquery()


def _mandate() -> Any:
    """What a superbruger's rights hang on besides the role: who is away and stands in, and the guidelines."""
    own = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.SUPERBRUGER)
    one = cast(Absence.id, Text) + _COLON + func.coalesce(cast(Absence.deputy_id, Text), _NOTHING)
    absent = select(func.aggregate_strings(one, ",")).where(
        Absence.customer_id == Person.customer_id, standing_in.is_away(_TODAY)
    )
    published = select(func.count()).select_from(GuidelineVersion).scalar_subquery()
    told = func.coalesce(absent.scalar_subquery(), _NOTHING) + _COLON + cast(published, Text)
    return case((or_(own.exists(), standing_in.may_stand_in(_TODAY)), told), else_=_NOTHING)


def _teams() -> Any:
    asked = select(func.aggregate_strings(cast(TeamMember.team_id, Text), ","))
    return asked.where(TeamMember.person_id == Person.id).scalar_subquery()


def _present() -> Any:
    """Everybody who is at some ticket: few, and which of them are on the page is seen to here."""
    writes = cast(cast(Presence.is_writing, Integer), Text)
    one = cast(Presence.ticket_id, Text) + _COLON + cast(Presence.person_id, Text) + _COLON + writes
    asked = select(func.aggregate_strings(one, ",")).where(Presence.seen_at > bindparam("there_since"))
    return asked.scalar_subquery()
