"""The register's table."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId


class System(Base):
    """An IT system of a customer, used everywhere or in one part of the organisation."""

    __tablename__ = "system"
    __table_args__ = (UniqueConstraint("customer_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    description: Mapped[str | None]
    #: What people also call it, with commas between.
    aliases: Mapped[str] = mapped_column(default="", server_default="")
    #: The subtree that uses it; empty when everybody does.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The team that new tickets about it go to.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_imported: Mapped[bool] = mapped_column(default=False)
