"""Saying that one notices a disturbance, following systems, announcing maintenance, gathering tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_DONE = sa.text("done_at IS NULL")
NEVER = sa.text("'9999-01-01 00:00:00.000000'")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _widen_disturbances()
    _create_people()
    _create_announcements()
    _create_children()


def _widen_disturbances() -> None:
    op.drop_index("ix_disturbance_not_over", "disturbance")
    op.drop_index("ix_disturbance_customer_id_starts_at", "disturbance")
    op.add_column("disturbance", sa.Column("over_at", INSTANT, nullable=False, server_default=NEVER))
    op.add_column("disturbance", sa.Column("told_from", INSTANT, nullable=True))
    op.add_column("disturbance", sa.Column("is_major", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE disturbance SET told_from = starts_at")
    op.execute("UPDATE disturbance SET over_at = ended_at WHERE ended_at IS NOT NULL")
    op.execute("UPDATE disturbance SET over_at = expected_end_at WHERE ended_at IS NULL AND kind = 'maintenance'")
    with op.batch_alter_table("disturbance") as batch:
        batch.alter_column("over_at", existing_type=INSTANT, server_default=None)
        batch.alter_column("told_from", existing_type=INSTANT, nullable=False)
        batch.alter_column("is_major", existing_type=sa.Boolean(), server_default=None)
        batch.create_check_constraint(op.f("ck_disturbance_over_when_ended"), "ended_at IS NULL OR over_at = ended_at")
        batch.create_check_constraint(
            op.f("ck_disturbance_planned_end"),
            "kind != 'maintenance' OR over_at = coalesce(ended_at, expected_end_at)",
        )
    op.create_index("ix_disturbance_customer_id_over_at", "disturbance", ["customer_id", "over_at"], unique=False)


def _create_people() -> None:
    op.create_table(
        "disturbance_me_too",
        sa.Column("disturbance_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["disturbance_id"], ["disturbance.id"], name=op.f("fk_disturbance_me_too_disturbance_id_disturbance")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_disturbance_me_too_person_id_person")),
        sa.PrimaryKeyConstraint("disturbance_id", "person_id", name=op.f("pk_disturbance_me_too")),
    )
    op.create_table(
        "system_follower",
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_follower_system_id_system")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_system_follower_person_id_person")),
        sa.PrimaryKeyConstraint("system_id", "person_id", name=op.f("pk_system_follower")),
    )
    op.create_index("ix_system_follower_person_id", "system_follower", ["person_id"], unique=False)
    op.create_table(
        "calendar_link",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_link_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_link_digest")),
    )


def _create_announcements() -> None:
    stage = sa.Enum("ahead", "same_day", name="stage", native_enum=False, create_constraint=True, length=30)
    op.create_table(
        "maintenance_announcement",
        sa.Column("disturbance_id", BIG_ID, nullable=False),
        sa.Column("stage", stage, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["disturbance_id"], ["disturbance.id"], name=op.f("fk_maintenance_announcement_disturbance_id_disturbance")
        ),
        sa.PrimaryKeyConstraint("disturbance_id", "stage", name=op.f("pk_maintenance_announcement")),
    )
    op.create_index(
        "ix_maintenance_announcement_due",
        "maintenance_announcement",
        ["due_at"],
        unique=False,
        sqlite_where=NOT_DONE,
        postgresql_where=NOT_DONE,
    )


def _create_children() -> None:
    op.create_table(
        "disturbance_ticket",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("disturbance_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_disturbance_ticket_by_id_person")),
        sa.ForeignKeyConstraint(
            ["disturbance_id"], ["disturbance.id"], name=op.f("fk_disturbance_ticket_disturbance_id_disturbance")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_disturbance_ticket_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_disturbance_ticket")),
    )
    op.create_index(
        "ix_disturbance_ticket_disturbance_id", "disturbance_ticket", ["disturbance_id", "ticket_id"], unique=False
    )
