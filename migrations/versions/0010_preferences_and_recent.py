"""What people choose for themselves, and what they opened and searched last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "person_preferences",
        sa.Column("person_id", key, autoincrement=False, nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_preferences_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_preferences")),
    )
    op.create_table(
        "recent_ticket",
        sa.Column("person_id", key, autoincrement=False, nullable=False),
        sa.Column("ticket_id", key, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recent_ticket_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_recent_ticket_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("person_id", "ticket_id", name=op.f("pk_recent_ticket")),
    )
    op.create_table(
        "recent_search",
        sa.Column("person_id", key, autoincrement=False, nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recent_search_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "asked", name=op.f("pk_recent_search")),
    )
