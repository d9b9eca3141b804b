"""Tickets with clocks on a site, what must come of them by a reckoning of its own, and what did.

The reckoning walks from minute to minute and reads the clock on the wall; it shares nothing with `sla`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from servicedesk.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementVersion,
    Ledger,
    OpeningHours,
    WeeklyHours,
)
from servicedesk.core.db import db, transaction
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry, EntryKind
from servicedesk.tickets.workflow import Priority
from tests.faults.harness import Site

MINUTE = timedelta(minutes=1)
BREACH = "breach"
TEMPLATES = ("ticket_warned", "ticket_breached")
SHARES = (50, 80)
ALWAYS = dict.fromkeys(range(7), ("00:00", "24:00"))
OFFICE = dict.fromkeys(range(5), ("08:00", "16:00"))
NIGHTS = dict.fromkeys(range(7), ("00:00", "06:00"))

Week = Mapping[int, tuple[str, str]]
#: What fires once: ticket, clock, stage, cycle.
Firing = tuple[int, str, str, int]


@dataclass
class Promises:
    """One agreement with targets in minutes of open time, for every ticket that is filed under it."""

    site: Site
    week: Week = field(default_factory=lambda: ALWAYS)
    zone: str = "Europe/Copenhagen"
    targets: Mapping[str, int] = field(default_factory=lambda: {"response": 120})
    filed: dict[int, datetime] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    _open: dict[datetime, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        customer = self.site.filer.customer_id
        with self.site.app.app_context(), transaction() as session:
            session.add(Ledger(customer_id=customer, revision=token_hex(8)))
            hours = OpeningHours(customer_id=customer, name="Hours", zone=self.zone, follows_holidays=False)
            agreement = Agreement(customer_id=customer, kind=AgreementKind.SERVICE, name="Promises")
            session.add_all([hours, agreement])
            session.flush()
            week = {str(day): [list(interval)] for day, interval in self.week.items()}
            session.add(WeeklyHours(hours_id=hours.id, starts_on=date.min, week=week))
            session.add(
                AgreementVersion(
                    agreement_id=agreement.id,
                    starts_on=date(2000, 1, 1),
                    terms=self._terms(hours.id),
                    made_at=datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC")),
                )
            )

    def _terms(self, hours_id: int) -> dict[str, Any]:
        lengths = {name: f"{minutes} minutes" for name, minutes in self.targets.items()}
        goals = [{"kind": None, "priority": int(priority), **lengths} for priority in Priority]
        return {"calendar": hours_id, "targets": goals, "warnings": [f"{share} %" for share in SHARES]}

    def file(self, times: Iterable[datetime]) -> None:
        """Tickets that nobody answers, one at each time; at its minute, as the reckoning knows nothing finer."""
        who = self.site.desk.actor(self.site.filer)
        for number, at in enumerate(time.replace(second=0, microsecond=0) for time in sorted(times)):
            with self.site.app.app_context():
                new = commands.NewTicket(subject=f"Ticket {number}", description="Den virker ikke")
                self.filed[commands.file(new, by=who, now=at).id] = at

    def take_half(self, now: datetime) -> None:
        """Every other ticket has somebody to whom its warnings go by mail; of the others the whole team hears."""
        who = self.site.desk.actor(self.site.supporter)
        self.taken = set(list(self.filed)[::2])
        for ticket_id in self.taken:
            with self.site.app.app_context():
                commands.take(ticket_id, by=who, now=now)

    # ------------------------------------------------------------------------------------------ what must come

    def expected(self, until: datetime) -> dict[Firing, datetime]:
        """What must have fired by then, and its right time."""
        found = {}
        for ticket_id, filed_at in self.filed.items():
            for (clock, stage), at in self._reckoned(filed_at, until).items():
                # What is done at the very last moment is done in time: a breach is there just after it.
                if at < until or (at == until and stage != BREACH):
                    found[ticket_id, clock, stage, 0] = at
        return found

    def _reckoned(self, filed_at: datetime, until: datetime) -> dict[tuple[str, str], datetime]:
        """For each clock and stage the instant at which so many open minutes have passed, if that is by `until`."""
        marks = {
            (clock, stage): minutes * share // 100
            for clock, minutes in self.targets.items()
            for stage, share in (*((str(one), one) for one in SHARES), (BREACH, 100))
        }
        found: dict[tuple[str, str], datetime] = {}
        at, open_minutes = filed_at, 0
        while at < until and open_minutes < max(marks.values()):
            open_minutes += self._is_open(at)
            at += MINUTE
            found |= {mark: at for mark, minutes in marks.items() if minutes == open_minutes and mark not in found}
        return found

    def _is_open(self, at: datetime) -> bool:
        if at not in self._open:
            local = at.astimezone(ZoneInfo(self.zone))
            opens, closes = self.week.get(local.weekday(), ("", ""))
            self._open[at] = opens <= f"{local:%H:%M}" < closes
        return self._open[at]

    # ------------------------------------------------------------------------------------------ what came

    def fired(self) -> list[tuple[Firing, datetime, datetime]]:
        """Each entry of the journals: what, its own time, and when it was written down."""
        kinds = (EntryKind.WARNED, EntryKind.BREACHED)
        with self.site.app.app_context():
            asked = select(Entry.ticket_id, Entry.data, Entry.at).where(Entry.kind.in_(kinds)).order_by(Entry.id)
            rows = db.session.execute(asked)
            return [
                (
                    (ticket_id, data["clock"], data["stage"], data["cycle"]),
                    datetime.fromisoformat(data["at"]),
                    written_at,
                )
                for ticket_id, data, written_at in rows
            ]

    def compare(self, until: datetime) -> dict[str, int]:
        """What must have come by then against what came."""
        expected, fired = self.expected(until), self.fired()
        counts = Counter(what for what, _, _ in fired)
        return {
            "events": len(expected),
            "entries": len(fired),
            "missing": len(expected.keys() - counts.keys()),
            "doubled": len([what for what, count in counts.items() if count > 1]),
            "uncalled for": len(counts.keys() - expected.keys()),
            "at a wrong time": len([what for what, at, _ in fired if what in expected and at != expected[what]]),
        }

    def compare_news(self) -> dict[str, int]:
        """What people had to be told in the same transaction against what there is: each once, or not at all."""
        team = 2
        with self.site.app.app_context():
            entries = db.session.scalars(select(Entry).where(Entry.kind.in_((EntryKind.WARNED, EntryKind.BREACHED))))
            told = [entry for entry in entries if entry.data["told"]]
            notices = Counter(db.session.scalars(select(Notice.source).where(Notice.event.contains("clock"))))
            mails: Counter[tuple[str | None, str, str]] = Counter(
                (mail.thread_id, mail.facts["clock"], mail.facts["stage"])
                for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.template.in_(TEMPLATES)))
            )
        noticed = {f"ticket-{one.ticket_id}:{one.seq}": 1 if one.ticket_id in self.taken else team for one in told}
        mailed: dict[tuple[str | None, str, str], int] = {
            (f"ticket-{one.ticket_id}-{self.site.supporter.id}", one.data["clock"], one.data["stage"]): 1
            for one in told
            if one.ticket_id in self.taken
        }
        return {
            "notices": sum(notices.values()),
            "mails": sum(mails.values()),
            "notices and mails missing": (Counter(noticed) - notices).total() + (Counter(mailed) - mails).total(),
            "notices and mails too many": (notices - Counter(noticed)).total() + (mails - Counter(mailed)).total(),
        }

    def sweep(self, now: datetime) -> int:
        """The worker's sweep at that time, until nothing is due."""
        from servicedesk.tickets.jobs import sweep

        run: Callable[..., int] = sweep
        done = 0
        while more := self._once(run, now):
            done += more
        return done

    def _once(self, run: Callable[..., int], now: datetime) -> int:
        with self.site.app.app_context():
            return run(now=now)
