"""What share of promises is aimed at, what an hour costs, and how many are trained, by unit."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("customer_settings", sa.Column("kept_goal", sa.Integer(), nullable=True))
    op.add_column("customer_settings", sa.Column("hourly_rate", sa.Integer(), nullable=True))
    op.create_table(
        "training_coverage",
        sa.Column("unit_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_training_coverage_unit_id_unit")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_training_coverage_customer_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_training_coverage")),
    )
    op.create_index(op.f("ix_training_coverage_customer_id"), "training_coverage", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("training_coverage")
    op.drop_column("customer_settings", "hourly_rate")
    op.drop_column("customer_settings", "kept_goal")
