"""People who are erased, what is held back, how long things are kept, and journals that were rewritten."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNFINISHED = sa.text("finished_at IS NULL")
STANDING = sa.text("released_at IS NULL")


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", INSTANT, nullable=True))
    _redactions()
    _erasures()
    _holds()
    _retention()


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _redactions() -> None:
    op.create_table(
        "redaction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "erasure", "retention", name="redactioncause", native_enum=False, length=30, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("up_to_seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        _refers("redaction", "ticket_id", "ticket"),
        _refers("redaction", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
    )
    op.create_index("ix_redaction_ticket_id", "redaction", ["ticket_id", "id"], unique=False)


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", BIG_ID, nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint("done <= total", name=op.f("ck_erasure_progress")),
        _refers("erasure", "customer_id", "unit"),
        _refers("erasure", "person_id", "person"),
        _refers("erasure", "asked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasure_person_id")),
    )
    op.create_index("ix_erasure_customer_id_id", "erasure", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_erasure_unfinished", "erasure", ["id"], unique=False, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )
    op.create_table(
        "erasure_ticket",
        sa.Column("erasure_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("ticket_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("is_on_it", sa.Boolean(), nullable=False),
        _refers("erasure_ticket", "erasure_id", "erasure"),
        _refers("erasure_ticket", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("erasure_id", "ticket_id", name=op.f("pk_erasure_ticket")),
    )
    op.create_table(
        "doomed_file",
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stored_name", name=op.f("pk_doomed_file")),
    )


def _holds() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("ticket_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("placed_by_id", BIG_ID, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by_id", BIG_ID, nullable=True),
        sa.CheckConstraint("(person_id IS NULL) != (ticket_id IS NULL)", name=op.f("ck_legal_hold_one_thing")),
        sa.CheckConstraint("reason != ''", name=op.f("ck_legal_hold_says_why")),
        sa.CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name=op.f("ck_legal_hold_released")),
        _refers("legal_hold", "customer_id", "unit"),
        _refers("legal_hold", "person_id", "person"),
        _refers("legal_hold", "ticket_id", "ticket"),
        _refers("legal_hold", "placed_by_id", "person"),
        _refers("legal_hold", "released_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_customer_id", "legal_hold", ["customer_id"], unique=False)
    for thing in ("person", "ticket"):
        op.create_index(
            f"uq_legal_hold_{thing}",
            "legal_hold",
            [f"{thing}_id"],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )


def _retention() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("months IS NULL OR months BETWEEN 1 AND 600", name=op.f("ck_retention_rule_months")),
        _refers("retention_rule", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("customer_id", "what", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("done_to", BIG_ID, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        _refers("retention_run", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index("ix_retention_run_customer_id_id", "retention_run", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_retention_run_unfinished",
        "retention_run",
        ["id"],
        unique=False,
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_table(
        "role_stand_in",
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.CheckConstraint("kind IN ('employee', 'supporter')", name=op.f("ck_role_stand_in_kind")),
        _refers("role_stand_in", "customer_id", "unit"),
        _refers("role_stand_in", "person_id", "person"),
        sa.PrimaryKeyConstraint("customer_id", "kind", name=op.f("pk_role_stand_in")),
    )


def downgrade() -> None:
    for table in ("role_stand_in", "retention_run", "retention_rule", "legal_hold", "doomed_file", "erasure_ticket"):
        op.drop_table(table)
    op.drop_table("erasure")
    op.drop_table("redaction")
    with op.batch_alter_table("person") as person:
        person.drop_column("erased_at")
