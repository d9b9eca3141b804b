"""What there can be of people's data: an erasure under way, and something that is held back."""

from servicedesk.core import clock
from servicedesk.organisation.models import Person, Unit
from servicedesk.privacy.models import Erasure, LegalHold
from tests.desk import Desk


def guarded(desk: Desk, customer: Unit, by: Person | None = None) -> dict[str, int]:
    """Of two people who have no other part in this."""
    gone, kept = (desk.person(unit=customer, is_active=False) for _ in range(2))
    about = {"customer_id": customer.id, "placed_at": clock.now(), "placed_by_id": (by or kept).id}
    erasure = desk.add(Erasure(customer_id=customer.id, person_id=gone.id, asked_at=clock.now(), total=40, done=12))
    held = desk.add(LegalHold(**about, person_id=kept.id, reason="Klage"))
    return {"erasure_id": erasure.id, "hold_id": held.id}
