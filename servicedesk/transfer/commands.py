"""Bringing in the cases of another system, many at a time.

Journals and projections are those that the commands of tickets would have written. Nobody gets a mail about
what happened long ago.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicedesk.agreements import commands as agreements
from servicedesk.agreements.book import Book, book_of
from servicedesk.agreements.models import AgreementKind
from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.organisation import commands as organisation
from servicedesk.organisation.changes import hold
from servicedesk.organisation.models import Person, Unit
from servicedesk.tickets import bulk, matrix
from servicedesk.tickets.models import Ticket
from servicedesk.transfer import history
from servicedesk.transfer.history import Setting
from servicedesk.transfer.reader import Case, Refused
from servicedesk.transfer.register import Insert, Named, Register, Rehearsal, insert_rows

#: Cases that are saved together.
BATCH = 500


@dataclass
class Outcome:
    """What became of some cases."""

    imported: int = 0
    entries: int = 0
    #: Cases that had been imported before.
    known: int = 0
    #: Cases with rows that cannot be read; of such a case nothing is imported.
    left_out: int = 0
    refused_rows: int = 0
    #: The rows themselves; not kept when outcomes are added up.
    refused: list[Refused] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Outcome") -> None:
        self.imported += other.imported
        self.entries += other.entries
        self.known += other.known
        self.left_out += other.left_out
        self.refused_rows += other.refused_rows
        self.made += other.made


def find_customers(name: str | None) -> list[Unit]:
    """The organisations of that name, or all of them."""
    query = select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    return list(db.session.scalars(query if name is None else query.where(Unit.name == name)))


def find_persons(initials: str, customer_id: int | None) -> list[int]:
    """Everybody with these initials, in one organisation or in all."""
    query = select(Person.id).where(Person.initials == initials.strip().lower())
    return list(db.session.scalars(query if customer_id is None else query.where(Person.customer_id == customer_id)))


def add_customer(name: str, *, now: datetime) -> Unit:
    return organisation.add_customer(name=name, by=SYSTEM, now=now)


class UnknownAgreementError(RefusedError):
    """The customer has no service agreement of that name."""


def agreed_with(customer_id: int, name: str | None, *, now: datetime, rehearse: bool = False) -> int | None:
    """What the cases are held against: the first version of the agreement of that name, or of the one for everything.

    A customer without any agreement is given the example. None when nothing is agreed about everything.
    """
    book = book_of(customer_id)
    if name is not None:
        found = book.named(name)
        if found is None:
            known = ", ".join(_service_agreements(book)) or "-"
            sentence = N_("Der er ingen serviceaftale, som hedder “%(name)s”. Der er: %(known)s.")
            raise UnknownAgreementError(sentence, name=name, known=known)
        return found
    if not book.versions:
        if rehearse:
            return None
        agreements.give_example(customer_id, by=SYSTEM, now=now)
        book = book_of(customer_id)
    general = book.choose(None, now)
    return book.named(book.versions[general].name) if general is not None else None


def _service_agreements(book: Book) -> list[str]:
    return sorted({one.name for one in book.versions.values() if one.kind is AgreementKind.SERVICE})


class Import:
    """An import into one customer. With `rehearse` nothing is changed, and the outcome tells what would be."""

    def __init__(
        self,
        source: str,
        customer: Unit | None,
        *,
        now: datetime,
        rehearse: bool = False,
        agreement: str | None = None,
    ) -> None:
        """Raises UnknownAgreementError for an agreement that the customer does not have."""
        self._source, self._now, self._rehearse = source, now, rehearse
        self._customer_id = customer.id if customer else -1
        make: Insert = Rehearsal() if rehearse else insert_rows
        self._register = Register(self._customer_id, make)
        cells = matrix.get(self._customer_id)
        self._setting = Setting(
            source=source,
            customer_id=self._customer_id,
            matrix=cells,
            names=self._register,
            agreement_id=agreed_with(self._customer_id, agreement, now=now, rehearse=rehearse),
            silent_until=now,
        )

    def take(self, cases: Sequence[Case]) -> Outcome:
        """Imports whole cases, all that can be or none: one transaction.

        Raises ConflictError when another import brings in the same cases at this moment.
        """
        if self._rehearse:
            outcome = self._take(cases)
            db.session.rollback()
            return outcome
        try:
            with transaction():
                hold(self._customer_id)
                return self._take(cases)
        except IntegrityError as error:
            raise ConflictError(N_("En anden import er i gang. Kør denne igen, når den er færdig.")) from error

    def _take(self, cases: Sequence[Case]) -> Outcome:
        outcome = Outcome(refused=[refused for case in cases for refused in case.refused])
        outcome.refused_rows = len(outcome.refused)
        outcome.left_out = sum(1 for case in cases if case.refused and case.number)
        whole = [case for case in cases if not case.refused]
        known = self._known(whole)
        new = [case for case in whole if case.number not in known]
        outcome.known = len(whole) - len(new)
        before = self._register.missing.copy()
        self._register.learn(named_in(new, self._source))
        outcome.made = self._register.missing - before
        told = [history.tell(case.number, case.rows, self._setting) for case in new]
        outcome.imported, outcome.entries = len(told), sum(len(one.entries) for one in told)
        if told and not self._rehearse:
            bulk.write_journals(told, now=self._now)
            self._record(outcome)
        return outcome

    def _known(self, cases: Iterable[Case]) -> set[str]:
        numbers = [case.number for case in cases]
        query = select(Ticket.source_number).where(Ticket.source_name == self._source)
        found = db.session.scalars(query.where(Ticket.source_number.in_(numbers)))
        return {number for number in found if number is not None}

    def _record(self, outcome: Outcome) -> None:
        audit.record(
            "tickets_imported",
            by=SYSTEM,
            now=self._now,
            customer_id=self._customer_id,
            source=self._source,
            tickets=outcome.imported,
            made=dict(outcome.made),
        )


def named_in(cases: Iterable[Case], source: str) -> Named:
    """Every name that the journals of these cases will ask for."""
    named = Named()
    for case in cases:
        filer = case.rows[0].filer or history.unknown_person(source)
        if named.persons.get(filer) is None:
            named.persons[filer] = case.rows[0].unit
        for row in case.rows:
            named.units.update(filter(None, [row.unit]))
            named.systems.update(filter(None, [row.system]))
            named.teams.update(filter(None, [row.team]))
            if row.assignee:
                named.persons.setdefault(row.assignee, None)
    return named
