"""Asking for reports, ending them, and putting them in the post when a month is over.

What is put in the outbox says only which report of which month it is; `writing` makes it when it leaves, with what its
reader may see then (docs/adr, reports by mail).
"""

import secrets
from datetime import datetime

from sqlalchemy import func, select

from servicedesk.agreements.opening import is_open_at
from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.figures import commands as figures
from servicedesk.figures.rules import first_day, later, month_of
from servicedesk.figures.slices import Slice
from servicedesk.insight.models import Ending, ReportMail, ReportSubscription
from servicedesk.insight.reports import events, queries
from servicedesk.insight.reports.chosen import of_slice
from servicedesk.notifications.commands import News, add, tell
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Person

#: Nobody reads more every month.
MOST = 20
#: How often somebody may ask for the report of one month again.
MOST_ASKED = 10


def subscribe(
    slice_: Slice, *, has_pdf: bool, has_xlsx: bool, by: Actor, now: datetime
) -> tuple[ReportSubscription, bool]:
    """What the slice is narrowed to, each month, from the present one on; answers whether it is new.

    To the same as before it is another choice of files.
    """
    if not (has_pdf or has_xlsx):
        raise FieldRefusedError("files", N_("Vælg mindst én slags fil."))
    chosen = of_slice(slice_)
    with transaction():
        _hold(by)
        if not queries.may_look(by, slice_.customer_id):
            raise NotFoundError
        same = queries.find_same(by.id or 0, slice_.customer_id, chosen)
        if same is not None:
            changes = change(same, has_pdf=has_pdf, has_xlsx=has_xlsx)
            _record("report_changed", same, by, now, **changes)
            return same, False
        if queries.count_own(by) >= MOST:
            raise ConflictError(N_("Du får allerede %(most)s rapporter om måneden. Stop en af dem først."), most=MOST)
        row = ReportSubscription(
            person_id=by.id,
            customer_id=slice_.customer_id,
            chosen=chosen,
            has_pdf=has_pdf,
            has_xlsx=has_xlsx,
            made_at=now,
            next_month=month_of(now, clock.own_zone()),
        )
        db.session.add(row)
        db.session.flush()
        _record("report_subscribed", row, by, now, chosen=chosen)
    return row, True


def _hold(who: Actor) -> None:
    """Two taps at once do not become two subscriptions; raises RefusedError for whom no mail can reach."""
    query = select(Person.email).where(Person.id == who.id).with_for_update(key_share=True)
    if not db.session.scalar(query):
        raise RefusedError(N_("Du har ingen mailadresse her, så rapporten kan ikke sendes til dig."))


def end(subscription_id: int, *, by: Actor, now: datetime) -> None:
    with transaction():
        _end(queries.get(subscription_id, by), Ending.BY_HAND, by, now)


def end_by_mail(token: str, *, now: datetime) -> ReportSubscription:
    """By whoever holds the mail; pressing again changes nothing. Raises NotFoundError."""
    with transaction():
        row = queries.of_token(token)
        if row.ended_at is None:
            _end(row, Ending.BY_MAIL, SYSTEM, now)
    return row


def resume(token: str, *, now: datetime) -> ReportSubscription:
    """What was ended by the link of a mail goes on, unless the same was asked for anew meanwhile."""
    with transaction():
        row = queries.of_token(token)
        if row.ending is Ending.BY_MAIL and queries.find_same(row.person_id, row.customer_id, row.chosen) is None:
            row.ended_at = row.ending = None
            row.next_month = month_of(now, clock.own_zone())
            _record("report_resumed", row, SYSTEM, now)
    return row


def send_now(subscription_id: int, *, by: Actor, now: datetime) -> int:
    """The report of the last whole month, once more; answers the month."""
    with transaction():
        row = queries.get(subscription_id, by)
        _hold(by)
        month = later(month_of(now, clock.own_zone()), -1)
        asked = select(func.max(ReportMail.number)).where(
            ReportMail.subscription_id == row.id, ReportMail.month == month
        )
        number = (db.session.scalar(asked) or 0) + 1
        if number > MOST_ASKED:
            raise ConflictError(N_("Du har fået den %(most)s gange. Hent filerne på siden i stedet."), most=MOST_ASKED)
        _post(row, month, number, now)
    return month


# ------------------------------------------------------------------------------------------------ for the worker


def send_next(*, now: datetime) -> bool:
    """Sees to one subscription that is due, in the opening hours of its customer; answers whether there was one.

    The row for its month is written by the transaction that puts the mail in the outbox: its key decides between two
    workers, and a crash leaves both or neither.
    """
    this_month = month_of(now, clock.own_zone())
    due = [one for one in queries.customers_due(this_month) if is_open_at(one, now)]
    return any(_is_told(one, this_month) and _send_one(one, this_month, now) for one in due)


def _is_told(customer_id: int, this_month: int) -> bool:
    """Whether all that happened until the month was over stands in the figures."""
    begun = clock.day_begins(first_day(this_month))
    return queries.are_clocks_seen_to(customer_id, begun) and figures.catch_up()


def _send_one(customer_id: int, this_month: int, now: datetime) -> bool:
    with transaction():
        row = queries.next_due(customer_id, this_month)
        if row is None:
            return False
        if ending := _why_not(row, now):
            _end(row, ending, SYSTEM, now)
            _say_that_it_ended(row, ending, now)
        else:
            _post(row, later(this_month, -1), 0, now)
        row.next_month = this_month
    return True


def _why_not(row: ReportSubscription, now: datetime) -> Ending | None:
    who = load_actor(row.person_id, today=now.astimezone(clock.own_zone()).date())
    if who is None:
        return Ending.LEFT
    if not queries.may_look(who, row.customer_id):
        return Ending.NO_ACCESS
    return None if who.email else Ending.NO_MAILBOX


def _post(row: ReportSubscription, month: int, number: int, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    mail = ReportMail(subscription_id=row.id, month=month, number=number, at=now, digest=queries.digest(token))
    db.session.add(mail)
    db.session.flush()
    add(
        template=events.REPORT,
        person=db.session.get_one(Person, row.person_id),
        facts={"subscription": row.id, "month": month, "unsubscribe_url": f"/overview/reports/stop/{token}"},
        now=now,
        thread_id=f"report-{row.id}-{row.person_id}",
    )
    _record("report_posted", row, SYSTEM, now, month=month, number=number)


def _end(row: ReportSubscription, ending: Ending, by: Actor, now: datetime) -> None:
    row.ended_at, row.ending = now, ending
    _record("report_ended", row, by, now, ending=ending.value)


def _say_that_it_ended(row: ReportSubscription, ending: Ending, now: datetime) -> None:
    """Somebody who has left hears nothing: people who are not here any more are told of nothing."""
    thread = f"endedreport-{row.id}"
    news = News(
        event=events.ENDED,
        thread=thread,
        source=f"{thread}:{ending.value}",
        path="/me",
        customer_id=row.customer_id,
        template=events.ENDED,
        mail={"number": "", "subject": "", "url": "/me"},
    )
    tell(news, [row.person_id], by=SYSTEM, now=now)


def _record(action: str, row: ReportSubscription, by: Actor, now: datetime, **facts: object) -> None:
    told = {"person": row.person_id, **facts}
    audit.record(action, by=by, now=now, subject=("report", row.id), customer_id=row.customer_id, **told)
