"""When tickets come, by the hour; and agreements that somebody tries on past tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECRECIES = sa.Enum(
    *("ordinary", "confidential", "security"), name="secrecy", native_enum=False, length=30, create_constraint=True
)
ENDINGS = sa.Enum(
    *("done", "cancelled", "refused", "failed"), name="ending", native_enum=False, length=30, create_constraint=True
)


def upgrade() -> None:
    op.add_column("ticket_fact", sa.Column("filed_on", sa.Date(), nullable=True))
    op.add_column("ticket_fact", sa.Column("filed_slot", sa.SmallInteger(), nullable=True))
    op.create_index(
        "ix_ticket_fact_came",
        "ticket_fact",
        [
            *("customer_id", "filed_on", "filed_slot", "unit_id", "system_id", "team_id"),
            *("priority", "kind", "secrecy"),
        ],
    )
    op.create_table(
        "figure_hour",
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("team_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("secrecy", SECRECIES, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("customer_id", "filed_on", "filed_slot", "team_id", "secrecy"), name=op.f("pk_figure_hour")
        ),
    )
    op.create_table(
        "agreement_trial",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done_to", BIG_ID, nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", ENDINGS, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_agreement_trial_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_agreement_trial_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_trial")),
        sa.UniqueConstraint("form_id", name=op.f("uq_agreement_trial_form_id")),
    )
    op.create_index("ix_agreement_trial_by_id_id", "agreement_trial", ["by_id", "id"])
    op.create_index(
        "ix_agreement_trial_unfinished",
        "agreement_trial",
        ["id"],
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_agreement_trial_ended_at", "agreement_trial", ["ended_at"])
    # The worker tells of them anew; what was waiting for it is told of with them.
    op.execute("INSERT INTO ticket_change (ticket_id) SELECT ticket_id FROM ticket_fact ORDER BY ticket_id")


def downgrade() -> None:
    op.drop_table("agreement_trial")
    op.drop_table("figure_hour")
    op.drop_index("ix_ticket_fact_came", "ticket_fact")
    op.drop_column("ticket_fact", "filed_slot")
    op.drop_column("ticket_fact", "filed_on")
