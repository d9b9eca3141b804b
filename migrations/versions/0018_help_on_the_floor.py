"""Help that superbrugere give on the floor."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CAUSES = ("fault", "missing_competence", "change", "wish", "security", "other")
REFERS_TO = {
    "customer_id": "unit",
    "person_id": "person",
    "appointment_id": "appointment",
    "unit_id": "unit",
    "system_id": "system",
    "known_error_id": "known_error",
    "guideline_version_id": "guideline_version",
}


def upgrade() -> None:
    op.create_table(
        "floor_help",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("appointment_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column(
            "cause",
            sa.Enum(*CAUSES, name="cause", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=True),
        sa.Column("known_error_id", BIG_ID, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("helped_at", INSTANT, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("guideline_version_id", BIG_ID, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_floor_help_minutes")),
        sa.CheckConstraint("people BETWEEN 1 AND 200", name=op.f("ck_floor_help_people")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_floor_help_{column}_{table}"))
            for column, table in REFERS_TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_help")),
        sa.UniqueConstraint("person_id", "form_id", name=op.f("uq_floor_help_person_id_form_id")),
    )
    op.create_index("ix_floor_help_customer_id_helped_at", "floor_help", ["customer_id", "helped_at"], unique=False)
    op.create_index("ix_floor_help_person_id_helped_at", "floor_help", ["person_id", "helped_at"], unique=False)


def downgrade() -> None:
    op.drop_table("floor_help")
