"""Known errors, disturbances and planned maintenance."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0004"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_OVER = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _create_known_errors()
    _create_disturbances()


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _create_known_errors() -> None:
    op.create_table(
        "known_error",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("symptoms", sa.String(), nullable=False),
        sa.Column("workaround", sa.String(), nullable=False),
        sa.Column("state", _one_of("knownerrorstate", "active", "solved"), nullable=False),
        sa.Column("audience", _one_of("audience", "everybody", "staff"), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("solved_by_it", sa.Integer(), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", BIG_ID, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_words", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint("title != ''", name=op.f("ck_known_error_titled")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_known_error_by_id_person")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_known_error_changed_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_known_error_customer_id_unit")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_known_error_system_id_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_error")),
    )
    op.create_index("ix_known_error_system_id_state", "known_error", ["system_id", "state"], unique=False)
    op.create_index("ix_known_error_customer_id_state", "known_error", ["customer_id", "state"], unique=False)
    op.create_table(
        "known_error_help",
        sa.Column("known_error_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("helped_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["known_error_id"], ["known_error.id"], name=op.f("fk_known_error_help_known_error_id_known_error")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_error_help_person_id_person")),
        sa.PrimaryKeyConstraint("known_error_id", "person_id", "helped_on", name=op.f("pk_known_error_help")),
    )


def _create_disturbances() -> None:
    op.create_table(
        "disturbance",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", _one_of("disturbancekind", "disturbance", "maintenance"), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("message != ''", name=op.f("ck_disturbance_told")),
        sa.CheckConstraint(
            "kind != 'maintenance' OR expected_end_at IS NOT NULL", name=op.f("ck_disturbance_maintenance_has_end")
        ),
        sa.CheckConstraint(
            "expected_end_at IS NULL OR expected_end_at > starts_at", name=op.f("ck_disturbance_period")
        ),
        sa.CheckConstraint("ended_at IS NULL OR outcome IS NOT NULL", name=op.f("ck_disturbance_end_is_told")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_disturbance_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_disturbance_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disturbance")),
    )
    op.create_index(
        "ix_disturbance_not_over",
        "disturbance",
        ["customer_id", "starts_at"],
        unique=False,
        sqlite_where=NOT_OVER,
        postgresql_where=NOT_OVER,
    )
    op.create_index("ix_disturbance_customer_id_starts_at", "disturbance", ["customer_id", "starts_at"], unique=False)
    op.create_table(
        "disturbance_system",
        sa.Column("disturbance_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["disturbance_id"], ["disturbance.id"], name=op.f("fk_disturbance_system_disturbance_id_disturbance")
        ),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_disturbance_system_system_id_system")),
        sa.PrimaryKeyConstraint("disturbance_id", "system_id", name=op.f("pk_disturbance_system")),
    )
    op.create_index("ix_disturbance_system_system_id", "disturbance_system", ["system_id"], unique=False)
    op.create_table(
        "disturbance_update",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("disturbance_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("kind", _one_of("updatekind", "told", "ended", "resumed"), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_disturbance_update_by_id_person")),
        sa.ForeignKeyConstraint(
            ["disturbance_id"], ["disturbance.id"], name=op.f("fk_disturbance_update_disturbance_id_disturbance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disturbance_update")),
    )
    op.create_index(
        "ix_disturbance_update_disturbance_id_id", "disturbance_update", ["disturbance_id", "id"], unique=False
    )
