"""CPR numbers that were hidden on tickets, and the officer for data protection."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES = (
    "superbruger",
    "supporter",
    "manager",
    "system_owner",
    "training_coordinator",
    "servicedesk_manager",
    "administrator",
)
#: New with this.
OFFICER = "data_protection_officer"


def upgrade() -> None:
    _let_roles_be("role_grant", "role", *ROLES, OFFICER)
    _let_roles_be("saved_view", "first_role", *ROLES, OFFICER)
    _let_roles_be("requirement", "role", *ROLES, OFFICER)
    op.create_table(
        "hidden_number",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hidden_number_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_hidden_number_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_number")),
    )
    op.create_index("ix_hidden_number_ticket_id", "hidden_number", ["ticket_id"], unique=False)
    op.create_index(
        "ix_audit_line_revealed",
        "audit_line",
        ["by_id", "at"],
        unique=False,
        sqlite_where=sa.text("action = 'cpr_revealed'"),
        postgresql_where=sa.text("action = 'cpr_revealed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_line_revealed", table_name="audit_line")
    op.drop_table("hidden_number")
    op.execute("DELETE FROM role_grant WHERE role = 'data_protection_officer'")
    op.execute("DELETE FROM requirement WHERE role = 'data_protection_officer'")
    op.execute("UPDATE saved_view SET first_role = NULL WHERE first_role = 'data_protection_officer'")
    _let_roles_be("role_grant", "role", *ROLES)
    _let_roles_be("saved_view", "first_role", *ROLES)
    _let_roles_be("requirement", "role", *ROLES)


def _let_roles_be(table: str, column: str, *roles: str) -> None:
    name = op.f(f"ck_{table}_role")
    known = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} IN ({known})"))
