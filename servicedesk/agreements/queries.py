"""Reading agreements, always for a person."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Select, select

from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion, Recalculation, Supplier
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System

MANAGE = AgreementPermission.MANAGE


class Written(NamedTuple):
    """A version with who made it; nobody for an example's."""

    version: AgreementVersion
    by: str | None


def get_agreement(agreement_id: int, who: Actor) -> Agreement:
    query = select(Agreement).join(Unit, Unit.id == Agreement.customer_id)
    found = db.session.scalars(query.where(Agreement.id == agreement_id, granted(MANAGE, who))).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def get_supplier(supplier_id: int, who: Actor) -> Supplier:
    query = select(Supplier).join(Unit, Unit.id == Supplier.customer_id)
    found = db.session.scalars(query.where(Supplier.id == supplier_id, granted(MANAGE, who))).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def agreements(customer_id: int) -> list[Agreement]:
    """By name; the caller has been let in to the customer."""
    query = select(Agreement).filter_by(customer_id=customer_id)
    return in_order(db.session.scalars(query), lambda agreement: agreement.name)


def versions(agreement_id: int) -> list[Written]:
    """Latest first."""
    query = (
        select(AgreementVersion, Person.name)
        .outerjoin(Person, Person.id == AgreementVersion.made_by_id)
        .where(AgreementVersion.agreement_id == agreement_id)
        .order_by(AgreementVersion.starts_on.desc())
    )
    return [Written(version, name) for version, name in db.session.execute(query)]


def last_recalculation(agreement_id: int) -> Recalculation | None:
    """The one that was asked for last: how far the agreement's open tickets have been brought along."""
    query = select(Recalculation).filter_by(agreement_id=agreement_id).order_by(Recalculation.id.desc())
    return db.session.scalars(query.limit(1)).first()


def suppliers(customer_id: int) -> list[Supplier]:
    """Those in use first."""
    query = select(Supplier).filter_by(customer_id=customer_id)
    named = in_order(db.session.scalars(query), lambda supplier: supplier.name)
    return sorted(named, key=lambda supplier: not supplier.is_active)


def team_names(customer_id: int) -> Mapping[int, str]:
    """Every team, in use or not, by name."""
    query = select(Team.id, Team.name).where(Team.customer_id == customer_id)
    return _names(query)


def system_names(customer_id: int) -> Mapping[int, str]:
    """Every system, in use or not, by name."""
    query = select(System.id, System.name).where(System.customer_id == customer_id)
    return _names(query)


def parties(customer_id: int) -> dict[tuple[int | None, int | None], str]:
    """Who an agreement can be with, by its team and supplier."""
    found: dict[tuple[int | None, int | None], str] = {(None, one.id): one.name for one in suppliers(customer_id)}
    return found | {(id_, None): name for id_, name in team_names(customer_id).items()}


def free_parties(customer_id: int, kind: AgreementKind) -> list[tuple[int, str]]:
    """Teams or suppliers in use that have no such agreement yet."""
    if kind is AgreementKind.SERVICE:
        return []
    party, key = (Team, Agreement.team_id) if kind is AgreementKind.INTERNAL else (Supplier, Agreement.supplier_id)
    taken = select(key).where(key.is_not(None), Agreement.withdrawn_at.is_(None))
    query = select(party.id, party.name).where(
        party.customer_id == customer_id, party.is_active, party.id.not_in(taken)
    )
    return list(_names(query).items())


def _names(query: Select[int, str]) -> dict[int, str]:
    return dict(in_order(((id_, name) for id_, name in db.session.execute(query)), lambda row: row[1]))
