"""How a ticket stands with its times: figures for staff, a plain sentence for the user."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from servicedesk.agreements.book import Book
from servicedesk.agreements.words import amount_in_words, length_in_words
from servicedesk.core.formats import on_weekday
from servicedesk.core.language import gettext as _
from servicedesk.tickets import events, local_time
from servicedesk.tickets.badges import Badge, Face, badge
from servicedesk.tickets.clocks import USERS
from servicedesk.tickets.clockwork import Happening, clocks_of
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.reasons import SOLVED, wall_amount
from servicedesk.tickets.workflow import State
from sla import Reading


class Shown(NamedTuple):
    """A clock in the panel."""

    name: str
    badge: Badge
    figures: list[tuple[str, str]]


@dataclass(frozen=True)
class Standing:
    readings: dict[str, Reading] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    #: What the user can expect.
    sentences: list[str] = field(default_factory=list)
    #: When it closes by itself, if it is solved.
    closes_at: datetime | None = None
    #: Open time with superbrugere; None when it never was there, and for those to whom that is nothing.
    local: timedelta | None = None


def stand(
    ticket: Ticket, entries: Sequence[Happening], book: Book, now: datetime, *, is_staff: bool, is_user: bool
) -> Standing:
    readings = in_order(clocks_of(entries, book).read(now), is_staff)
    closes_at = None
    if ticket.state is State.RESOLVED and ticket.resolved_at is not None:
        closes_at = book.closes_at(ticket.agreement_id, ticket.resolved_at)
    return Standing(
        readings,
        list(_shown(readings, now)) if is_staff else [],
        expectations(ticket, readings, now, is_user=is_user),
        closes_at,
        local_time.stay(entries, ticket.agreement_id, book, now) if is_staff else None,
    )


def in_order(readings: dict[str, Reading], is_staff: bool) -> dict[str, Reading]:
    """What is promised to the user first; what teams and suppliers promise the servicedesk is for staff."""
    names = [name for name in USERS if name in readings]
    others = sorted(name for name in readings if name not in USERS) if is_staff else []
    return {name: readings[name] for name in (*names, *others)}


def _shown(readings: dict[str, Reading], now: datetime) -> Iterable[Shown]:
    for name, reading in readings.items():
        if name == "update" and reading.outcome is not None:
            continue  # each answer has its own; only the one that is waited for is news
        found = badge(Face.of_reading(name, reading, now), now)
        if found is not None:
            yield Shown(events.clock_name(name), found, list(_figures(name, reading)))


def _figures(name: str, reading: Reading) -> Iterable[tuple[str, str]]:
    """Used, on hold and solved are three figures, never added up."""
    yield _("Mål"), length_in_words(reading.target.length)
    if reading.due_at is not None:
        yield _("Frist"), on_weekday(reading.due_at)
    if reading.elapsed:
        yield _("Brugt"), amount_in_words(reading.elapsed)
    if reading.paused:
        yield _("På hold"), amount_in_words(reading.paused)
    if reading.stopped and name in SOLVED:
        yield _("Løst, før den blev genåbnet"), wall_amount(reading.stopped)


def expectations(ticket: Ticket, readings: dict[str, Reading], now: datetime, *, is_user: bool) -> list[str]:
    """What the user can count on."""
    told = []
    if ticket.promised_at is not None and ticket.is_open:
        told.append(promised(ticket.promised_at))
    for name in ("response", "update"):
        reading = readings.get(name)
        if reading is not None and reading.is_running and reading.due_at is not None:
            told.append(answer(reading.due_at, now))
            break
    resolution = readings.get("resolution")
    if resolution is not None and resolution.is_running and resolution.due_at is not None:
        told.append(solution(resolution.due_at, now))
    elif resolution is not None and resolution.is_paused:
        told.append(_on_hold(ticket.state, is_user=is_user))
    return told


def promised(at: datetime) -> str:
    return _("Vi har aftalt, at det er klar %(at)s.", at=on_weekday(at))


def answer(due_at: datetime, now: datetime) -> str:
    if now > due_at:
        return _("Vi skulle have svaret dig nu, og det beklager vi. Henvendelsen er ikke glemt.")
    return _("Vi svarer senest %(at)s.", at=on_weekday(due_at))


def solution(due_at: datetime, now: datetime) -> str:
    if now > due_at:
        return _("Det tager længere tid, end vi lovede. Vi arbejder stadig på det.")
    return _("Forventes løst senest %(at)s.", at=on_weekday(due_at))


def _on_hold(state: State, *, is_user: bool) -> str:
    if state is State.WAITING_SUPPLIER:
        return _("Uret står stille, mens vi venter på leverandøren.")
    if is_user:
        return _("Uret står stille, mens vi venter på svar fra dig.")
    return _("Uret står stille, mens vi venter på svar fra brugeren.")
