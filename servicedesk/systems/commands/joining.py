"""What people say for themselves: that they notice a disturbance too, and which systems they want to hear of."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.organisation.models import Person
from servicedesk.systems import queries
from servicedesk.systems.models import Disturbance, MeToo, System, SystemFollower
from servicedesk.systems.policy import SystemPermission


def join_disturbance(id_: int, *, by: Actor, now: datetime) -> Disturbance:
    """The person notices it, too, and hears how it goes; said again, nothing happens.

    The row is held until it is saved, so that nobody joins what was ended at the same moment and never hears of it.
    """
    with transaction():
        row = queries.get_disturbance(id_, by, lock=True)
        if not row.can_be_joined(now):
            raise ConflictError(N_("Den er ikke i gang længere. Oplever du det stadig, så meld en fejl."))
        add_affected(row, [by.id] if by.id is not None else [], by=by, now=now)
    return row


def leave_disturbance(id_: int, *, by: Actor, now: datetime) -> Disturbance:
    """The person does not notice it after all, and hears no more of it; said again, nothing happens."""
    with transaction() as session:
        row = queries.get_disturbance(id_, by, lock=True)
        gone = delete(MeToo).where(MeToo.disturbance_id == row.id, MeToo.person_id == by.id).returning(MeToo.person_id)
        if session.scalars(gone).all():
            _record_on("disturbance_left", row, by, now)
    return row


def add_affected(row: Disturbance, ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """Those who are not there yet; in the caller's transaction, which holds the disturbance."""
    wanted = sorted(set(ids))
    known = set(
        db.session.scalars(select(MeToo.person_id).where(MeToo.disturbance_id == row.id, MeToo.person_id.in_(wanted)))
    )
    new = [one for one in wanted if one not in known]
    if new:
        db.session.add_all(MeToo(disturbance_id=row.id, person_id=one, at=now) for one in new)
        _record_on("disturbance_joined", row, by, now, persons=new)


def _record_on(action: str, row: Disturbance, by: Actor, now: datetime, **facts: object) -> None:
    subject = ("disturbance", row.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=row.customer_id, name=row.message, **facts)


def follow_system(system_id: int, *, by: Actor, now: datetime) -> System:
    """The person hears whenever something is wrong with it or planned for it; said again, nothing happens."""
    with transaction():
        system = queries.get_system(system_id, by, SystemPermission.HEAR)
        _follow(by, {system_id}, now)
    return system


def unfollow_system(system_id: int, *, by: Actor, now: datetime) -> System:
    with transaction():
        system = queries.get_system(system_id, by, SystemPermission.HEAR)
        _unfollow(by, {system_id}, now)
    return system


def choose_systems(system_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """Exactly these from now on; raises NotFoundError when the person hears nothing of one of them."""
    with transaction() as session:
        wanted = set(system_ids)
        for id_ in wanted:
            queries.get_system(id_, by, SystemPermission.HEAR)
        present = set(session.scalars(select(SystemFollower.system_id).where(SystemFollower.person_id == by.id)))
        _follow(by, wanted - present, now)
        _unfollow(by, present - wanted, now)


def _follow(by: Actor, ids: set[int], now: datetime) -> None:
    # Of two who say it at once for the same person, one waits for the other.
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    followed = select(SystemFollower.system_id).where(SystemFollower.person_id == by.id)
    for id_ in sorted(ids - set(db.session.scalars(followed))):
        db.session.add(SystemFollower(system_id=id_, person_id=by.id, at=now))
        audit.record("system_followed", by=by, now=now, subject=("system", id_))


def _unfollow(by: Actor, ids: set[int], now: datetime) -> None:
    gone = (
        delete(SystemFollower)
        .where(SystemFollower.person_id == by.id, SystemFollower.system_id.in_(ids))
        .returning(SystemFollower.system_id)
    )
    for id_ in sorted(db.session.scalars(gone)):
        audit.record("system_unfollowed", by=by, now=now, subject=("system", id_))
