"""Tickets split off from others, absences with deputies, minutes, and going on to the next."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = (
    "filed replied noted taken assigned moved changed classified waiting resumed resolved confirmed reopened closed "
    "cancelled merged unmerged absorbed released linked unlinked followed unfollowed agreed warned breached promised"
).split()


def upgrade() -> None:
    _add_absences()
    op.create_table(
        "customer_settings",
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counts_minutes", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_customer_settings_customer_id_unit")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_settings")),
    )
    op.create_table(
        "work_habit",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_habit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_work_habit")),
    )
    _widen_kinds_of_entries()


def _add_absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_period")),
        sa.CheckConstraint("deputy_id IS NULL OR deputy_id != person_id", name=op.f("ck_absence_deputy_is_another")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_absence_customer_id_unit")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person_id_ends_on", "absence", ["person_id", "ends_on"], unique=False)
    op.create_index("ix_absence_deputy_id_ends_on", "absence", ["deputy_id", "ends_on"], unique=False)


def _widen_kinds_of_entries() -> None:
    """One more kind."""
    kinds = ", ".join(f"'{kind}'" for kind in [*KINDS, "split_off"])
    name = op.f("ck_entry_entrykind")
    with op.batch_alter_table("entry") as entry:
        entry.drop_constraint(name, type_="check")
        entry.create_check_constraint(name, sa.text(f"kind IN ({kinds})"))
