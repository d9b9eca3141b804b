"""Taking hold of a customer's agreements, so that one changes them at a time and everybody reads them anew."""

from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from sqlalchemy import select

from servicedesk.agreements.book import is_changing
from servicedesk.agreements.models import Agreement, Ledger, OpeningHours, Recalculation
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, NotFoundError, RefusedError
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import get_unit

MAX_NAME = 120


def hold(customer_id: int, by: Actor) -> Unit:
    """The customer, whose agreements nobody else changes until the transaction ends; raises NotFoundError."""
    customer = get_unit(customer_id, by, AgreementPermission.MANAGE)
    ledger = db.session.scalar(select(Ledger).where(Ledger.customer_id == customer.id).with_for_update())
    if ledger is None:
        db.session.add(Ledger(customer_id=customer.id, revision=token_hex(8)))
        db.session.flush()
    else:
        ledger.revision = token_hex(8)
    is_changing(customer.id)
    return customer


def hold_hours(hours_id: int, by: Actor) -> OpeningHours:
    """The calendar, held; raises NotFoundError."""
    hours = db.session.get(OpeningHours, hours_id)
    if hours is None:
        raise NotFoundError
    hold(hours.customer_id, by)
    db.session.refresh(hours)
    return hours


def hold_agreement(agreement_id: int, by: Actor) -> Agreement:
    """The agreement, held; raises NotFoundError."""
    agreement = db.session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFoundError
    hold(agreement.customer_id, by)
    db.session.refresh(agreement)
    return agreement


def checked_name(name: str) -> str:
    """Raises RefusedError when there is none or it is too long."""
    kept = " ".join(name.split())
    if not kept or len(kept) > MAX_NAME:
        raise RefusedError(N_("Skriv et navn på højst %(most)s tegn."), most=MAX_NAME)
    return kept


def midnight(on: date, zone: str) -> datetime:
    """The first instant of a local date."""
    if on == date.min:
        return datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


def recalculate(
    customer_id: int,
    *,
    by: Actor,
    now: datetime,
    runs_at: datetime | None = None,
    agreement_id: int | None = None,
    hours_id: int | None = None,
) -> None:
    """Open tickets' clocks are to be looked at again: now, or when the change begins to hold."""
    db.session.add(
        Recalculation(
            customer_id=customer_id,
            agreement_id=agreement_id,
            hours_id=hours_id,
            made_at=now,
            made_by_id=by.id,
            runs_at=max(now, runs_at or now),
            looked_at=0,
            changed=0,
            done_to=0,
        )
    )
