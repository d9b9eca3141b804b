"""Figures: a fact for each ticket, sums by month, and which tickets have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = sa.Enum("incident", "request", name="kind", native_enum=False, length=30, create_constraint=True)
SECRECIES = sa.Enum(
    *("ordinary", "confidential", "security"), name="secrecy", native_enum=False, length=30, create_constraint=True
)
CAUSES = sa.Enum(
    *("fault", "missing_competence", "change", "wish", "security", "other"),
    name="cause",
    native_enum=False,
    length=30,
    create_constraint=True,
)
COUNTED = (
    *("filed", "waiting", "resolved", "at_once", "local", "passed_around", "handovers", "minutes"),
    *("in_new", "in_open", "in_waiting_user", "in_waiting_supplier"),
    *("because_fault", "because_competence", "because_change", "because_wish", "because_security", "because_other"),
    *(
        "answered",
        "solved",
        "reopened",
        "ended",
        "response_met",
        "response_breached",
        "resolution_met",
        "resolution_breached",
    ),
)
#: Sums that outgrow an integer.
LARGE = ("minutes", "in_new", "in_open", "in_waiting_user", "in_waiting_supplier")


def upgrade() -> None:
    op.create_table(
        "ticket_change",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_change_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_change")),
    )
    op.create_table(
        "ticket_fact",
        sa.Column("ticket_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("secrecy", SECRECIES, nullable=False),
        sa.Column("filed_month", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("resolved_month", "reopened_month", "ended_month")),
        sa.Column("response", _verdict("response"), nullable=True),
        sa.Column("response_month", sa.Integer(), nullable=True),
        sa.Column("resolution", _verdict("resolution"), nullable=True),
        sa.Column("resolution_month", sa.Integer(), nullable=True),
        sa.Column("cause", CAUSES, nullable=True),
        sa.Column("is_at_once", sa.Boolean(), nullable=False),
        sa.Column("is_local", sa.Boolean(), nullable=False),
        sa.Column("handovers", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("minutes", "in_new", "in_open", "in_waiting_user", "in_waiting_supplier")
        ),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("answered_after", "solved_after", "solved_after_wall")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_fact_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_ticket_fact_customer_id_unit")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_fact")),
    )
    op.create_index("ix_ticket_fact_filed", "ticket_fact", ["customer_id", "filed_month"])
    op.create_index("ix_ticket_fact_resolved", "ticket_fact", ["customer_id", "resolved_month"])
    op.create_index("ix_ticket_fact_response", "ticket_fact", ["customer_id", "response", "response_month"])
    op.create_index("ix_ticket_fact_resolution", "ticket_fact", ["customer_id", "resolution", "resolution_month"])
    _create_sums(
        "figure_cell",
        [sa.Column(name, sa.BigInteger() if name in LARGE else sa.Integer(), nullable=False) for name in COUNTED],
    )
    _create_sums(
        "figure_time",
        [
            sa.Column("what", sa.String(), nullable=False),
            sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("tickets", sa.Integer(), nullable=False),
        ],
        *("what", "minutes"),
    )
    # The worker tells them one after the other; `servicedesk figures rebuild` is quicker where there are many.
    op.execute("INSERT INTO ticket_change (ticket_id) SELECT id FROM ticket ORDER BY id")


def _verdict(name: str) -> sa.Enum:
    return sa.Enum("met", "breached", name=name, native_enum=False, length=30, create_constraint=True)


def _create_sums(table: str, columns: list[sa.Column[int]], *further: str) -> None:
    key = ("customer_id", "grouping", "unit_id", "system_id", "team_id", "month", "priority", "kind", "secrecy")
    op.create_table(
        table,
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("grouping", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("system_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("team_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("priority", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("secrecy", SECRECIES, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, *further, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("figure_time", "figure_cell", "ticket_fact", "ticket_change"):
        op.drop_table(table)
