"""Notices in the application, and how each person wants to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("shown_from IS NOT NULL OR read_at IS NULL", name=op.f("ck_notice_seen_before_read")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_notice_customer_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "source", name=op.f("uq_notice_person_id_source")),
    )
    op.create_index("ix_notice_person_id_shown_from", "notice", ["person_id", "shown_from"], unique=False)
    op.create_index("ix_notice_unread", "notice", ["person_id", "read_at", "shown_from", "thread"], unique=False)
    op.create_index(
        "ix_notice_for_digest",
        "notice",
        ["digest_at", "person_id"],
        unique=False,
        postgresql_where=sa.text("digest_at IS NOT NULL"),
        sqlite_where=sa.text("digest_at IS NOT NULL"),
    )
    op.create_index("ix_notice_made_at", "notice", ["made_at"], unique=False)

    op.create_table(
        "notice_choice",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("in_bell", sa.Boolean(), nullable=False),
        sa.Column(
            "by_mail",
            sa.Enum("now", "digest", "never", name="bymail", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "event", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "notice_habit",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("digest_times", sa.Text(), nullable=False),
        sa.Column("digest_days", sa.Text(), nullable=False),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.String(), nullable=False),
        sa.Column("quiet_to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_habit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_habit")),
    )
