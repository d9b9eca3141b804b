"""How a customer asks."""

from datetime import datetime

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError, change, hold
from servicedesk.surveys.models import RatingSettings
from servicedesk.surveys.queries.settings import Asking, get_customer


def change_asking(customer_id: int, asking: Asking, *, by: Actor, now: datetime) -> None:
    """The fewest answers told of are only ever raised, and what has been told stays as it is."""
    with transaction() as session:
        customer = get_customer(customer_id, by)
        hold(customer.id)
        row = session.get(RatingSettings, customer.id)
        if row is None:
            row = RatingSettings(customer_id=customer.id, **Asking()._asdict())
            session.add(row)
        _check(asking, row.least)
        if changes := change(row, **asking._asdict()):
            facts = {"name": customer.name, "changes": changes}
            subject = ("unit", customer.id)
            audit.record("asking_changed", by=by, now=now, subject=subject, customer_id=customer.id, **facts)


def _check(asking: Asking, least: int) -> None:
    if not 0 <= asking.share <= 100:
        raise FieldRefusedError("share", N_("Skriv et tal fra 0 til 100."))
    if asking.least < least:
        raise FieldRefusedError("least", N_("Grænsen kan kun hæves. Den er %(least)s nu."), least=least)
    if asking.least > 1_000:
        raise FieldRefusedError("least", N_("Skriv et tal, der er højst 1000."))
    if not 1 <= asking.follow_up_days <= 20:
        raise FieldRefusedError("follow_up_days", N_("Skriv et tal fra 1 til 20."))
