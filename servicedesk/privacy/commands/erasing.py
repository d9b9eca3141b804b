"""Erasing a person, step by step.

1. What is the person's alone goes, and the tickets are written down that he or she is on.
2. So are those on which the person did something, or is met by something that belongs to nobody else.
3. Each of those tickets is rewritten in a transaction of its own.
4. Table by table, the person is taken out of what else is written.
5. Files that no row names any more are removed.
6. SQLite's index of words is merged, until nothing of what was taken out stands in it.
7. The person's own row loses all that says who it was. Until then, every step reads from it whom to look for.
8. What SQLite has written ahead is carried over, so that no page from before is left.

Each step ends with the transaction that moves `Erasure.step` on, and can be repeated: whoever dies leaves the erasure
at the step that it was in. Of two workers one holds the row, and the other finds nothing to do.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import case, delete, insert, literal, or_, select, update

from servicedesk.accountability.models import AccessPackage
from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db, empty_write_ahead_log, table_of, transaction
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.drafts.models import KeptFile
from servicedesk.drafts.uploads import store
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import hold
from servicedesk.organisation.models import Person
from servicedesk.privacy import places, queries, rewriting, rules, sweeping
from servicedesk.privacy.models import DoomedFile, Erasure, ErasureTicket
from servicedesk.privacy.policy import PrivacyPermission
from servicedesk.tickets import search

#: Tickets in one look of the worker, each in a transaction of its own.
AT_ONCE = 20


def erase(person_id: int, *, initials: str, by: Actor, now: datetime) -> Erasure:
    """Has the worker erase the person; asked twice, it is one erasure.

    Raises RefusedError when the initials are not the person's, ConflictError for what stands in the way.
    """
    with transaction():
        person = organisation.get_person(person_id, by, PrivacyPermission.ERASE)
        hold(person.customer_id, person)
        if initials.strip().lower() != person.initials:
            raise RefusedError(N_("Initialerne passer ikke. Skriv personens initialer for at bekræfte."))
        if queries.obstacles(person):
            raise ConflictError(N_("Personen kan ikke slettes endnu. Se på siden, hvad der står i vejen."))
        return begin(person, by=by, now=now)


def begin(person: Person, *, by: Actor, now: datetime) -> Erasure:
    """As part of the caller's transaction, for a person in whose way nothing stands."""
    known = db.session.scalar(select(Erasure).where(Erasure.person_id == person.id))
    if known is not None:
        return known
    erasure = Erasure(customer_id=person.customer_id, person_id=person.id, asked_at=now, asked_by_id=by.id)
    db.session.add(erasure)
    db.session.flush()
    audit.record("person_erasure_begun", by=by, now=now, subject=("person", person.id), customer_id=person.customer_id)
    return erasure


def carry_on(now: datetime) -> int:
    """The next step of the oldest erasure; answers 0 when there is none, or when it has to wait."""
    db.session.rollback()
    erasure = db.session.scalar(select(Erasure).where(Erasure.finished_at.is_(None)).order_by(Erasure.id).limit(1))
    if erasure is None:
        return 0
    return int(_steps()[erasure.step](erasure.id, erasure.step, now))


#: Answers False when it could do nothing: another worker is at it, or somebody is in the way.
Step = Callable[[int, int, datetime], bool]


def _steps() -> list[Step]:
    """The first, as many as there are tables to sweep, and the last."""
    sweeps: list[Step] = [_sweep] * len(sweeping.tables())
    return [_take_own, _search, _rewrite, *sweeps, _remove_files, _begin_merging, _merge, _forget_name, _finish]


_SWEEPS_FROM = 3


def _held(erasure_id: int, step: int) -> tuple[Erasure, Person] | None:
    """With the row locked; None when another worker has been quicker."""
    query = select(Erasure).where(Erasure.id == erasure_id, Erasure.step == step, Erasure.finished_at.is_(None))
    found = db.session.scalars(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    erasure = found.one_or_none()
    return None if erasure is None else (erasure, db.session.get_one(Person, erasure.person_id))


def _in_one(work: Callable[[Erasure, Person, datetime], bool | None]) -> Step:
    """A step that is one transaction; it comes again when it answers False."""

    def step(erasure_id: int, at: int, now: datetime) -> bool:
        with transaction():
            held = _held(erasure_id, at)
            if held is not None and work(*held, now) is not False:
                held[0].step += 1
        return held is not None

    return step


# ------------------------------------------------------------------------------------------------ what is one's own


def _own(erasure: Erasure, person: Person, now: datetime) -> None:
    tables = db.metadata.tables
    for kept in (KeptFile, AccessPackage):
        names = select(kept.stored_name).where(kept.person_id == person.id, kept.stored_name.is_not(None))
        rewriting.doom(db.session.scalars(names))
    for name, column, above in places.HANGING:
        of_person = select(tables[above].c.id).where(tables[above].c[places.DELETED[above]] == person.id)
        db.session.execute(delete(tables[name]).where(tables[name].c[column].in_(of_person)))
    for name, column in places.DELETED.items():
        if name != "person_key":
            db.session.execute(delete(tables[name]).where(tables[name].c[column] == person.id))
    for name, (column, shared_by, alone) in places.OWNED.items():
        is_alone = tables[name].c[shared_by].is_(None) if alone is None else tables[name].c[shared_by] == alone
        db.session.execute(delete(tables[name]).where(tables[name].c[column] == person.id, is_alone))
    for name, columns in places.EMPTIED.items():
        for one in columns:
            db.session.execute(update(tables[name]).where(tables[name].c[one] == person.id).values({one: None}))
    for name, (column, columns) in places.WIPED.items():
        rewriting.wipe(tables[name], tables[name].c[column] == person.id, columns)
    _end_appointments(person, now)
    _clear_audit(person, now)
    erasure.total = _write_down_tickets(erasure, person)


def _clear_audit(person: Person, now: datetime) -> None:
    """Lines about the person, whatever the name is worth elsewhere."""
    known = rewriting.known_of(person)
    about = select(AuditLine).where(AuditLine.subject_kind == "person", AuditLine.subject_id == person.id)
    lines = db.session.scalars(about)
    naming = [line.id for line in lines if rules.scrub_all(line.facts, [known]) != line.facts]
    audit.erase_facts(naming, by=SYSTEM, now=now)


def _end_appointments(person: Person, now: datetime) -> None:
    today = now.astimezone(clock.own_zone()).date()
    appointment = db.metadata.tables["appointment"]
    is_running = or_(appointment.c.ends_on.is_(None), appointment.c.ends_on > today)
    of_person = (appointment.c.person_id == person.id) & is_running
    # One that has not begun ends on the day on which it would have.
    ends_on = case((appointment.c.starts_on > today, appointment.c.starts_on), else_=today)
    db.session.execute(update(appointment).where(of_person).values(ends_on=ends_on))


def _write_down_tickets(erasure: Erasure, person: Person) -> int:
    on_it = queries.tickets_of(person.id)
    columns = ["erasure_id", "ticket_id", "is_on_it"]
    rows = select(literal(erasure.id), on_it.c.ticket_id, literal(True))
    db.session.execute(insert(table_of(ErasureTicket)).from_select(columns, rows))
    known = set(db.session.scalars(select(ErasureTicket.ticket_id).where(ErasureTicket.erasure_id == erasure.id)))
    rewriting.forget_unsent(known)
    return len(known)


_take_own = _in_one(_own)


def _search(erasure_id: int, at: int, now: datetime) -> bool:
    """What the person did, and what tells of him or her by something of nobody else's.

    All journals are read, before anything is held.
    """
    person = db.session.get_one(Person, db.session.get_one(Erasure, erasure_id).person_id)
    on_it, met = queries.tickets_worked_by(person.id), queries.tickets_naming(person)

    def write_down(erasure: Erasure, _person: Person, _now: datetime) -> None:
        known = set(db.session.scalars(select(ErasureTicket.ticket_id).where(ErasureTicket.erasure_id == erasure.id)))
        new = sorted((on_it | met) - known)
        rows = [{"erasure_id": erasure.id, "ticket_id": id_, "is_on_it": id_ in on_it} for id_ in new]
        if rows:
            db.session.execute(insert(table_of(ErasureTicket)), rows)
        erasure.total += len(rows)

    return _in_one(write_down)(erasure_id, at, now)


# ------------------------------------------------------------------------------------------------ tickets


def _rewrite(erasure_id: int, at: int, now: datetime) -> bool:
    for _ in range(AT_ONCE):
        with transaction():
            held = _held(erasure_id, at)
            if held is None:
                return False
            erasure, person = held
            next_one = select(ErasureTicket).where(ErasureTicket.erasure_id == erasure.id)
            row = db.session.scalar(next_one.order_by(ErasureTicket.ticket_id).limit(1))
            if row is None:
                erasure.step += 1
                return True
            known = rewriting.known_of(person) if row.is_on_it else queries.known_alone(person)
            rewriting.without_person(rewriting.hold(row.ticket_id), person, known, now=now)
            db.session.delete(row)
            erasure.done += 1
    return True


# ------------------------------------------------------------------------------------------------ everything else


def _sweep_table(erasure: Erasure, person: Person, now: datetime) -> None:
    name = sweeping.tables()[erasure.step - _SWEEPS_FROM]
    sweeping.sweep(name, queries.known_alone(person), now=now)


def _remove(_erasure: Erasure, _person: Person, _now: datetime) -> None:
    remove_doomed()


def remove_doomed() -> int:
    """Bytes first: whoever dies in between finds the rows again."""
    names = list(db.session.scalars(select(DoomedFile.stored_name)))
    for name in names:
        store().remove(name)
    db.session.execute(delete(DoomedFile).where(DoomedFile.stored_name.in_(names)))
    return len(names)


def _begin(_erasure: Erasure, _person: Person, _now: datetime) -> None:
    search.merge_away(begins=True)


def _merge_on(_erasure: Erasure, _person: Person, _now: datetime) -> bool:
    return not search.merge_away()


def _lose_name(_erasure: Erasure, person: Person, now: datetime) -> None:
    keys = db.metadata.tables["person_key"]
    db.session.execute(delete(keys).where(keys.c.person_id == person.id))
    left = {**rewriting.pseudonym(person), "erased_at": now}
    db.session.execute(update(table_of(Person)).where(table_of(Person).c.id == person.id).values(left))


_sweep = _in_one(_sweep_table)
_remove_files = _in_one(_remove)
_begin_merging = _in_one(_begin)
_merge = _in_one(_merge_on)
_forget_name = _in_one(_lose_name)


def _finish(erasure_id: int, at: int, now: datetime) -> bool:
    """Somebody who reads just now keeps the log from being emptied: then it is tried again."""
    if not empty_write_ahead_log():
        return False
    with transaction():
        held = _held(erasure_id, at)
        if held is not None:
            erasure, person = held
            erasure.finished_at = now
            about, customer_id = ("person", person.id), person.customer_id
            audit.record(
                "person_erased", by=SYSTEM, now=now, subject=about, customer_id=customer_id, tickets=erasure.total
            )
    return held is not None


def steps_of_erasure() -> int:
    return len(_steps())
