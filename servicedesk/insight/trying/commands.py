"""Starting, carrying on and stopping a trial.

A batch is reckoned outside of any transaction that writes, and kept only where the trial is still where the batch
began: of two workers one is heard, and whoever dies on the way leaves nothing half counted.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from servicedesk.agreements.book import Book, book_of
from servicedesk.agreements.terms import Terms, TermsError
from servicedesk.core import audit, clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.insight import agreement_file, simulate
from servicedesk.insight.agreement_file import AgreementFileError
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.trying import queries
from servicedesk.insight.trying.models import AgreementTrial, Ending
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person, Unit
from sla import SlaError

#: Tickets that are looked at together.
BATCH = 200
#: What a person may have under way at once.
MOST = 3
#: What was found is kept for so long.
KEPT = timedelta(days=30)
#: A file is no longer than this.
LONGEST_FILE = 100_000


def start(
    customer_id: int,
    *,
    name: str,
    told: Mapping[str, Any],
    first: date,
    last: date,
    by: Actor,
    now: datetime,
    form_id: str,
) -> AgreementTrial:
    """Has it tried by the worker. The same form sent again gives the trial that it started.

    Raises RefusedError while the person has enough under way, AgreementFileError or TermsError for what makes no sense.
    """
    book = _book(told, customer_id, now)
    key = f"{by.id}:{form_id}"
    with transaction() as session:
        _wait_for_others(by)
        present = session.scalar(select(AgreementTrial).where(AgreementTrial.form_id == key))
        if present is not None:
            return present
        _refuse_more(by)
        trial = AgreementTrial(
            customer_id=customer_id,
            by_id=by.id,
            form_id=key,
            made_at=now,
            name=name,
            told=dict(told),
            first=first,
            last=last,
            total=0,
        )
        trial.total = simulate.count(*queries.bounds(trial), *queries.conditions(customer_id, _systems(book), by))
        session.add(trial)
        session.flush()
        audit.record(
            "agreement_tried", by=by, now=now, customer_id=customer_id, subject=("agreement_trial", trial.id), name=name
        )
    return trial


def _wait_for_others(by: Actor) -> None:
    """Two forms of one person meet one after the other."""
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())


def _refuse_more(by: Actor) -> None:
    under_way = select(func.count()).select_from(AgreementTrial)
    under_way = under_way.where(AgreementTrial.by_id == by.id, AgreementTrial.ended_at.is_(None))
    if (db.session.scalar(under_way) or 0) >= MOST:
        raise RefusedError(N_("Du har %(most)s i gang. Vent, til en er færdig, eller stop en af dem."), most=MOST)


def _book(told: Mapping[str, Any], customer_id: int, now: datetime) -> Book:
    """What tickets are held against."""
    if "file" in told:
        octets = str(told["file"]).encode()
        return agreement_file.of_octets(octets, "TOML", this_year=now.astimezone(clock.own_zone()).year)
    terms = Terms.read(told["terms"])
    book = book_of(customer_id)
    if not terms.calendar_keys() <= book.calendars.keys():
        raise TermsError(N_("Aftalen kan ikke læses: %(what)s."), what="calendar")
    return agreement_file.supposed(terms, book, "")


def _systems(book: Book) -> list[int]:
    return sorted(next(iter(book.versions.values())).terms.systems)


def cancel(trial_id: int, *, by: Actor, now: datetime) -> AgreementTrial:
    """What was found so far is kept; what has ended stays as it is."""
    trial = queries.get(trial_id, by)
    _end(trial.id, Ending.CANCELLED, now)
    return queries.get(trial_id, by)


def carry_on(trial: AgreementTrial, *, now: datetime) -> int:
    """Looks at the next batch of its tickets; answers how many there were. Reads them as of when it was started."""
    by = _starter(trial, now)
    if by is None:
        _end(trial.id, Ending.REFUSED, now)
        return 0
    try:
        book = _book(trial.told, trial.customer_id, trial.made_at)
        outcome, last, number = _looked_at(trial, book, by)
    except (AgreementFileError, TermsError, SlaError):
        _end(trial.id, Ending.FAILED, now)
        return 0
    trial_id, came_from = trial.id, trial.done_to
    db.session.rollback()
    if not number:
        _end(trial_id, Ending.DONE, now)
    else:
        _keep(trial_id, came_from, last, simulate.written(outcome))
    return number


def _starter(trial: AgreementTrial, now: datetime) -> Actor | None:
    """With the rights that the person has now."""
    by = load_actor(trial.by_id, today=now.astimezone(clock.own_zone()).date())
    if by is None:
        return None
    runs = select(Unit.id).where(Unit.id == trial.customer_id, granted(OverviewPermission.RUN, by))
    return by if db.session.scalar(runs) is not None else None


def _looked_at(trial: AgreementTrial, book: Book, by: Actor) -> tuple[simulate.Outcome, int, int]:
    outcome = simulate.read(trial.found)
    about = queries.conditions(trial.customer_id, _systems(book), by)
    tickets = simulate.batch(trial.done_to, *queries.bounds(trial), *about, most=BATCH)
    if tickets:
        simulate.look_at(tickets, book, outcome, now=trial.made_at)
    return outcome, max(tickets, default=0), len(tickets)


def _keep(trial_id: int, came_from: int, done_to: int, found: dict[str, Any]) -> None:
    is_there = (
        AgreementTrial.id == trial_id,
        AgreementTrial.done_to == came_from,
        AgreementTrial.ended_at.is_(None),
    )
    with transaction() as session:
        session.execute(update(AgreementTrial).where(*is_there).values(done_to=done_to, found=found))


def _end(trial_id: int, ending: Ending, now: datetime) -> None:
    is_there = (AgreementTrial.id == trial_id, AgreementTrial.ended_at.is_(None))
    with transaction() as session:
        session.execute(update(AgreementTrial).where(*is_there).values(ended_at=now, ending=ending))


def forget(now: datetime) -> int:
    """Removes what ended long ago; answers how many."""
    with transaction() as session:
        ids = session.scalars(select(AgreementTrial.id).where(AgreementTrial.ended_at < now - KEPT).limit(500)).all()
        session.execute(delete(AgreementTrial).where(AgreementTrial.id.in_(ids)))
    return len(ids)
