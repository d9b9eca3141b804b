"""Overviews by mail each month: who gets which, and which have been put in the post."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("ended_at IS NULL")
ENDINGS = ("by_hand", "by_mail", "no_access", "left", "no_mailbox")


def upgrade() -> None:
    op.create_table(
        "report_subscription",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("has_pdf", sa.Boolean(), nullable=False),
        sa.Column("has_xlsx", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("next_month", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column(
            "ending",
            sa.Enum(*ENDINGS, name="ending", native_enum=False, length=30, create_constraint=True),
            nullable=True,
        ),
        sa.CheckConstraint("has_pdf OR has_xlsx", name=op.f("ck_report_subscription_has_a_file")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_report_subscription_says_why_it_ended")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_subscription_person_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_report_subscription_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscription")),
    )
    op.create_index(
        "ix_report_subscription_live",
        "report_subscription",
        ["person_id", "customer_id", "chosen"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_report_subscription_due",
        "report_subscription",
        ["next_month", "id"],
        unique=False,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "report_mail",
        sa.Column("subscription_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["report_subscription.id"],
            name=op.f("fk_report_mail_subscription_id_report_subscription"),
        ),
        sa.PrimaryKeyConstraint("subscription_id", "month", "number", name=op.f("pk_report_mail")),
        sa.UniqueConstraint("digest", name=op.f("uq_report_mail_digest")),
    )


def downgrade() -> None:
    op.drop_table("report_mail")
    op.drop_table("report_subscription")
