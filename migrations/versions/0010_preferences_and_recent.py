"""What people choose for themselves, and what they opened and searched last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"
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
