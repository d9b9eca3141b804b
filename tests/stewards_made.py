"""Reviews for tests, signed by the command that owners sign by; waiting for a supplier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.stewardship import reviews
from servicedesk.stewardship.checklist import Answer, Point, said_of
from servicedesk.stewardship.models import Review

if TYPE_CHECKING:
    from servicedesk.systems.models import System
    from tests.desk import Desk, Someone


def make_review(desk: Desk, system: System, by: Someone, *, note: str = "") -> int:
    """A signed one, whoever signs; with a note something is said to be wrong."""
    who, now = desk.actor(by), clock.now()
    assert who.id is not None
    answers = {point.value: Answer.RIGHT.value for point in Point}
    if note:
        answers[Point.UNITS.value] = Answer.WRONG.value
    with desk.writing() as session:
        said = said_of(session.get_one(type(system), system.id), now.date(), now)
        row = Review(
            system_id=system.id,
            customer_id=system.customer_id,
            signed_by_id=who.id,
            signed_name=who.name,
            signed_at=now,
            answers=answers,
            note=note,
            snapshot=reviews.as_kept(said),
        )
        session.add(row)
        session.flush()
        return row.id
