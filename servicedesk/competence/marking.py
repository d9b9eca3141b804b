"""The queue narrowed to the tickets about a topic."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select

from servicedesk.competence import topics
from servicedesk.competence.models import TicketTopic, Topic
from servicedesk.tickets import marks
from servicedesk.tickets.models import Ticket


def _about(ids: Collection[int]) -> ColumnElement[bool]:
    """The topic itself, or what it was merged into; of tickets that are still about its system."""
    meant = select(func.coalesce(Topic.merged_into_id, Topic.id)).where(Topic.id.in_(ids))
    query = select(TicketTopic.ticket_id).join(Topic, Topic.id == TicketTopic.topic_id)
    return Ticket.id.in_(query.where(TicketTopic.topic_id.in_(meant), Topic.system_id == Ticket.system_id))


marks.declare("topic", marks.Kind(_about, topics.names))
