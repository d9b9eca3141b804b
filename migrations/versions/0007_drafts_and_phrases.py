"""Drafts, what can still be taken back, and texts to use again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("customer_id", _key(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_draft_customer_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "place", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"])
    op.create_table(
        "sending",
        sa.Column("id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("customer_id", _key(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_sending_customer_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sending_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
        sa.UniqueConstraint("person_id", "place", name=op.f("uq_sending_person_id_place")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sending_send_at", "sending", ["send_at"])
    op.create_table(
        "kept_file",
        sa.Column("id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", _key(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_file_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_kept_file_stored_name")),
    )
    op.create_index("ix_kept_file_person_id_place", "kept_file", ["person_id", "place"])
    op.create_table(
        "send_habit",
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("seconds", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("seconds IN (0, 10, 30)", name=op.f("ck_send_habit_seconds")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_send_habit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_send_habit")),
    )
    op.create_table(
        "phrase",
        sa.Column("id", _key(), nullable=False),
        sa.Column("customer_id", _key(), nullable=False),
        sa.Column("owner_id", _key(), nullable=True),
        sa.Column("team_id", _key(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("keyword", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name != ''", name=op.f("ck_phrase_named")),
        sa.CheckConstraint("owner_id IS NULL OR team_id IS NULL", name=op.f("ck_phrase_one_scope")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_phrase_customer_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_phrase_owner_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_phrase_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
    )
    for column in ("customer_id", "owner_id", "team_id"):
        op.create_index(f"ix_phrase_{column}", "phrase", [column])
