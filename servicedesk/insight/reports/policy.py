"""Whose subscriptions a person may know of and end."""

from sqlalchemy import ColumnElement, false, select

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, declare, granted
from servicedesk.insight.models import ReportSubscription
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.organisation.models import Unit


class ReportPermission(Permission):
    """On a subscription to a report."""

    #: To change it, to end it, to have it sent now.
    KEEP = "keep"
    #: To know that somebody has it.
    SEE = "see"


def is_subscriber(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else ReportSubscription.person_id == who.id


def runs_its_customer(who: Actor) -> ColumnElement[bool]:
    """Whoever answers for the figures as a whole may know whose mailbox they go to."""
    return ReportSubscription.customer_id.in_(select(Unit.id).where(granted(OverviewPermission.RUN, who)))


declare({ReportPermission.KEEP: [[is_subscriber]], ReportPermission.SEE: [[is_subscriber], [runs_its_customer]]})
