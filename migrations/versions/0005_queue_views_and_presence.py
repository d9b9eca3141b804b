"""Saved views of the queue, how each person has arranged it, and who is at which ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = ("superbruger", "supporter", "manager", "system_owner", "servicedesk_manager", "administrator")


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "presence",
        sa.Column("person_id", key, nullable=False),
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("is_writing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "ticket_id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.create_table(
        "saved_view",
        sa.Column("id", key, nullable=False),
        sa.Column("customer_id", key, nullable=False),
        sa.Column("owner_id", key, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column(
            "sharing",
            sa.Enum(
                "private",
                "team",
                "customer",
                name="sharing",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("team_id", key, nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column(
            "first_role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name != ''", name=op.f("ck_saved_view_named")),
        sa.CheckConstraint("(sharing = 'team') = (team_id IS NOT NULL)", name=op.f("ck_saved_view_shared_with_team")),
        sa.CheckConstraint("NOT is_first OR sharing != 'private'", name=op.f("ck_saved_view_first_is_shared")),
        sa.CheckConstraint("first_role IS NULL OR is_first", name=op.f("ck_saved_view_role_of_first")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_saved_view_customer_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_saved_view_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_customer_id_sharing", "saved_view", ["customer_id", "sharing"])
    op.create_index(op.f("ix_saved_view_owner_id"), "saved_view", ["owner_id"])
    op.create_index(op.f("ix_saved_view_team_id"), "saved_view", ["team_id"])
    op.create_table(
        "queue_setup",
        sa.Column("person_id", key, nullable=False),
        sa.Column("tabs", sa.Text(), nullable=True),
        sa.Column("first", sa.String(), nullable=True),
        sa.Column("columns", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_setup_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_queue_setup")),
    )
