"""How a customer wants its desk to work."""

from datetime import datetime

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.organisation import queries
from servicedesk.organisation.changes import change, hold
from servicedesk.organisation.models import CustomerSettings
from servicedesk.organisation.policy import UnitPermission


def change_settings(customer_id: int, *, counts_minutes: bool, by: Actor, now: datetime) -> CustomerSettings:
    with transaction() as session:
        customer = queries.get_unit(customer_id, by, UnitPermission.SET_UP_DESK)
        hold(customer.id)
        settings = session.get(CustomerSettings, customer.id) or CustomerSettings(
            customer_id=customer.id, counts_minutes=False
        )
        session.add(settings)
        if changes := change(settings, counts_minutes=counts_minutes):
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
