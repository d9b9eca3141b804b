"""Networks, always for a person: a fixed number of queries however many members and meetings there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere.models import Appointment
from servicedesk.superbrugere.networks.models import Coming, Meeting, MeetingAnswer, Network, NetworkMail, NetworkMember
from servicedesk.superbrugere.networks.policy import NetworkPermission, is_meant_by_rule

#: What a page shows of each; the newest.
MOST_MAILS = 50
MOST_MEETINGS = 50
#: A calendar keeps what is over so long, and so what was called off is taken out of it.
IN_CALENDAR = timedelta(days=60)


class Member(NamedTuple):
    """Somebody in a network."""

    id: int
    name: str
    email: str | None
    unit: str
    #: By hand; else the rule means him or her.
    is_added: bool


@dataclass(frozen=True)
class Summary:
    """A network as a line of a list."""

    network: Network
    members: int
    next_meeting: Meeting | None


class Answered(NamedTuple):
    """What a member has answered to an invitation."""

    name: str
    answer: Coming


def get(network_id: int, who: Actor, permission: NetworkPermission = NetworkPermission.READ) -> Network:
    """With its coordinator and system; raises NotFoundError."""
    query = select(Network).where(Network.id == network_id, granted(permission, who))
    found = db.session.scalar(query.options(joinedload(Network.coordinator), joinedload(Network.system)))
    if found is None:
        raise NotFoundError
    return found


def may(network: Network, who: Actor, permission: NetworkPermission) -> bool:
    query = select(Network.id).where(Network.id == network.id, granted(permission, who))
    return db.session.scalar(query) is not None


def listed(who: Actor, now: datetime, *, customer_id: int | None = None) -> list[Summary]:
    """Those that `who` may see, by name, the closed ones last; four queries."""
    query = select(Network).where(granted(NetworkPermission.READ, who))
    query = query.options(joinedload(Network.coordinator), joinedload(Network.system))
    if customer_id is not None:
        query = query.where(Network.customer_id == customer_id)
    found = in_order(db.session.scalars(query), lambda one: one.name)
    ids = [one.id for one in found]
    people, coming = members_of(ids), _next_meetings(ids, now)
    lines = [Summary(one, len(people[one.id]), coming.get(one.id)) for one in found]
    return sorted(lines, key=lambda one: one.network.closed_at is not None)


def members(network: Network) -> list[Member]:
    """By name; of a network that the caller has been let in to see."""
    return members_of([network.id])[network.id]


def members_of(ids: Collection[int]) -> dict[int, list[Member]]:
    """Two queries; each person once."""
    found: dict[int, dict[int, Member]] = {id_: {} for id_ in ids}
    if ids:
        for is_added, query in ((True, _added()), (False, _meant())):
            for network_id, id_, name, email, unit in db.session.execute(query.where(Network.id.in_(ids))):
                found[network_id].setdefault(id_, Member(id_, name, email, unit, is_added))
    return {id_: in_order(people.values(), lambda one: one.name) for id_, people in found.items()}


_TOLD = (Network.id, Person.id, Person.name, Person.email, Unit.name)


def _added() -> Select[*tuple[Any, ...]]:
    query = select(*_TOLD).select_from(Network).join(NetworkMember, NetworkMember.network_id == Network.id)
    return _active(query.join(Person, Person.id == NetworkMember.person_id))


def _meant() -> Select[*tuple[Any, ...]]:
    query = select(*_TOLD).select_from(Network).join(Appointment, is_meant_by_rule())
    return _active(query.join(Person, Person.id == Appointment.person_id))


def _active(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.join(Unit, Unit.id == Person.unit_id).where(Person.is_active)


def mails(network: Network) -> Sequence[NetworkMail]:
    """What was written to all, the newest first."""
    query = select(NetworkMail).where(NetworkMail.network_id == network.id).options(joinedload(NetworkMail.by))
    return db.session.scalars(query.order_by(NetworkMail.id.desc()).limit(MOST_MAILS)).all()


# ------------------------------------------------------------------------------------------------ meetings


def get_meeting(meeting_id: int, who: Actor, permission: NetworkPermission = NetworkPermission.READ) -> Meeting:
    """With its network; raises NotFoundError."""
    query = select(Meeting).join(Network, Network.id == Meeting.network_id)
    query = query.where(Meeting.id == meeting_id, granted(permission, who))
    query = query.options(contains_eager(Meeting.network)).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def meetings(network: Network, now: datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Those to come, the next first, and those that are over or called off, the newest first."""
    query = select(Meeting).where(Meeting.network_id == network.id).order_by(Meeting.starts_at.desc())
    found = db.session.scalars(query.limit(MOST_MEETINGS)).all()
    coming = [one for one in found if one.ends_at > now and one.cancelled_at is None]
    return coming[::-1], [one for one in found if one not in coming]


def answers(meeting: Meeting) -> list[Answered]:
    query = select(Person.name, MeetingAnswer.answer).join(Person, Person.id == MeetingAnswer.person_id)
    rows = db.session.execute(query.where(MeetingAnswer.meeting_id == meeting.id, Person.is_active))
    return in_order((Answered(*row) for row in rows), lambda one: one.name)


def own_answers(ids: Collection[int], who: Actor) -> dict[int, Coming]:
    query = select(MeetingAnswer.meeting_id, MeetingAnswer.answer).where(MeetingAnswer.person_id == who.id)
    rows = db.session.execute(query.where(MeetingAnswer.meeting_id.in_(ids))) if ids else ()
    return {row.meeting_id: row.answer for row in rows}


def in_calendar(who: Actor, now: datetime) -> Sequence[Meeting]:
    """For a calendar that `who` subscribes to: meetings of the own networks, those called off among them."""
    query = select(Meeting).join(Network, Network.id == Meeting.network_id)
    query = query.where(granted(NetworkPermission.READ, who), Meeting.ends_at > now - IN_CALENDAR)
    return db.session.scalars(query.options(contains_eager(Meeting.network)).order_by(Meeting.starts_at)).all()


def _next_meetings(ids: Collection[int], now: datetime) -> dict[int, Meeting]:
    if not ids:
        return {}
    to_come = and_(Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
    query = select(Meeting).where(Meeting.network_id.in_(ids), to_come).order_by(Meeting.starts_at.desc())
    return {one.network_id: one for one in db.session.scalars(query)}
