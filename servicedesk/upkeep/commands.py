"""What an installation needs before anybody can use it. Each step is safe to repeat: what is there already stays."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from servicedesk.agreements import commands as agreements
from servicedesk.agreements.models import Agreement
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.organisation import commands as organisation
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.signin import commands as signin

FIRST_LINE = "Servicedesk"
CLOSED = "Sikkerhed og persondata"


class Step(NamedTuple):
    """What a step came to: something by its name, and whether it was made just now."""

    name: str
    is_new: bool


def set_up_customer(name: str, *, now: datetime) -> Step:
    """The organisation; the first one, when there are several."""
    with transaction():
        there = _first_customer()
        made = there or organisation.add_customer(name=name, by=SYSTEM, now=now)
    return Step(made.name, there is None)


def set_up_teams(*, now: datetime) -> list[Step]:
    """The team that new tickets come to, and the closed one for what not everybody may see."""
    with transaction():
        customer = _first_customer()
        assert customer is not None
        return [
            _team(customer, FIRST_LINE, now, is_first_line=True),
            _team(customer, CLOSED, now, receives_confidential=True, receives_security=True),
        ]


def set_up_agreement(*, now: datetime) -> Step:
    """Calendars and an agreement that the customer can change, where nothing is agreed yet."""
    with transaction():
        customer = _first_customer()
        assert customer is not None
        query = select(Agreement.name).where(Agreement.customer_id == customer.id).order_by(Agreement.id)
        there = db.session.scalar(query.limit(1))
        name = there or agreements.give_example(customer.id, by=SYSTEM, now=now).name
    return Step(name, there is None)


def _first_customer() -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()


def _team(customer: Unit, name: str, now: datetime, **duties: Any) -> Step:
    """A team with these duties, unless another one has them, whatever its name."""
    query = select(Team.name).where(Team.customer_id == customer.id, Team.is_active)
    query = query.where(*(getattr(Team, duty).is_(True) for duty in duties))
    there = db.session.scalar(query.order_by(Team.id).limit(1))
    if there is None:
        organisation.add_team(customer_id=customer.id, name=name, by=SYSTEM, now=now, **duties)
    return Step(there or name, there is None)


def set_up_administrator(*, name: str, initials: str, email: str | None, today: date, now: datetime) -> Person:
    """Somebody who may do everything, in the first organisation."""
    with transaction():
        customer = _first_customer()
        assert customer is not None
        return organisation.first_administrator(
            organisation=customer.name, name=name, initials=initials, email=email, today=today, now=now
        )


def let_in(person: Person, password: str, *, now: datetime) -> str:
    """Lets the person sign in, and answers by which name; raises PasswordRefusedError."""
    return signin.give_identity(person.id, by=SYSTEM, now=now, password=password).subject
