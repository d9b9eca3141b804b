"""What a superbruger has done, for that person's own eyes: month by month, with the thanks. Never beside others'."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.superbrugere import floor
from servicedesk.superbrugere.floor import Count
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets.models import Entry, EntryKind, Ticket, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Tier

#: Months that are shown, the present one among them: half a year.
MONTHS = 6
#: Months of a trend: the last so many against those before.
TREND = 3
#: Appraisals and thanks that are shown one by one.
SHOWN = 5


class Appraised(NamedTuple):
    """What the servicedesk said of something that was passed on."""

    ticket_id: int
    number: str
    #: None when the ticket is not one's to read any more.
    subject: str | None
    at: datetime
    lacking: tuple[Fact, ...]


class Thanks(NamedTuple):
    """A user said that it worked."""

    ticket_id: int
    number: str
    subject: str
    at: datetime
    #: What he or she wrote with it; often nothing.
    words: str


@dataclass
class Month:
    """What was done in a month."""

    first: date
    solved: int = 0
    #: Of those that were solved, whenever they came back.
    reopened: int = 0
    passed_on: int = 0
    appraised: int = 0
    complete: int = 0
    floor: Count = floor.NONE
    #: Noted with tickets and on the floor.
    minutes: int = 0

    @property
    def handled(self) -> int:
        return self.solved + self.passed_on

    @property
    def is_empty(self) -> bool:
        return self.handled + self.floor.times == 0


class Trend(NamedTuple):
    """How complete what was passed on was, in some months."""

    appraised: int
    complete: int

    @property
    def share(self) -> int | None:
        """In whole percent; None while nothing was looked at."""
        return round(100 * self.complete / self.appraised) if self.appraised else None


@dataclass(frozen=True)
class Own:
    """A superbruger's work of the last half year."""

    #: The present one first.
    months: Sequence[Month]
    #: Minutes a week that are agreed by the appointments in force.
    agreed: int
    appraised: Sequence[Appraised]
    thanks: Sequence[Thanks]
    #: How many tickets the users themselves said had helped.
    confirmed: int

    @property
    def passed_on(self) -> int:
        return sum(month.passed_on for month in self.months)

    @property
    def solved(self) -> int:
        return sum(month.solved for month in self.months)

    @property
    def complete(self) -> int:
        return sum(not one.lacking for one in self.appraised)

    def weekly(self, today: date) -> int:
        """Minutes a week that were noted since the last month began."""
        lately = self.months[:2]
        days = (today - lately[-1].first).days + 1
        return round(7 * sum(month.minutes for month in lately) / days)

    @property
    def lately(self) -> Trend:
        return _trend(self.months[:TREND])

    @property
    def before(self) -> Trend:
        return _trend(self.months[TREND:])


def of(who: Actor, now: datetime) -> Own:
    """Four queries, along the index of who did what."""
    months = _months(now)
    since = datetime.combine(months[-1].first, datetime.min.time(), own_zone())
    stories = [read(list(rows), who.id) for _id, rows in groupby(_entries(who, since), key=lambda row: row.ticket_id)]
    by_month = {month.first: month for month in months}
    for story in stories:
        _count(story, by_month)
    for at, given in floor.given_since(who, since):
        _add_floor(by_month.get(_first(at)), given)
    appraised = sorted((row for story in stories for row in story.appraised), key=lambda row: row[1], reverse=True)
    thanked = sorted(
        ((story, story.confirmed_at) for story in stories if story.confirmed_at), key=lambda row: row[1], reverse=True
    )
    shown = {row[0] for row in appraised[:SHOWN]} | {story.ticket_id for story, _at in thanked[:SHOWN]}
    subjects = _subjects(shown, who)
    return Own(
        months=months,
        agreed=floor.agreed_minutes(who, now.astimezone(own_zone()).date()),
        appraised=[Appraised(id_, number_of(id_), subjects.get(id_), at, lacking) for id_, at, lacking in appraised],
        thanks=[
            Thanks(story.ticket_id, number_of(story.ticket_id), subjects[story.ticket_id], at, story.words)
            for story, at in thanked[:SHOWN]
            if story.ticket_id in subjects
        ],
        confirmed=len(thanked),
    )


def _trend(months: Iterable[Month]) -> Trend:
    some = list(months)
    return Trend(sum(month.appraised for month in some), sum(month.complete for month in some))


def _subjects(ids: set[int], who: Actor) -> dict[int, str]:
    query = select(Ticket.id, Ticket.subject).where(Ticket.id.in_(ids), granted(TicketPermission.READ, who))
    return {row.id: row.subject for row in db.session.execute(query)}


# ------------------------------------------------------------------------------------------------ months


def _months(now: datetime) -> list[Month]:
    first = _first(now)
    at = first.year * 12 + first.month - 1
    return [Month(date((at - back) // 12, (at - back) % 12 + 1, 1)) for back in range(MONTHS)]


def _first(at: datetime) -> date:
    return at.astimezone(own_zone()).date().replace(day=1)


def _add_floor(month: Month | None, given: Count) -> None:
    if month is not None:
        month.floor = Count(*(one + other for one, other in zip(month.floor, given, strict=True)))
        month.minutes += given.minutes


def _count(story: "Story", by_month: Mapping[date, Month]) -> None:
    if story.solved_at is not None and (month := by_month.get(_first(story.solved_at))):
        month.solved += 1
        month.reopened += story.is_reopened
        month.minutes += story.minutes
    for at in story.passed_on:
        if month := by_month.get(_first(at)):
            month.passed_on += 1
    for _id, at, lacking in story.appraised:
        if month := by_month.get(_first(at)):
            month.appraised += 1
            month.complete += not lacking


# ------------------------------------------------------------------------------------------------ one ticket


@dataclass
class Story:
    """What a superbruger did with one ticket at the local tier, and what came of it."""

    ticket_id: int
    #: When it was solved there, for the last time.
    solved_at: datetime | None = None
    is_reopened: bool = False
    minutes: int = 0
    confirmed_at: datetime | None = None
    words: str = ""
    passed_on: list[datetime] = field(default_factory=list)
    #: (ticket, when, what was lacking); of an escalation that was appraised twice the last word.
    appraised: list[tuple[int, datetime, tuple[Fact, ...]]] = field(default_factory=list)


def read(rows: Sequence[Any], person_id: int | None) -> Story:
    """The journal of a ticket, oldest first, as one superbruger's story; pure."""
    story = Story(rows[0].ticket_id)
    appraised: dict[int, tuple[int, datetime, tuple[Fact, ...]]] = {}
    own, is_local = set[int](), False
    for row in rows:
        is_own, was_local = row.by_id == person_id, is_local
        is_local = row.data["tier"] == Tier.LOCAL if "tier" in row.data else is_local
        match row.kind:
            case EntryKind.RESOLVED:
                _solved(story, row, is_own=is_own and was_local)
            case EntryKind.ESCALATED if is_own:
                own.add(row.seq)
                story.passed_on.append(row.at)
            case EntryKind.APPRAISED if row.data["of"] in own:
                lacking = tuple(Fact(one) for one in row.data["lacking"])
                appraised[row.data["of"]] = (row.ticket_id, row.at, lacking)
            case _ if story.solved_at is not None:
                _came_of_it(story, row)
    story.appraised = list(appraised.values())
    return story


def _solved(story: Story, row: Any, *, is_own: bool) -> None:
    """Solved by somebody else in the end, it is that one's; that it came back is still told."""
    story.confirmed_at, story.words = None, ""
    if is_own:
        story.solved_at = row.at
        story.minutes += row.data.get("minutes", 0)
    elif story.solved_at is not None and not story.is_reopened:
        story.solved_at = None


def _came_of_it(story: Story, row: Any) -> None:
    if row.kind is EntryKind.REOPENED:
        story.is_reopened = True
        story.confirmed_at, story.words = None, ""
    elif row.kind is EntryKind.CONFIRMED:
        story.confirmed_at, story.words = row.at, row.data.get("body", "")


def _entries(who: Actor, since: datetime) -> list[Any]:
    """Of every ticket that the person solved or passed on, what is needed to tell it."""
    done = (Entry.kind.in_((EntryKind.RESOLVED, EntryKind.ESCALATED)), Entry.at >= since)
    own = select(Entry.ticket_id).where(Entry.by_id == who.id, *done).distinct()
    columns = (Entry.ticket_id, Entry.seq, Entry.at, Entry.kind, Entry.by_id, Entry.data)
    query = select(*columns).where(Entry.ticket_id.in_(own), Entry.kind.in_(_KINDS))
    return list(db.session.execute(query.order_by(Entry.ticket_id, Entry.seq)))


_KINDS = (
    *(EntryKind.FILED, EntryKind.ESCALATED, EntryKind.HANDED_BACK, EntryKind.APPRAISED),
    *(EntryKind.RESOLVED, EntryKind.CONFIRMED, EntryKind.REOPENED),
)
