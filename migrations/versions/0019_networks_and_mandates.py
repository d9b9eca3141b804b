"""Networks of superbrugere with their mails and meetings, known errors by mandate, and mails that are dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
DELIVERIES = ("waiting", "sent", "dead")
#: New with this.
DROPPED = "dropped"


def upgrade() -> None:
    _widen_guidelines()
    _let_deliveries_be(*DELIVERIES, DROPPED)
    _create_networks()
    _create_mails()
    _create_meetings()


def _widen_guidelines() -> None:
    op.add_column("guideline", sa.Column("writes_known", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("guideline") as batch:
        batch.alter_column("writes_known", existing_type=sa.Boolean(), server_default=None)


def _let_deliveries_be(*values: str) -> None:
    name = op.f("ck_outbox_mail_delivery")
    known = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"delivery IN ({known})"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _create_networks() -> None:
    op.create_table(
        "network",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("kind", _one_of("network_kind", "system", "it"), nullable=True),
        sa.Column("coordinator_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_network_named")),
        _refers("network", "customer_id", "unit"),
        _refers("network", "system_id", "system"),
        _refers("network", "coordinator_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_network_customer_id_name")),
    )
    op.create_table(
        "network_member",
        sa.Column("network_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _refers("network_member", "network_id", "network"),
        _refers("network_member", "person_id", "person"),
        sa.PrimaryKeyConstraint("network_id", "person_id", name=op.f("pk_network_member")),
    )
    op.create_index("ix_network_member_person_id", "network_member", ["person_id"])


def _create_mails() -> None:
    op.create_table(
        "network_mail",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("network_id", BIG_ID, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("receivers", sa.Integer(), nullable=False),
        _refers("network_mail", "network_id", "network"),
        _refers("network_mail", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_mail")),
        sa.UniqueConstraint("form_id", name=op.f("uq_network_mail_form_id")),
    )
    op.create_index("ix_network_mail_network_id_id", "network_mail", ["network_id", "id"])


def _create_meetings() -> None:
    op.create_table(
        "network_meeting",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("network_id", BIG_ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_network_meeting_period")),
        sa.CheckConstraint("title != ''", name=op.f("ck_network_meeting_titled")),
        _refers("network_meeting", "network_id", "network"),
        _refers("network_meeting", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_network_meeting_uid")),
    )
    op.create_index("ix_network_meeting_network_id_starts_at", "network_meeting", ["network_id", "starts_at"])
    op.create_table(
        "meeting_answer",
        sa.Column("meeting_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("answer", _one_of("coming", "yes", "maybe", "no"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _refers("meeting_answer", "meeting_id", "network_meeting"),
        _refers("meeting_answer", "person_id", "person"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_answer")),
    )


def downgrade() -> None:
    for table in ("meeting_answer", "network_meeting", "network_mail", "network_member", "network"):
        op.drop_table(table)
    op.execute("UPDATE outbox_mail SET delivery = 'dead' WHERE delivery = 'dropped'")
    _let_deliveries_be(*DELIVERIES)
    op.drop_column("guideline", "writes_known")
