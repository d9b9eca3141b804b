"""Superbrugere: appointments, guidelines, and what a ticket goes through at the local tier."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: What a journal could hold before, and what comes with this.
KINDS = (
    "filed replied noted taken assigned moved changed classified waiting resumed resolved confirmed reopened closed "
    "cancelled merged unmerged absorbed released linked unlinked followed unfollowed agreed warned breached promised "
    "split_off"
).split()
LOCAL_KINDS = ["escalated", "handed_back", "appraised"]


def upgrade() -> None:
    _create_appointments()
    _create_guidelines()
    _widen_roles()
    _widen_kinds_of_entries()
    _appoint_superbrugere(op.get_bind())


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _create_appointments() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column(
            "kind",
            _one_of("appointmentkind", "system", "it"),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("weekly_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("agreed_by_id", BIG_ID, nullable=True),
        sa.Column("deputy_id", BIG_ID, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "deputy_id IS NULL OR deputy_id != person_id", name=op.f("ck_appointment_deputy_is_another")
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_appointment_period")),
        sa.CheckConstraint("weekly_minutes BETWEEN 0 AND 2220", name=op.f("ck_appointment_weekly_minutes")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["person.id"], name=op.f("fk_appointment_agreed_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_appointment_customer_id_unit")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_appointment_deputy_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_customer_id_ends_on", "appointment", ["customer_id", "ends_on"], unique=False)
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"], unique=False)

    op.create_table(
        "appointment_system",
        sa.Column("appointment_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_system_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_appointment_system_system_id_system")),
        sa.PrimaryKeyConstraint("appointment_id", "system_id", name=op.f("pk_appointment_system")),
    )
    op.create_table(
        "appointment_unit",
        sa.Column("appointment_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("with_subunits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_unit_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appointment_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("appointment_id", "unit_id", name=op.f("pk_appointment_unit")),
    )


def _create_guidelines() -> None:
    op.create_table(
        "guideline",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "incident",
            _one_of("incident_leeway", "never", "forward", "answer", "solve"),
            nullable=False,
        ),
        sa.Column(
            "request",
            _one_of("request_leeway", "never", "forward", "answer", "solve"),
            nullable=False,
        ),
        sa.Column("files_for", sa.Boolean(), nullable=False),
        sa.Column("local", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_guideline_customer_id_unit")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_guideline_system_id_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline")),
        sa.UniqueConstraint("customer_id", "system_id", name=op.f("uq_guideline_customer_id_system_id")),
    )
    op.create_index(
        "uq_guideline_general",
        "guideline",
        ["customer_id"],
        unique=True,
        sqlite_where=sa.text("system_id IS NULL"),
        postgresql_where=sa.text("system_id IS NULL"),
    )

    op.create_table(
        "guideline_version",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("guideline_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_guideline_version_by_id_person")),
        sa.ForeignKeyConstraint(
            ["guideline_id"], ["guideline.id"], name=op.f("fk_guideline_version_guideline_id_guideline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_version")),
        sa.UniqueConstraint("guideline_id", "number", name=op.f("uq_guideline_version_guideline_id_number")),
    )
    op.create_table(
        "guideline_acceptance",
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guideline_acceptance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["guideline_version.id"], name=op.f("fk_guideline_acceptance_version_id_guideline_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_guideline_acceptance")),
    )


def _widen_roles() -> None:
    """A superbruger's may be over a system in some units; a deputy has it while the holder is away."""
    scope = op.f("ck_role_grant_one_scope")
    with op.batch_alter_table("role_grant") as grant:
        grant.add_column(sa.Column("with_subunits", sa.Boolean(), server_default=sa.true(), nullable=False))
        grant.add_column(sa.Column("deputy_id", BIG_ID, nullable=True))
        grant.add_column(sa.Column("appointment_id", BIG_ID, nullable=True))
        for column in ("appointment_id", "deputy_id", "unit_id"):
            grant.create_index(f"ix_role_grant_{column}", [column], unique=False)
        appointment = op.f("fk_role_grant_appointment_id_appointment")
        grant.create_foreign_key(appointment, "appointment", ["appointment_id"], ["id"])
        grant.create_foreign_key(op.f("fk_role_grant_deputy_id_person"), "person", ["deputy_id"], ["id"])
        grant.drop_constraint(scope, type_="check")
        is_one = "unit_id IS NULL OR system_id IS NULL OR role = 'superbruger'"
        grant.create_check_constraint(scope, sa.text(is_one))
        another = "deputy_id IS NULL OR deputy_id != person_id"
        grant.create_check_constraint(op.f("ck_role_grant_deputy_is_another"), sa.text(another))


def _widen_kinds_of_entries() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in [*KINDS, *LOCAL_KINDS])
    name = op.f("ck_entry_entrykind")
    with op.batch_alter_table("entry") as entry:
        entry.drop_constraint(name, type_="check")
        entry.create_check_constraint(name, sa.text(f"kind IN ({kinds})"))


def _appoint_superbrugere(connection: sa.Connection) -> None:
    """Who was a superbruger by a role alone has an appointment from now on."""
    meta = sa.MetaData()
    tables = ("role_grant", "person", "appointment", "appointment_unit", "appointment_system")
    grant, person, appointment, units, systems = (sa.Table(name, meta, autoload_with=connection) for name in tables)
    query = sa.select(grant, person.c.customer_id).join(person, person.c.id == grant.c.person_id)
    over_something = sa.or_(grant.c.unit_id.is_not(None), grant.c.system_id.is_not(None))
    for row in connection.execute(query.where(grant.c.role == "superbruger", over_something)).all():
        values = {
            "customer_id": row.customer_id,
            "person_id": row.person_id,
            "kind": "it" if row.system_id is None else "system",
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "weekly_minutes": 0,
            "made_at": datetime.now(UTC),
            "version": 1,
        }
        [made] = connection.execute(appointment.insert().values(values)).inserted_primary_key
        unit_id = row.unit_id or row.customer_id
        connection.execute(units.insert().values(appointment_id=made, unit_id=unit_id, with_subunits=True))
        if row.system_id is not None:
            connection.execute(systems.insert().values(appointment_id=made, system_id=row.system_id))
        change = grant.update().where(grant.c.id == row.id)
        connection.execute(change.values(appointment_id=made, unit_id=unit_id))
