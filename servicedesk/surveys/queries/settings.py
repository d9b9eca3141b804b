"""How customers ask."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.surveys.models import RatingSettings
from servicedesk.surveys.policy import AskingPermission
from servicedesk.surveys.rules import FEWEST


class Asking(NamedTuple):
    """How a customer asks: the share of tickets, the fewest answers told of, and working days to follow up."""

    share: int = 100
    least: int = FEWEST
    follow_up_days: int = 2


def settings_of(customer_id: int) -> Asking:
    row = db.session.get(RatingSettings, customer_id)
    return Asking() if row is None else Asking(row.share, row.least, row.follow_up_days)


def customers(who: Actor) -> Sequence[Unit]:
    """Those whose way of asking `who` decides."""
    return in_order(db.session.scalars(select(Unit).where(granted(AskingPermission.SET, who))), lambda unit: unit.name)


def get_customer(customer_id: int, who: Actor) -> Unit:
    query = select(Unit).where(Unit.id == customer_id, granted(AskingPermission.SET, who))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found
