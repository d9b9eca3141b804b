"""How a customer wants its desk to work."""

from datetime import datetime

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import change, hold
from servicedesk.organisation.models import CustomerSettings
from servicedesk.organisation.policy import UnitPermission

#: No hour of work costs more.
MOST_KRONER = 10_000


def change_settings(
    customer_id: int,
    *,
    counts_minutes: bool,
    kept_goal: int | None = None,
    hourly_rate: int | None = None,
    by: Actor,
    now: datetime,
) -> CustomerSettings:
    """Raises RefusedError for a goal that is no share, or for a rate that nobody takes."""
    if kept_goal is not None and not 1 <= kept_goal <= 100:
        raise RefusedError(N_("Målet er en andel fra 1 til 100 procent."))
    if hourly_rate is not None and not 0 <= hourly_rate <= MOST_KRONER:
        raise RefusedError(N_("Timeprisen er et helt tal kroner fra 0 til 10.000."))
    with transaction() as session:
        customer = queries.get_unit(customer_id, by, UnitPermission.SET_UP_DESK)
        hold(customer.id)
        settings = session.get(CustomerSettings, customer.id) or CustomerSettings(
            customer_id=customer.id, counts_minutes=False
        )
        session.add(settings)
        if changes := change(settings, counts_minutes=counts_minutes, kept_goal=kept_goal, hourly_rate=hourly_rate):
            subject = ("unit", customer.id)
            audit.record(
                "settings_changed",
                by=by,
                now=now,
                subject=subject,
                customer_id=customer.id,
                name=customer.name,
                changes=changes,
            )
    return settings
