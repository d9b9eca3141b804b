"""Files of a form that was not accepted: they lie in the store, so that nobody has to choose them a second time."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.actor import Actor
from servicedesk.core.db import Base, BigId, Instant, db, transaction
from servicedesk.tickets.commands.writing import NewFile


class WaitingFile(Base):
    """A file that waits for its form to be sent again; after a day it is swept away."""

    __tablename__ = "waiting_file"
    __table_args__ = (
        UniqueConstraint("stored_name"),
        Index("ix_waiting_file_person_id_form_id", "person_id", "form_id"),
        Index("ix_waiting_file_kept_at", "kept_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form_id: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    stored_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(Instant)

    def as_new(self) -> NewFile:
        return NewFile(self.name, self.stored_name, self.media_type, self.size, self.sha256)


def waiting(form_id: str, who: Actor) -> list[WaitingFile]:
    """What that person left with that form, in the order in which it came."""
    mine = select(WaitingFile).where(WaitingFile.person_id == who.id, WaitingFile.form_id == form_id)
    return list(db.session.scalars(mine.order_by(WaitingFile.id)))


def find(file_id: int, who: Actor) -> WaitingFile | None:
    return db.session.scalar(select(WaitingFile).where(WaitingFile.id == file_id, WaitingFile.person_id == who.id))


def let_wait(form_id: str, files: Iterable[NewFile], *, by: Actor, now: datetime) -> None:
    with transaction() as session:
        for file in files:
            session.add(WaitingFile(form_id=form_id, person_id=by.id, kept_at=now, **vars(file)))


def forget(form_id: str, *, by: Actor) -> None:
    """They have found their place, or nobody wants them; bytes that no row names are swept with the orphans."""
    with transaction() as session:
        mine = (WaitingFile.person_id == by.id, WaitingFile.form_id == form_id)
        session.execute(delete(WaitingFile).where(*mine))


def drop(form_id: str, kept: Iterable[int], *, by: Actor) -> None:
    """Leaves out those that the person did not keep."""
    with transaction() as session:
        mine = (WaitingFile.person_id == by.id, WaitingFile.form_id == form_id)
        session.execute(delete(WaitingFile).where(*mine, WaitingFile.id.notin_(list(kept))))


def sweep(older_than: datetime) -> None:
    with transaction() as session:
        session.execute(delete(WaitingFile).where(WaitingFile.kept_at < older_than))


def is_waiting(stored_name: str) -> bool:
    return db.session.scalar(select(WaitingFile.id).where(WaitingFile.stored_name == stored_name)) is not None
