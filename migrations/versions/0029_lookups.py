"""Look-ups, packages of what is kept about a person, and places of the audit log's lines in a chain."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SEEN = ("ticket", "attachment", "numbers", "person", "search", "export", "package")
ENDINGS = ("ready", "refused", "cancelled")
CHAIN = ("place", "digest", "salt", "facts_digest")


def upgrade() -> None:
    _look_ups()
    _packages()
    for name in CHAIN:
        op.add_column("audit_line", sa.Column(name, BIG_ID if name == "place" else sa.String(), nullable=True))
    op.create_index("ix_audit_line_place", "audit_line", ["place"], unique=True)
    _partial("ix_audit_line_unsealed", "audit_line", ["id"], "place IS NULL")


def _look_ups() -> None:
    op.create_table(
        "look_up",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=True),
        sa.Column("seen", _choice("seen", SEEN), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=True),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("filer_id", BIG_ID, nullable=True),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        *_people("look_up", "by_id", "person_id", "filer_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_look_up_customer_id_unit")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_look_up_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up")),
    )
    for name in ("customer_id", "by_id", "person_id"):
        op.create_index(f"ix_look_up_{name}_id", "look_up", [name, "id"], unique=False)
    _partial("ix_look_up_filer_id_id", "look_up", ["filer_id", "id"], "filer_id IS NOT NULL")
    op.create_index("ix_look_up_at", "look_up", ["at"], unique=False)


def _packages() -> None:
    op.create_table(
        "access_package",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("held_until", INSTANT, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ending", _choice("packageending", ENDINGS), nullable=True),
        sa.Column("stored_name", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_access_package_says_how_it_ended")),
        sa.CheckConstraint(
            "stored_name IS NULL OR ending = 'ready'", name=op.f("ck_access_package_has_a_file_when_ready")
        ),
        *_people("access_package", "by_id", "person_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_access_package_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_package")),
        sa.UniqueConstraint("form_id", name=op.f("uq_access_package_form_id")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_access_package_stored_name")),
    )
    op.create_index("ix_access_package_customer_id_id", "access_package", ["customer_id", "id"], unique=False)
    _partial("ix_access_package_unfinished", "access_package", ["id"], "ended_at IS NULL")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=30, create_constraint=True)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person")) for column in columns
    ]


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index("ix_audit_line_unsealed", table_name="audit_line")
    op.drop_index("ix_audit_line_place", table_name="audit_line")
    for name in CHAIN:
        op.drop_column("audit_line", name)
    op.drop_table("access_package")
    op.drop_table("look_up")
