"""Making networks, writing to them, and calling, changing and calling off their meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.notifications.commands import News, tell_all
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.texts import line, text_of
from servicedesk.superbrugere.networks import calendar_file, events, queries
from servicedesk.superbrugere.networks.models import (
    Coming,
    Meeting,
    MeetingAnswer,
    Network,
    NetworkMail,
    NetworkMember,
)
from servicedesk.superbrugere.networks.policy import NetworkPermission
from servicedesk.superbrugere.networks.queries import Member
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.systems.models import System

MOST_NAME = 100
MOST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True)
class NetworkTerms:
    """What a network is, and whom its rule means."""

    name: str
    about: str = ""
    system_id: int | None = None
    kind: AppointmentKind | None = None
    coordinator_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingTerms:
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    agenda: str = ""


def make_network(customer_id: int, terms: NetworkTerms, *, by: Actor, now: datetime) -> Network:
    """Raises NotFoundError for a customer that is not the person's to run, FieldRefusedError for bad terms."""
    with transaction() as session:
        query = select(Unit.id).where(Unit.id == customer_id, granted(CorpsPermission.MANAGE, by))
        if session.scalar(query.with_for_update()) is None:
            raise NotFoundError
        network = Network(customer_id=customer_id, made_at=now, **_checked(terms, customer_id, None))
        session.add(network)
        session.flush()
        _record("network_made", network, by, now)
    return network


def change_network(network_id: int, terms: NetworkTerms, *, seen: int | None, by: Actor, now: datetime) -> Network:
    """Raises ConflictError when somebody changed it meanwhile."""
    with transaction():
        network = _held(network_id, by, NetworkPermission.MANAGE)
        if seen is not None and seen != network.version:
            raise ConflictError(N_("Netværket er ændret, siden du åbnede det. Se det igen, og ret så."))
        for name, value in _checked(terms, network.customer_id, network.id).items():
            setattr(network, name, value)
        network.version += 1
        _record("network_changed", network, by, now)
    return network


def set_closed(network_id: int, is_closed: bool, *, by: Actor, now: datetime) -> None:
    """Nobody is written to any more, or it goes on; said again, nothing happens."""
    with transaction():
        network = _held(network_id, by, NetworkPermission.MANAGE)
        if (network.closed_at is not None) != is_closed:
            network.closed_at = now if is_closed else None
            _record("network_closed" if is_closed else "network_opened", network, by, now)


def add_member(network_id: int, person_id: int, *, by: Actor, now: datetime) -> None:
    """Beside those whom the rule means; said again, nothing happens."""
    with transaction() as session:
        network = _held(network_id, by, NetworkPermission.MANAGE)
        person = session.get(Person, person_id)
        if person is None or not person.is_active or person.customer_id != network.customer_id:
            raise FieldRefusedError("person", N_("Vælg en kollega i samme organisation."))
        if session.get(NetworkMember, (network.id, person.id)) is None:
            session.add(NetworkMember(network_id=network.id, person_id=person.id, at=now))
            _record("network_member_added", network, by, now, person_id=person.id)


def remove_member(network_id: int, person_id: int, *, by: Actor, now: datetime) -> None:
    """Takes out somebody who was added; whom the rule means stays."""
    with transaction() as session:
        network = _held(network_id, by, NetworkPermission.MANAGE)
        member = session.get(NetworkMember, (network.id, person_id))
        if member is not None:
            session.delete(member)
            _record("network_member_removed", network, by, now, person_id=person_id)


def write(network_id: int, *, subject: str, body: str, form_id: str, by: Actor, now: datetime) -> NetworkMail:
    """One mail to each member, but to the writer; the same form sent again writes nothing more."""
    with transaction() as session:
        network = _held(network_id, by, NetworkPermission.COORDINATE)
        key = f"{by.id}:{form_id or token_hex(16)}"
        sent = session.scalar(select(NetworkMail).where(NetworkMail.form_id == key))
        if sent is not None:
            return sent
        said = {"subject": line(subject, "subject"), "body": text_of(body, "body", MOST_TEXT)}
        members = [one for one in queries.members(network) if one.id != by.id]
        if not members:
            raise FieldRefusedError("body", N_("Der er ingen andre i netværket at skrive til."))
        mail = NetworkMail(network_id=network.id, form_id=key, at=now, by_id=by.id, receivers=len(members), **said)
        session.add(mail)
        session.flush()
        _record("network_written_to", network, by, now, receivers=len(members))
        about = {"number": network.name, "url": f"/superbrugere/networks/{network.id}", **said, "by": by.name}
        news = _news(network, events.WRITTEN, f"mail-{mail.id}", {"by": by.name}, about)
        tell_all([(news, [one.id for one in members])], by=by, now=now)
    return mail


# ------------------------------------------------------------------------------------------------ meetings


def call_meeting(network_id: int, terms: MeetingTerms, *, by: Actor, now: datetime) -> Meeting:
    with transaction() as session:
        network = _held(network_id, by, NetworkPermission.COORDINATE)
        meeting = Meeting(
            network_id=network.id, uid=token_hex(16), by_id=by.id, made_at=now, changed_at=now, **_meeting(terms, now)
        )
        session.add(meeting)
        session.flush()
        _record("network_meeting_called", network, by, now, meeting_id=meeting.id)
        _invite(network, meeting, "called", by, now)
    return meeting


def change_meeting(
    meeting_id: int, terms: MeetingTerms, *, seen: int | None = None, by: Actor, now: datetime
) -> Meeting:
    """Calendars get it anew under the same UID; when it is at another time, the answers are asked for again."""
    with transaction() as session:
        network, meeting = _held_meeting(meeting_id, by)
        if seen is not None and seen != meeting.sequence:
            raise ConflictError(N_("Mødet er ændret, siden du åbnede det. Se det igen, og ret så."))
        values = _meeting(terms, now)
        if all(getattr(meeting, name) == value for name, value in values.items()):
            return meeting
        if (meeting.starts_at, meeting.ends_at) != (terms.starts_at, terms.ends_at):
            for answer in session.scalars(select(MeetingAnswer).where(MeetingAnswer.meeting_id == meeting.id)):
                session.delete(answer)
        for name, value in values.items():
            setattr(meeting, name, value)
        _move_on(meeting, now)
        _record("network_meeting_changed", network, by, now, meeting_id=meeting.id)
        _invite(network, meeting, "changed", by, now)
    return meeting


def call_off(meeting_id: int, *, by: Actor, now: datetime) -> Meeting:
    with transaction():
        network, meeting = _held_meeting(meeting_id, by)
        meeting.cancelled_at = now
        _move_on(meeting, now)
        _record("network_meeting_called_off", network, by, now, meeting_id=meeting.id)
        _invite(network, meeting, "called_off", by, now)
    return meeting


def answer(meeting_id: int, coming: Coming, *, by: Actor, now: datetime) -> Meeting:
    """The newest word counts. Raises NotFoundError, and ConflictError once it is over or called off."""
    with transaction() as session:
        meeting = queries.get_meeting(meeting_id, by)
        if meeting.cancelled_at is not None or meeting.ends_at <= now:
            raise ConflictError(N_("Mødet er aflyst eller holdt."))
        session.merge(MeetingAnswer(meeting_id=meeting.id, person_id=by.id, answer=coming, at=now))
    return meeting


def _held_meeting(meeting_id: int, by: Actor) -> tuple[Network, Meeting]:
    meeting = queries.get_meeting(meeting_id, by, NetworkPermission.COORDINATE)
    network = _held(meeting.network_id, by, NetworkPermission.COORDINATE)
    db.session.refresh(meeting, with_for_update=True)
    if meeting.cancelled_at is not None:
        raise ConflictError(N_("Mødet er aflyst. Indkald til et nyt."))
    return network, meeting


def _move_on(meeting: Meeting, now: datetime) -> None:
    meeting.sequence += 1
    meeting.changed_at = now


def _invite(network: Network, meeting: Meeting, what: str, by: Actor, now: datetime) -> None:
    """Each member's own invitation, so that a calendar can answer it."""
    members = queries.members(network)
    organiser = _organiser(network, by)
    source = f"meeting-{meeting.id}:{meeting.sequence}"
    said = {
        "what": what,
        "number": network.name,
        "subject": meeting.title,
        "place": meeting.place,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "body": meeting.agenda,
        "url": f"/superbrugere/meetings/{meeting.id}",
    }
    tell_all(_invitations(network, meeting, members, organiser, source, said), by=by, now=now)


def _invitations(
    network: Network,
    meeting: Meeting,
    members: Iterable[Member],
    organiser: tuple[str, str] | None,
    source: str,
    said: dict[str, Any],
) -> Iterable[tuple[News, list[int]]]:
    for one in members:
        mail = dict(said)
        if one.email:
            to = (one.name, one.email)
            mail["calendar"] = calendar_file.invitation(meeting, organiser=organiser, to=to)
        yield _news(network, events.MEETING, source, {"what": said["what"]}, mail, said["url"]), [one.id]


def _organiser(network: Network, by: Actor) -> tuple[str, str] | None:
    """Who gets the answers that calendars send: the coordinator, else whoever called it."""
    person = db.session.get(Person, network.coordinator_id or by.id or 0)
    return (person.name, person.email) if person is not None and person.is_active and person.email else None


def _news(
    network: Network, event: str, source: str, facts: dict[str, Any], mail: dict[str, Any], path: str | None = None
) -> News:
    return News(
        event=event,
        thread=f"network-{network.id}",
        source=f"network-{network.id}:{source}",
        path=path or f"/superbrugere/networks/{network.id}",
        customer_id=network.customer_id,
        facts=facts,
        template=event,
        mail=mail,
    )


# ------------------------------------------------------------------------------------------------ checking


def _held(network_id: int, by: Actor, permission: NetworkPermission) -> Network:
    query = select(Network).where(Network.id == network_id, granted(permission, by))
    query = query.with_for_update(of=Network).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _checked(terms: NetworkTerms, customer_id: int, own_id: int | None) -> dict[str, Any]:
    name = line(terms.name, "name", MOST_NAME)
    same = select(Network.id).where(Network.customer_id == customer_id, Network.name == name)
    if own_id is not None:
        same = same.where(Network.id != own_id)
    if db.session.scalar(same) is not None:
        raise FieldRefusedError("name", N_("Et andet netværk hedder det allerede."))
    system = db.session.get(System, terms.system_id) if terms.system_id is not None else None
    if terms.system_id is not None and (system is None or system.customer_id != customer_id):
        raise FieldRefusedError("system_id", N_("Vælg et system fra listen."))
    person = db.session.get(Person, terms.coordinator_id) if terms.coordinator_id is not None else None
    is_fit = person is not None and person.is_active and person.customer_id == customer_id
    if terms.coordinator_id is not None and not is_fit:
        raise FieldRefusedError("coordinator", N_("Vælg en kollega i samme organisation."))
    return {
        "name": name,
        "about": text_of(terms.about, "about", MOST_TEXT, is_needed=False),
        "system_id": terms.system_id,
        "kind": terms.kind,
        "coordinator_id": terms.coordinator_id,
    }


def _meeting(terms: MeetingTerms, now: datetime) -> dict[str, Any]:
    if terms.ends_at <= terms.starts_at:
        raise FieldRefusedError("ends", N_("Mødet slutter, før det begynder."))
    if terms.ends_at <= now:
        raise FieldRefusedError("starts", N_("Mødet ligger i fortiden."))
    return {
        "title": line(terms.title, "title"),
        "place": line(terms.place, "place", is_needed=False),
        "agenda": text_of(terms.agenda, "agenda", MOST_TEXT, is_needed=False),
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
    }


def _record(action: str, network: Network, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("network", network.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=network.customer_id, name=network.name, **facts)
