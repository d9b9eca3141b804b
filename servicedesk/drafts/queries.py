"""Reading drafts: a person's own, and nobody else's."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.files import StoredFile
from servicedesk.drafts.models import Draft, KeptFile, SendHabit, Sending
from servicedesk.drafts.rules import REGRET, USUAL_SECONDS
from servicedesk.organisation.models import Person


class Desk(NamedTuple):
    """What a person has lying in one place, and how much elsewhere."""

    draft: Draft | None
    sending: Sending | None
    #: How many drafts the person has in all.
    drafts: int
    #: For how long the person can take back what was sent.
    seconds: int


def desk(place: str, who: Actor) -> Desk:
    """In one query. A draft that was thrown away is answered too: it may be wanted back."""
    row = db.session.execute(_DESK, {"desk_of": who.id, "place": place}).one()
    return Desk(row[0], row[1], row[2], USUAL_SECONDS if row[3] is None else row[3])


# Made once: a ticket's page asks it each time.
_NUMBER = (
    select(func.count()).select_from(Draft).where(Draft.person_id == bindparam("desk_of"), Draft.discarded_at.is_(None))
)
_DESK = (
    select(Draft, Sending, _NUMBER.scalar_subquery(), SendHabit.seconds)
    .select_from(Person)
    .outerjoin(Draft, and_(Draft.person_id == Person.id, Draft.place == bindparam("place")))
    .outerjoin(Sending, and_(Sending.person_id == Person.id, Sending.place == bindparam("place")))
    .outerjoin(SendHabit, SendHabit.person_id == Person.id)
    .where(Person.id == bindparam("desk_of"))
    .execution_options(populate_existing=True)
)


def find(place: str, who: Actor, *, lock: bool = False) -> Draft | None:
    """The draft, also one that was thrown away."""
    query = select(Draft).where(Draft.person_id == who.id, Draft.place == place)
    query = query.execution_options(populate_existing=True)
    return db.session.scalar(query.with_for_update() if lock else query)


def mine(who: Actor, *, now: datetime) -> list[Draft]:
    """Every draft of the person, newest first, and after them those that were lately thrown away."""
    recent = Draft.discarded_at.is_(None) | (Draft.discarded_at > now - REGRET)
    query = select(Draft).where(Draft.person_id == who.id, recent)
    return list(db.session.scalars(query.order_by(Draft.discarded_at.is_not(None), Draft.saved_at.desc())))


def number(who: Actor) -> int:
    return db.session.scalar(_NUMBER, {"desk_of": who.id}) or 0


def seconds(who: Actor) -> int:
    chosen = db.session.scalar(select(SendHabit.seconds).where(SendHabit.person_id == who.id))
    return USUAL_SECONDS if chosen is None else chosen


def files(place: str, who: Actor) -> Sequence[KeptFile]:
    query = select(KeptFile).where(KeptFile.person_id == who.id, KeptFile.place == place)
    return db.session.scalars(query.order_by(KeptFile.id)).all()


def file(file_id: int, who: Actor) -> KeptFile:
    """Raises NotFoundError."""
    found = db.session.scalar(select(KeptFile).where(KeptFile.id == file_id, KeptFile.person_id == who.id))
    if found is None:
        raise NotFoundError
    return found


def stored(file: KeptFile) -> StoredFile:
    return StoredFile(file.stored_name, file.name, file.media_type, file.size, file.sha256)


def keeps(stored_name: str) -> bool:
    """Whether a file in the store belongs to a draft, or to what is on its way."""
    return db.session.scalar(select(KeptFile.id).where(KeptFile.stored_name == stored_name)) is not None


def sending(sending_id: int, who: Actor) -> Sending | None:
    return db.session.scalar(select(Sending).where(Sending.id == sending_id, Sending.person_id == who.id))


def due(now: datetime, most: int) -> list[tuple[int, int]]:
    """(id, person) of what should have left by now, the oldest first."""
    query = select(Sending.id, Sending.person_id).where(Sending.send_at <= now)
    return [(id_, person) for id_, person in db.session.execute(query.order_by(Sending.send_at).limit(most))]
