"""What is due, what waits for an answer and how many are open is read off the indexes, without fetching a row."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Name, columns as before, and what comes behind them.
WIDER = (
    ("ix_ticket_by_due", ["customer_id", "is_open", "due_order", "id", "state"], ["team_id", "secrecy"]),
    (
        "ix_ticket_by_updated",
        ["customer_id", "is_open", "updated_at", "id", "state"],
        ["team_id", "secrecy", "is_unanswered"],
    ),
)


def upgrade() -> None:
    for name, columns, more in WIDER:
        op.drop_index(name, table_name="ticket")
        op.create_index(name, "ticket", [*columns, *more])


def downgrade() -> None:
    for name, columns, _more in WIDER:
        op.drop_index(name, table_name="ticket")
        op.create_index(name, "ticket", columns)
