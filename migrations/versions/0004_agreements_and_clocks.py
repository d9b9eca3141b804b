"""Agreements, calendars and the clocks of tickets."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = (
    "filed replied noted taken assigned moved changed classified waiting resumed resolved confirmed reopened closed "
    "cancelled merged unmerged absorbed released linked unlinked followed unfollowed"
).split()


def upgrade() -> None:
    op.create_table(
        "agreement_ledger",
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_agreement_ledger_customer_id_unit")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_agreement_ledger")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("follows_holidays", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_opening_hours_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_opening_hours_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_opening_hours_customer_id_name")),
    )
    op.create_table(
        "supplier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_supplier_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_supplier_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_supplier_customer_id_name")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "service",
                "internal",
                "supplier",
                name="agreementkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'internal') = (team_id IS NOT NULL)", name=op.f("ck_agreement_internal_names_team")
        ),
        sa.CheckConstraint(
            "(kind = 'supplier') = (supplier_id IS NOT NULL)", name=op.f("ck_agreement_supplier_is_named")
        ),
        sa.CheckConstraint("name != ''", name=op.f("ck_agreement_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_agreement_customer_id_unit")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_agreement_supplier_id_supplier")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_agreement_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_agreement_customer_id_name")),
    )
    op.create_table(
        "special_day",
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("open", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "dismissed",
                name="daystatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_special_day_decided_by_id_person")),
        sa.ForeignKeyConstraint(["hours_id"], ["opening_hours.id"], name=op.f("fk_special_day_hours_id_opening_hours")),
        sa.PrimaryKeyConstraint("hours_id", "day", name=op.f("pk_special_day")),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["opening_hours.id"], name=op.f("fk_weekly_hours_hours_id_opening_hours")
        ),
        sa.PrimaryKeyConstraint("hours_id", "starts_on", name=op.f("pk_weekly_hours")),
    )
    op.create_table(
        "agreement_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_version_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_agreement_version_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint("agreement_id", "starts_on", name=op.f("uq_agreement_version_agreement_id_starts_on")),
    )
    op.create_table(
        "recalculation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("runs_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("done_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_recalculation_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_recalculation_customer_id_unit")),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["opening_hours.id"], name=op.f("fk_recalculation_hours_id_opening_hours")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_recalculation_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalculation")),
    )
    op.create_index("ix_recalculation_finished_at_runs_at", "recalculation", ["finished_at", "runs_at"], unique=False)

    op.create_table(
        "ticket_clock",
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "idle",
                "running",
                "paused",
                "met",
                "breached",
                "ended",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("elapsed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paused", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stopped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("overrun", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_ticket_clock_customer_id_unit")),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["opening_hours.id"], name=op.f("fk_ticket_clock_hours_id_opening_hours")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_clock_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "name", name=op.f("pk_ticket_clock")),
    )
    op.add_column("entry", sa.Column("once", sa.String(), nullable=True))
    _widen_kinds_of_entries()
    op.create_index("uq_entry_once", "entry", ["ticket_id", "once"], unique=True, **_where("once IS NOT NULL"))
    _add_columns_to_tickets()
    by_due = ["customer_id", "is_open", "due_order", "id", "state"]
    op.create_index("ix_ticket_by_due", "ticket", by_due, unique=False)
    op.create_index("ix_ticket_next_look_at", "ticket", ["next_look_at"], **_where("next_look_at IS NOT NULL"))


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def _widen_kinds_of_entries() -> None:
    """Four more kinds."""
    kinds = ", ".join(f"'{kind}'" for kind in [*KINDS, "agreed", "warned", "breached", "promised"])
    name = op.f("ck_entry_entrykind")
    with op.batch_alter_table("entry") as entry:
        entry.drop_constraint(name, type_="check")
        entry.create_check_constraint(name, sa.text(f"kind IN ({kinds})"))


def _add_columns_to_tickets() -> None:
    instant = sa.DateTime(timezone=True)
    never = sa.text("'9999-01-01 00:00:00.000000'")
    key = op.f("fk_ticket_agreement_id_agreement_version")
    with op.batch_alter_table("ticket", table_kwargs={"sqlite_autoincrement": True}) as ticket:
        for name in ("promised_at", "silent_until", "due_at", "next_look_at"):
            ticket.add_column(sa.Column(name, instant, nullable=True))
        ticket.add_column(sa.Column("due_order", instant, server_default=never, nullable=False))
        ticket.add_column(sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        ticket.create_foreign_key(key, "agreement_version", ["agreement_id"], ["id"])
