"""What is known about systems: the register, known errors, disturbances and planned maintenance."""

from datetime import UTC, date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from servicedesk.core.db import Base, BigId, Instant, enum_column
from servicedesk.organisation.models import Unit
from servicedesk.systems.rules import (
    Audience,
    Criticality,
    DisturbanceKind,
    KnownErrorState,
    Phase,
    Stage,
    UpdateKind,
    phase_of,
)

#: After everything that ends.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class System(Base):
    """An IT system of a customer, used everywhere or in one part of the organisation."""

    __tablename__ = "system"
    __table_args__ = (
        UniqueConstraint("customer_id", "name"),
        UniqueConstraint("customer_id", "external_key"),
        CheckConstraint("name != ''", "named"),
        # What somebody keeps is asked for on each start page, and which reviews are due by the worker.
        Index("ix_system_owner_id", "owner_id"),
        Index("ix_system_manager_id", "manager_id"),
        Index("ix_system_deputy_id", "deputy_id"),
        Index("ix_system_review_due_on", "review_due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    description: Mapped[str | None]
    #: What people also call it, with commas between.
    aliases: Mapped[str] = mapped_column(default="", server_default="")
    #: Where it was used before a system could have several units; read by the release before, and gone in the next.
    former_unit_id: Mapped[int | None] = mapped_column("unit_id", ForeignKey("unit.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Who looks after it from day to day, and who does while he or she is away.
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The team that new tickets about it go to.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    #: Who delivers it; the contract is the supplier's, see agreements.
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    criticality: Mapped[Criticality] = mapped_column(
        enum_column(Criticality), default=Criticality.ORDINARY, server_default=Criticality.ORDINARY.value
    )
    #: The calendar in which it can be used; empty when nothing is said.
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("opening_hours.id"))
    #: What another register, such as OS2kitos, knows it by.
    external_key: Mapped[str | None]
    #: When the owner is to go through what stands here, and when he or she was last reminded of it.
    review_due_on: Mapped[date | None]
    review_reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_imported: Mapped[bool] = mapped_column(default=False)

    #: The subtrees that use it; none when everybody does.
    units: Mapped[list[Unit]] = relationship(secondary="system_unit", order_by=Unit.path, lazy="raise", viewonly=True)


class SystemUnit(Base):
    """A subtree that uses a system. A system without any is everybody's."""

    __tablename__ = "system_unit"
    __table_args__ = (Index("ix_system_unit_unit_id", "unit_id"),)

    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class SystemNeed(Base):
    """That a system does not run without another: who needs is down when what is needed is. There are no circles."""

    __tablename__ = "system_need"
    __table_args__ = (
        CheckConstraint("system_id != needed_id", "needs_another"),
        Index("ix_system_need_needed_id", "needed_id"),
    )

    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)
    needed_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)


class SystemRole(Base):
    """A part that people play in a system, such as "Sagsbehandler": what somebody needs to learn hangs on it."""

    __tablename__ = "system_role"
    __table_args__ = (UniqueConstraint("system_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"))
    name: Mapped[str]


class MaintenanceWindow(Base):
    """When maintenance of a system may be planned: each week, or one week of the month, on the wall clock."""

    __tablename__ = "maintenance_window"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("week BETWEEN 0 AND 5", "week"),
        CheckConstraint("starts != ends", "has_length"),
        Index("ix_maintenance_window_system_id", "system_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"))
    #: Monday is 0.
    weekday: Mapped[int] = mapped_column(SmallInteger)
    #: Which of the month's: the first to the fourth, 5 for the last, 0 for each.
    week: Mapped[int] = mapped_column(SmallInteger)
    #: As "22:00"; one that ends before it starts ends on the next day.
    starts: Mapped[str]
    ends: Mapped[str]


class KnownError(Base):
    """An error whose cause or way around is known, told so that people can help themselves."""

    __tablename__ = "known_error"
    __table_args__ = (
        CheckConstraint("title != ''", "titled"),
        Index("ix_known_error_system_id_state", "system_id", "state"),
        Index("ix_known_error_customer_id_state", "customer_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"))
    title: Mapped[str]
    #: What people see when they meet it.
    symptoms: Mapped[str] = mapped_column(default="")
    #: What helps meanwhile, in Markdown; empty while nothing does.
    workaround: Mapped[str] = mapped_column(default="")
    state: Mapped[KnownErrorState] = mapped_column(enum_column(KnownErrorState), default=KnownErrorState.ACTIVE)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.EVERYBODY)
    #: The number of the problem that it comes from, such as "SD-1234"; who may see that is the ticket's to say.
    problem: Mapped[str | None]
    #: How often somebody said that it helped; the sum of `known_error_help`.
    solved_by_it: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What it is found by, folded by core.words: a blank, then each word with a blank after it.
    title_words: Mapped[str]
    words: Mapped[str]

    system: Mapped[System] = relationship(lazy="raise", viewonly=True)


class KnownErrorHelp(Base):
    """That a known error helped a person on a day: once, however often he or she says so."""

    __tablename__ = "known_error_help"

    known_error_id: Mapped[int] = mapped_column(ForeignKey("known_error.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    helped_on: Mapped[date] = mapped_column(primary_key=True)


class Disturbance(Base):
    """Something that is wrong with one or more systems of a customer, or maintenance that is planned for them."""

    __tablename__ = "disturbance"
    __table_args__ = (
        CheckConstraint("message != ''", "told"),
        CheckConstraint("kind != 'maintenance' OR expected_end_at IS NOT NULL", "maintenance_has_end"),
        CheckConstraint("expected_end_at IS NULL OR expected_end_at > starts_at", "period"),
        CheckConstraint("ended_at IS NULL OR outcome IS NOT NULL", "end_is_told"),
        CheckConstraint("ended_at IS NULL OR over_at = ended_at", "over_when_ended"),
        CheckConstraint("kind != 'maintenance' OR over_at = coalesce(ended_at, expected_end_at)", "planned_end"),
        # What every start page asks for: the few that are not over, however many there have been.
        Index("ix_disturbance_customer_id_over_at", "customer_id", "over_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[DisturbanceKind] = mapped_column(enum_column(DisturbanceKind))
    #: What people notice, in one plain sentence.
    message: Mapped[str]
    #: What they can do meanwhile, in Markdown.
    advice: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    #: When it is expected to be over, as last told; empty while nobody knows.
    expected_end_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When it ended, or is to end by itself; NEVER while a disturbance lasts. Set by `settle`.
    over_at: Mapped[datetime] = mapped_column(Instant, default=NEVER)
    #: From when it stands where people work: at once, or some working days before planned maintenance.
    told_from: Mapped[datetime] = mapped_column(Instant)
    #: So large that its tickets are gathered and solved together.
    is_major: Mapped[bool] = mapped_column(default=False)
    #: What it was, told when it is over.
    outcome: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Reported by mistake: it counts as never told.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    #: Those that the person who asked may hear of, when a query has loaded it for that person.
    systems: Mapped[list[System]] = relationship(
        secondary="disturbance_system", order_by=System.name, lazy="raise", viewonly=True
    )
    #: How many have said that they notice it, and whether the person who asked is one of them; loaded as above.
    affected: Mapped[int | None] = query_expression()
    is_joined: Mapped[bool | None] = query_expression()

    def phase(self, now: datetime) -> Phase:
        return phase_of(self.kind, self.starts_at, self.expected_end_at, self.ended_at, now)

    def settle(self) -> None:
        """To be called when it was told anew when it ends."""
        is_planned = self.kind is DisturbanceKind.MAINTENANCE
        self.over_at = self.ended_at or (self.expected_end_at if is_planned else None) or NEVER

    def can_be_joined(self, now: datetime) -> bool:
        """Whether people can say that they notice it, too: what is planned they know beforehand."""
        is_running = self.phase(now) is Phase.RUNNING and self.withdrawn_at is None
        return is_running and self.kind is DisturbanceKind.DISTURBANCE


class DisturbanceSystem(Base):
    """A system that a disturbance concerns."""

    __tablename__ = "disturbance_system"
    __table_args__ = (Index("ix_disturbance_system_system_id", "system_id"),)

    disturbance_id: Mapped[int] = mapped_column(ForeignKey("disturbance.id"), primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)


class DisturbanceUpdate(Base):
    """A line of a disturbance's journal; never changed, never deleted."""

    __tablename__ = "disturbance_update"
    __table_args__ = (Index("ix_disturbance_update_disturbance_id_id", "disturbance_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    disturbance_id: Mapped[int] = mapped_column(ForeignKey("disturbance.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[UpdateKind] = mapped_column(enum_column(UpdateKind))
    body: Mapped[str]
    #: When it was expected to be over from then on.
    expected_end_at: Mapped[datetime | None] = mapped_column(Instant)


class MeToo(Base):
    """That a person notices a disturbance and wants to hear of it."""

    __tablename__ = "disturbance_me_too"

    disturbance_id: Mapped[int] = mapped_column(ForeignKey("disturbance.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class SystemFollower(Base):
    """That a person wants to hear whenever something is wrong with a system, or planned for it."""

    __tablename__ = "system_follower"
    __table_args__ = (Index("ix_system_follower_person_id", "person_id"),)

    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Announcement(Base):
    """That planned maintenance is announced to those who follow its systems: when that is due, and when it was done."""

    __tablename__ = "maintenance_announcement"
    __table_args__ = (
        Index(
            "ix_maintenance_announcement_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    disturbance_id: Mapped[int] = mapped_column(ForeignKey("disturbance.id"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class CalendarLink(Base):
    """The secret address at which a person's calendar fetches planned maintenance; only its digest is kept."""

    __tablename__ = "calendar_link"
    __table_args__ = (UniqueConstraint("digest"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
