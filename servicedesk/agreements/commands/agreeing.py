"""Changes of agreements: a new version from a day on, and withdrawing."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from servicedesk.agreements import following
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands.ledger import checked_name, hold, hold_agreement, midnight, recalculate
from servicedesk.agreements.commands.opening import LONGEST_CLOSED
from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion, Supplier
from servicedesk.agreements.terms import Terms, TermsError
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.clock import local_date
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.organisation.models import Team


def add_agreement(
    customer_id: int,
    *,
    kind: AgreementKind,
    name: str,
    terms: Terms,
    starts_on: date,
    team_id: int | None = None,
    supplier_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Agreement:
    """A new agreement, in force for tickets that are filed from that day on.

    Raises RefusedError when the team or supplier has one already, TermsError when the terms cannot be used.
    """
    with transaction() as session:
        customer = hold(customer_id, by)
        checked_terms(customer.id, terms, now)
        if starts_on < local_date(now, book_of(customer.id).zone):
            raise RefusedError(N_("En aftale kan tidligst gælde fra i dag."))
        _check_other_party(customer.id, kind, team_id, supplier_id)
        agreement = Agreement(
            customer_id=customer.id,
            kind=kind,
            name=_free_name(customer.id, name),
            team_id=team_id,
            supplier_id=supplier_id,
        )
        session.add(agreement)
        session.flush()
        _add_version(agreement, terms, starts_on, "", by, now)
        _record("agreement_added", agreement, by, now, starts_on=starts_on.isoformat(), terms=terms.write())
    return agreement


def change_agreement(
    agreement_id: int, *, name: str, terms: Terms, starts_on: date, note: str = "", by: Actor, now: datetime
) -> Agreement:
    """A new version from a day on; open tickets go over to it when that day comes.

    A version that is yet to begin on that day is replaced. Raises RefusedError for a day that has passed, or that
    already has a version in force.
    """
    with transaction() as session:
        agreement = hold_agreement(agreement_id, by)
        _check_alive(agreement)
        checked_terms(agreement.customer_id, terms, now)
        zone = book_of(agreement.customer_id).zone
        today = local_date(now, zone)
        same_day = session.scalar(select(AgreementVersion).filter_by(agreement_id=agreement.id, starts_on=starts_on))
        if starts_on < today or (same_day is not None and starts_on == today):
            raise RefusedError(N_("En ny udgave kan tidligst gælde fra i morgen, når der allerede er en fra i dag."))
        if same_day is not None:
            session.delete(same_day)
            session.flush()
        if name != agreement.name:
            agreement.name = _free_name(agreement.customer_id, name)
        agreement.is_example = False
        _add_version(agreement, terms, starts_on, note, by, now)
        told = {"starts_on": starts_on.isoformat(), "terms": terms.write(), "note": note}
        _record("agreement_changed", agreement, by, now, **told)
        runs_at = midnight(starts_on, zone)
        recalculate(agreement.customer_id, by=by, now=now, runs_at=runs_at, agreement_id=agreement.id)
    return agreement


def discard_version(version_id: int, *, by: Actor, now: datetime) -> Agreement:
    """Takes back a version that is yet to begin."""
    with transaction() as session:
        version = session.get(AgreementVersion, version_id)
        if version is None:
            raise NotFoundError
        agreement = hold_agreement(version.agreement_id, by)
        if version.starts_on <= local_date(now, book_of(agreement.customer_id).zone):
            raise ConflictError(N_("Udgaven gælder allerede og kan ikke fjernes. Lav en ny udgave i stedet."))
        session.delete(version)
        _record("agreement_version_discarded", agreement, by, now, starts_on=version.starts_on.isoformat())
    return agreement


def withdraw(agreement_id: int, *, by: Actor, now: datetime) -> int:
    """Ends it: nothing is promised any more, its clocks end as withdrawn, and nobody is told; answers how many tickets.

    What it came to before stays as it was.
    """
    with transaction():
        agreement = hold_agreement(agreement_id, by)
        _check_alive(agreement)
        agreement.withdrawn_at = now
        _record("agreement_withdrawn", agreement, by, now)
        db.session.flush()
        return following.withdraw(agreement, now)


def add_supplier(customer_id: int, *, name: str, by: Actor, now: datetime) -> Supplier:
    with transaction() as session:
        customer = hold(customer_id, by)
        kept = checked_name(name)
        if session.scalar(select(Supplier.id).filter_by(customer_id=customer.id, name=kept)) is not None:
            raise ConflictError(N_("Der er allerede en leverandør, som hedder “%(name)s”."), name=kept)
        supplier = Supplier(customer_id=customer.id, name=kept)
        session.add(supplier)
        session.flush()
        subject = ("supplier", supplier.id)
        audit.record("supplier_added", by=by, now=now, subject=subject, customer_id=customer.id, name=kept)
    return supplier


def change_supplier(supplier_id: int, *, name: str, is_active: bool, by: Actor, now: datetime) -> Supplier:
    with transaction() as session:
        supplier = session.get(Supplier, supplier_id)
        if supplier is None:
            raise NotFoundError
        hold(supplier.customer_id, by)
        session.refresh(supplier)
        before, kept = supplier.name, checked_name(name)
        same = select(Supplier.id).filter_by(customer_id=supplier.customer_id, name=kept)
        if kept != before and session.scalar(same) is not None:
            raise ConflictError(N_("Der er allerede en leverandør, som hedder “%(name)s”."), name=kept)
        supplier.name, supplier.is_active = kept, is_active
        facts = {"name": supplier.name, "before": before, "is_active": is_active}
        subject = ("supplier", supplier.id)
        audit.record("supplier_changed", by=by, now=now, subject=subject, customer_id=supplier.customer_id, **facts)
    return supplier


def checked_terms(customer_id: int, terms: Terms, now: datetime) -> None:
    """Raises TermsError when a calendar is missing or does not open within a year, or nothing is promised."""
    book = book_of(customer_id)
    for key in terms.calendar_keys():
        if key not in book.calendars:
            raise TermsError(N_("Vælg en kalender."))
        if not book.calendars[key].between(now, now + LONGEST_CLOSED):
            raise TermsError(N_("Kalenderen “%(name)s” åbner ikke det næste år."), name=book.names[key])
    if not any(goal.response or goal.resolution or goal.update for goal in terms.goals):
        raise TermsError(N_("Aftalen lover ingenting: skriv mindst ét servicemål."))
    for goal in terms.goals:
        _check_lasts(goal, terms, book.calendars, now)


def _check_lasts(goal: Any, terms: Terms, calendars: Any, now: datetime) -> None:
    """A promise that is kept in ten years is a mistake in the amount."""
    calendar = calendars[terms.calendar if goal.calendar is None else goal.calendar]
    for length in (goal.response, goal.resolution, goal.update):
        if length is None:
            continue
        due = calendar.add_days(now, length.days) if hasattr(length, "days") else calendar.add(now, length.amount)
        if due > now + timedelta(days=3653):
            raise TermsError(N_("Et servicemål er længere end ti år."))


def _check_alive(agreement: Agreement) -> None:
    if agreement.withdrawn_at is not None:
        raise ConflictError(N_("Aftalen er trukket tilbage."))


def _check_other_party(customer_id: int, kind: AgreementKind, team_id: int | None, supplier_id: int | None) -> None:
    """Internal agreements and contracts are with somebody of the same customer, who has no other."""
    if kind is AgreementKind.SERVICE:
        return
    if kind is AgreementKind.INTERNAL:
        party = db.session.get(Team, team_id) if team_id else None
        taken = select(Agreement.id).filter_by(team_id=team_id, withdrawn_at=None)
    else:
        party = db.session.get(Supplier, supplier_id) if supplier_id else None  # type: ignore[assignment]
        taken = select(Agreement.id).filter_by(supplier_id=supplier_id, withdrawn_at=None)
    if party is None or party.customer_id != customer_id:
        raise RefusedError(N_("Vælg, hvem aftalen er med."))
    if db.session.scalar(taken) is not None:
        raise ConflictError(N_("Der er allerede en aftale med “%(name)s”."), name=party.name)


def _add_version(agreement: Agreement, terms: Terms, starts_on: date, note: str, by: Actor, now: datetime) -> None:
    db.session.add(
        AgreementVersion(
            agreement_id=agreement.id,
            starts_on=starts_on,
            terms=terms.write(),
            note=note.strip()[:500],
            made_at=now,
            made_by_id=by.id,
        )
    )


def _free_name(customer_id: int, name: str) -> str:
    kept = checked_name(name)
    if db.session.scalar(select(Agreement.id).filter_by(customer_id=customer_id, name=kept)) is not None:
        raise ConflictError(N_("Der er allerede en aftale, som hedder “%(name)s”."), name=kept)
    return kept


def _record(action: str, agreement: Agreement, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("agreement", agreement.id)
    customer_id = agreement.customer_id
    audit.record(action, by=by, now=now, subject=subject, customer_id=customer_id, name=agreement.name, **facts)
