"""What the worker would have written down while time went by: each warning and breach, at its instant."""

from datetime import datetime

from servicedesk.agreements.book import Book
from servicedesk.tickets import sweep
from servicedesk.tickets.clocks import seen_to
from servicedesk.tickets.clockwork import clocks_of
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import Visibility


def warn(journal: NewJournal, book: Book, now: datetime) -> NewJournal:
    """The journal with its warnings and breaches until `now`."""
    fired = _fired(journal, book, now)
    if not fired:
        return journal
    told = NewJournal(journal.ticket_id)
    told.names = journal.names
    for entry in journal.entries:
        while fired and fired[0].at < entry.at:
            _add(told, fired.pop(0))
        told.add(entry)
    for one in fired:
        _add(told, one)
    return told


def _fired(journal: NewJournal, book: Book, now: datetime) -> list[NewEntry]:
    clocks = clocks_of(journal.entries, book)
    found = []
    for clock, reading in clocks.read(now).items():
        for stage in reading.stages:
            at = seen_to(stage)
            if at <= now:
                # As it was then: it may have been paused since, and be due later.
                shown = clocks.tracks[clock].fold(at)
                data = sweep.firing(clock, stage, shown, at, is_told=True)
                kind = sweep.kind_of(stage)
                filed = journal.entries[0]
                found.append(
                    NewEntry(at=at, kind=kind, by_id=None, state=filed.state, data=data, visibility=Visibility.INTERNAL)
                )
    return sorted(found, key=lambda entry: entry.at)


def _add(told: NewJournal, entry: NewEntry) -> None:
    """It changes nothing: the ticket stands as it stood."""
    entry.state = told.entries[-1].state
    told.add(entry)
