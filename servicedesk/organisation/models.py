"""The tables of the organisation."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from servicedesk.core import lookups
from servicedesk.core.actor import Role
from servicedesk.core.alphabet import sort_key
from servicedesk.core.db import AsciiText, Base, BigId, Instant, enum_column
from servicedesk.organisation.person_keys import keys_of


class Unit(Base):
    """A node of the organisation tree; a root is a customer.

    `path` lists the ids from the root down, such as "/1/4/", so that a subtree is all paths with that beginning.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("customer_id", "external_id"),
        Index("ix_unit_path", "path"),
        CheckConstraint("name != ''", "named"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    #: The root of this unit's tree; a root's own id.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    #: The unit's immutable id in the system that it is imported from.
    external_id: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Made by an import of cases rather than by the organisation.
    is_imported: Mapped[bool] = mapped_column(default=False)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


def _sort_key_of_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


class Person(Base):
    """An employee, whether or not he or she signs in or has a mailbox."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("customer_id", "external_id"),
        UniqueConstraint("customer_id", "initials"),
        CheckConstraint("name != ''", "named"),
        Index("ix_person_email", "email"),
        Index("ix_person_customer_id_sort_name", "customer_id", "sort_name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    #: What long lists are sorted by, the same on both databases; follows from the name.
    sort_name: Mapped[str] = mapped_column(AsciiText, default=_sort_key_of_name)
    #: Short name within the customer, such as "anje"; lower case.
    initials: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    title: Mapped[str | None]
    #: The person's immutable id in the system that he or she is imported from.
    external_id: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="da")
    #: When the job was taken up, as far as somebody has said so.
    employed_since: Mapped[date | None]
    #: When the person was first known here; empty for those who were here before that was noted.
    known_since: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Made by an import of cases rather than by the organisation.
    is_imported: Mapped[bool] = mapped_column(default=False)
    #: Nobody knows any more who it was: the row stays for what refers to it.
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise")
    #: Follow from name, initials, mail and telephone; only looked at by queries, and loaded when one of those changes.
    keys: Mapped[list["PersonKey"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @property
    def took_up_job_on(self) -> date | None:
        """From when a deadline for somebody new is counted."""
        return self.employed_since or self.known_since

    @validates("name", "initials", "email", "phone")
    def _follow(self, field: str, value: str | None) -> str | None:
        if field == "name":
            self.sort_name = sort_key(value or "")
        told = {one: getattr(self, one) for one in ("name", "initials", "email", "phone")}
        wanted = keys_of(**{**told, field: value})
        kept = [one for one in self.keys if wanted.get(one.key) == one.written]
        known = {one.key for one in kept}
        self.keys = [*kept, *(PersonKey(key=key, written=said) for key, said in wanted.items() if key not in known)]
        return value


lookups.declare("person_id", lambda: lookups.Subject(key=Person.id, customer=Person.customer_id, person=Person.id))


class PersonKey(Base):
    """One of the things that a person is found by; see person_keys.py."""

    __tablename__ = "person_key"
    __table_args__ = (Index("ix_person_key_person_id", "person_id"),)

    key: Mapped[str] = mapped_column(AsciiText, primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: In small letters, with accents and Danish letters as they are.
    written: Mapped[str]


class PersonPreferences(Base):
    """What a person has chosen for himself or herself: a JSON object, read leniently by `core.preferences`."""

    __tablename__ = "person_preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    chosen: Mapped[str] = mapped_column(Text)


class RoleGrant(Base):
    """A role held by a person over a subtree, a system or everything, for a period.

    A superbruger's follow from his or her appointments: one for each unit and system. While the superbruger is away
    the deputy has the role (`organisation.actors`), and nothing is written for that.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("unit_id IS NULL OR system_id IS NULL OR role = 'superbruger'", "one_scope"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "period"),
        CheckConstraint("deputy_id IS NULL OR deputy_id != person_id", "deputy_is_another"),
        Index("ix_role_grant_unit_id", "unit_id"),
        Index("ix_role_grant_deputy_id", "deputy_id"),
        Index("ix_role_grant_appointment_id", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    starts_on: Mapped[date]
    #: The last day on which the role is held; empty while no end is known.
    ends_on: Mapped[date | None]
    #: The units below that one are meant as well.
    with_subunits: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Who has the role while the person is away, unless the absence names another.
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The appointment as a superbruger that it follows from.
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class Team(Base):
    """Supporters who share a queue.

    A team that `is_closed` works with confidential or security tickets: nobody outside it sees what it holds.
    """

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("customer_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    email: Mapped[str | None]
    is_closed: Mapped[bool] = mapped_column(default=False)
    #: New ordinary tickets come here when the system they name has no team of its own.
    is_first_line: Mapped[bool] = mapped_column(default=False)
    #: New confidential or security tickets of this customer come here.
    receives_confidential: Mapped[bool] = mapped_column(default=False)
    receives_security: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)


class TeamMember(Base):
    """A person's place in a team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Instant)


class Absence(Base):
    """A period in which a person is away, and who then looks after what he or she has.

    Whole days where the installation is. One person's absences never overlap; commands see to it with the person's
    row held.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "period"),
        CheckConstraint("deputy_id IS NULL OR deputy_id != person_id", "deputy_is_another"),
        # Whose deputy am I today, and who of these is away?
        Index("ix_absence_person_id_ends_on", "person_id", "ends_on"),
        Index("ix_absence_deputy_id_ends_on", "deputy_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    #: The last day away.
    ends_on: Mapped[date]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    deputy: Mapped[Person | None] = relationship(foreign_keys=[deputy_id], lazy="raise")


class CustomerSettings(Base):
    """How a customer wants its desk to work; no row means the usual."""

    __tablename__ = "customer_settings"

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    #: Staff may note the minutes that an answer, a note or a solution took.
    counts_minutes: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The share of promises, in per cent, that is aimed at; empty where nobody has said.
    kept_goal: Mapped[int | None]
    #: What an hour of work costs, in kroner.
    hourly_rate: Mapped[int | None]


class ImportDraft(Base):
    """A file that was shown as a preview and waits for its sender's yes; thrown away after a day."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: "units" or "persons".
    kind: Mapped[str]
    content: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(Instant)
