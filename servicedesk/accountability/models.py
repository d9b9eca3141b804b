"""Packages of all that is kept about a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column

_UNFINISHED = text("ended_at IS NULL")


class PackageEnding(StrEnum):
    """What became of it."""

    READY = "ready"
    #: Whoever asked may not ask for it any more.
    REFUSED = "refused"
    CANCELLED = "cancelled"


class AccessPackage(Base):
    """All that is kept about a person, as one file, made by the worker and removed after some days."""

    __tablename__ = "access_package"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", "says_how_it_ended"),
        CheckConstraint("stored_name IS NULL OR ending = 'ready'", "has_a_file_when_ready"),
        Index("ix_access_package_customer_id_id", "customer_id", "id"),
        Index("ix_access_package_unfinished", "id", postgresql_where=_UNFINISHED, sqlite_where=_UNFINISHED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The same form sent twice asks once.
    form_id: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    #: Until then a worker is at it; after that another takes it up from the beginning.
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    #: Parts that have been written, of so many.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[PackageEnding | None] = mapped_column(enum_column(PackageEnding))
    #: Name in the store of files, as long as the file is there.
    stored_name: Mapped[str | None] = mapped_column(unique=True)
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    #: How many of what are in it.
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
