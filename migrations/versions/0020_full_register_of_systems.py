"""The full register of systems: who looks after each, who delivers it, who uses it, what it needs, and its reviews."""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OF_SUPPLIER = sa.text("substr(name, 1, 3) = 'uc:'")
#: What is there already is to be gone through within so long.
FIRST_REVIEW = timedelta(days=90)
#: The columns by which a system is found, each with an index.
FOUND_BY = ("owner_id", "manager_id", "deputy_id", "review_due_on")


def upgrade() -> None:
    _create_units()
    _widen_systems()
    _create_needs()
    _create_roles()
    _create_windows()
    _create_reviews()
    op.create_index(
        "ix_ticket_clock_of_supplier",
        "ticket_clock",
        ["name", "started_at"],
        unique=False,
        sqlite_where=OF_SUPPLIER,
        postgresql_where=OF_SUPPLIER,
    )


def _create_units() -> None:
    op.create_table(
        "system_unit",
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_unit_system_id_system")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_system_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("system_id", "unit_id", name=op.f("pk_system_unit")),
    )
    op.create_index("ix_system_unit_unit_id", "system_unit", ["unit_id"], unique=False)
    op.execute("INSERT INTO system_unit (system_id, unit_id) SELECT id, unit_id FROM system WHERE unit_id IS NOT NULL")


def _widen_systems() -> None:
    # The release before reads system.unit_id: it goes with the next one.
    levels = ("vital", "critical", "important", "ordinary")
    level = sa.Enum(*levels, name="criticality", native_enum=False, create_constraint=True, length=30)
    with op.batch_alter_table("system") as batch:
        for name in ("manager_id", "deputy_id", "supplier_id", "hours_id"):
            batch.add_column(sa.Column(name, BIG_ID, nullable=True))
        batch.add_column(sa.Column("criticality", level, nullable=False, server_default="ordinary"))
        batch.add_column(sa.Column("external_key", sa.String(), nullable=True))
        batch.add_column(sa.Column("review_due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("review_reminded_at", INSTANT, nullable=True))
        batch.create_foreign_key(op.f("fk_system_manager_id_person"), "person", ["manager_id"], ["id"])
        batch.create_foreign_key(op.f("fk_system_deputy_id_person"), "person", ["deputy_id"], ["id"])
        batch.create_foreign_key(op.f("fk_system_supplier_id_supplier"), "supplier", ["supplier_id"], ["id"])
        batch.create_foreign_key(op.f("fk_system_hours_id_opening_hours"), "opening_hours", ["hours_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_system_customer_id_external_key"), ["customer_id", "external_key"])
    for column in FOUND_BY:
        op.create_index(f"ix_system_{column}", "system", [column], unique=False)
    systems = sa.table("system", sa.column("review_due_on", sa.Date))
    op.execute(systems.update().values(review_due_on=date.today() + FIRST_REVIEW))  # noqa: DTZ011 a day more or less


def _create_needs() -> None:
    op.create_table(
        "system_need",
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("needed_id", BIG_ID, nullable=False),
        sa.CheckConstraint("system_id != needed_id", name=op.f("ck_system_need_needs_another")),
        sa.ForeignKeyConstraint(["needed_id"], ["system.id"], name=op.f("fk_system_need_needed_id_system")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_need_system_id_system")),
        sa.PrimaryKeyConstraint("system_id", "needed_id", name=op.f("pk_system_need")),
    )
    op.create_index("ix_system_need_needed_id", "system_need", ["needed_id"], unique=False)


def _create_roles() -> None:
    op.create_table(
        "system_role",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_system_role_named")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_role_system_id_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_role")),
        sa.UniqueConstraint("system_id", "name", name=op.f("uq_system_role_system_id_name")),
    )


def _create_windows() -> None:
    op.create_table(
        "maintenance_window",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("ends", sa.String(), nullable=False),
        sa.CheckConstraint("starts != ends", name=op.f("ck_maintenance_window_has_length")),
        sa.CheckConstraint("week BETWEEN 0 AND 5", name=op.f("ck_maintenance_window_week")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_maintenance_window_weekday")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_maintenance_window_system_id_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_window")),
    )
    op.create_index("ix_maintenance_window_system_id", "maintenance_window", ["system_id"], unique=False)


def _create_reviews() -> None:
    op.create_table(
        "system_review",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("signed_by_id", BIG_ID, nullable=False),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.CheckConstraint("signed_name != ''", name=op.f("ck_system_review_signed")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_system_review_customer_id_unit")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_system_review_signed_by_id_person")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_review_system_id_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_review")),
    )
    op.create_index("ix_system_review_system_id_id", "system_review", ["system_id", "id"], unique=False)
