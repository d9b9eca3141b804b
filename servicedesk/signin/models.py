"""The tables of signing in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant


class Identity(Base):
    """One way for a person to prove who he or she is.

    With the provider "password" the subject is the sign-in name and the secret an argon2id hash; with another
    provider the subject is that provider's immutable id and there is no secret.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    provider: Mapped[str] = mapped_column(default="password")
    subject: Mapped[str]
    secret: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """A signed-in browser. Only the token's digest is kept; deleting the row signs the browser out."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"), Index("ix_sign_in_seen_at", "seen_at"))

    #: SHA-256 of the token in the browser's cookie, in hex.
    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    #: When the person last did something; kept to the minute, polling does not count.
    seen_at: Mapped[datetime] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(default="")


class ResetToken(Base):
    """A way back in by mail: used once, for one purpose, for a short time."""

    __tablename__ = "reset_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RateCount(Base):
    """How often something was tried in a window: shared by all processes and hosts."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_expires_at", "expires_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    #: Seconds since the epoch.
    expires_at: Mapped[float]
