"""Looking, some weeks after a visit, at how it went."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.competence import effects, events
from servicedesk.competence.models import FollowUp, Visit, VisitPerson
from servicedesk.competence.rules import VisitState
from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.models import Unit


def follow_up_next(*, now: datetime) -> bool:
    """Does the next one that is due; False when there is none.

    Figures, the mark that it was done and what people are told are saved together: a crash neither loses one nor
    repeats it, and two workers take different ones.
    """
    today = now.astimezone(own_zone()).date()
    due = (
        select(FollowUp)
        .where(FollowUp.due_on <= today, FollowUp.done_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.visit_id, FollowUp.weeks)
        .limit(1)
        .with_for_update(skip_locked=True, of=FollowUp)
    )
    with transaction() as session:
        row = session.scalar(due.execution_options(populate_existing=True))
        if row is None:
            return False
        visit = session.get_one(Visit, row.visit_id)
        row.done_at = now
        if visit.state is VisitState.HELD:
            path = session.get_one(Unit, visit.unit_id).path
            # As it was on the day, however late the worker comes.
            row.told = effects.of_visit(visit, path, row.due_on).kept()
            _tell(visit, row, now)
            subject = ("visit", visit.id)
            facts = {"weeks": row.weeks, **row.told}
            audit.record(
                "visit_followed_up", by=SYSTEM, now=now, subject=subject, customer_id=visit.customer_id, **facts
            )
    return True


def _tell(visit: Visit, row: FollowUp, now: datetime) -> None:
    """Those who went there, and who planned it."""
    thread, path = f"visit-{visit.id}", f"/competence/visits/{visit.id}"
    facts = {"weeks": row.weeks}
    unit = db.session.get_one(Unit, visit.unit_id).name
    news = News(
        event=events.FOLLOWED_UP,
        thread=thread,
        source=f"{thread}:{row.weeks}",
        path=path,
        customer_id=visit.customer_id,
        facts=facts,
        template=events.FOLLOWED_UP,
        mail={**facts, "number": unit, "subject": unit, "url": path, **(row.told or {})},
    )
    went = db.session.scalars(select(VisitPerson.person_id).where(VisitPerson.visit_id == visit.id))
    tell(news, {visit.by_id, *went}, by=SYSTEM, now=now)
