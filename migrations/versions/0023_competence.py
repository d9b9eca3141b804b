"""Topics of what people need to be shown, offers of courses, and visits with findings and follow-up."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OF_COMPETENCE = sa.text("cause = 'missing_competence'")
IN_USE = sa.text("merged_into_id IS NULL")
DUE = sa.text("done_at IS NULL")


def upgrade() -> None:
    _create_topics()
    _create_offers()
    _create_kinds()
    _create_visits()
    _create_what_came_of_visits()
    op.create_index(
        "ix_ticket_of_competence",
        "ticket",
        ["customer_id", "filed_at", "unit_id", "system_id", "secrecy", "id", "cause"],
        unique=False,
        sqlite_where=OF_COMPETENCE,
        postgresql_where=OF_COMPETENCE,
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _create_topics() -> None:
    op.create_table(
        "topic",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("course_id", BIG_ID, nullable=True),
        sa.Column("known_error_id", BIG_ID, nullable=True),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("merged_into_id", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_topic_named")),
        sa.CheckConstraint("course_id IS NULL OR known_error_id IS NULL", name=op.f("ck_topic_one_remedy")),
        _refers("topic", "customer_id", "unit"),
        _refers("topic", "system_id", "system"),
        _refers("topic", "course_id", "course"),
        _refers("topic", "known_error_id", "known_error"),
        _refers("topic", "by_id", "person"),
        _refers("topic", "merged_into_id", "topic"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index(
        "uq_topic_in_use", "topic", ["system_id", "key"], unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
    )
    op.create_index("ix_topic_customer_id", "topic", ["customer_id"], unique=False)
    op.create_table(
        "ticket_topic",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("topic_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _refers("ticket_topic", "ticket_id", "ticket"),
        _refers("ticket_topic", "topic_id", "topic"),
        _refers("ticket_topic", "by_id", "person"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_topic")),
    )
    op.create_index("ix_ticket_topic_topic_id", "ticket_topic", ["topic_id", "ticket_id"], unique=False)


def _create_offers() -> None:
    op.create_table(
        "course_offer",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("course_id", BIG_ID, nullable=True),
        sa.Column("known_error_id", BIG_ID, nullable=True),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("answer", _one_of("answer", "accepted", "declined"), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("session_id", BIG_ID, nullable=True),
        sa.CheckConstraint(
            "(course_id IS NULL) != (known_error_id IS NULL)", name=op.f("ck_course_offer_offers_one_thing")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_course_offer_answer_has_time")),
        _refers("course_offer", "customer_id", "unit"),
        _refers("course_offer", "ticket_id", "ticket"),
        _refers("course_offer", "person_id", "person"),
        _refers("course_offer", "course_id", "course"),
        _refers("course_offer", "known_error_id", "known_error"),
        _refers("course_offer", "by_id", "person"),
        _refers("course_offer", "session_id", "course_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_offer")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_course_offer_ticket_id")),
    )
    op.create_index("ix_course_offer_person_id", "course_offer", ["person_id"], unique=False)
    op.create_index("ix_course_offer_customer_id_made_at", "course_offer", ["customer_id", "made_at"], unique=False)


def _create_kinds() -> None:
    op.create_table(
        "unit_kind",
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind != ''", name=op.f("ck_unit_kind_told")),
        _refers("unit_kind", "unit_id", "unit"),
        _refers("unit_kind", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_kind")),
    )
    op.create_index("ix_unit_kind_customer_id", "unit_kind", ["customer_id"], unique=False)


def _create_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("state", _one_of("visitstate", "planned", "held", "cancelled"), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("goals != ''", name=op.f("ck_visit_has_goals")),
        _refers("visit", "customer_id", "unit"),
        _refers("visit", "unit_id", "unit"),
        _refers("visit", "system_id", "system"),
        _refers("visit", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("form_id", name=op.f("uq_visit_form_id")),
    )
    op.create_index("ix_visit_customer_id_on", "visit", ["customer_id", "visit_on"], unique=False)
    op.create_index("ix_visit_unit_id", "visit", ["unit_id"], unique=False)
    op.create_table(
        "visit_person",
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        _refers("visit_person", "visit_id", "visit"),
        _refers("visit_person", "person_id", "person"),
        sa.PrimaryKeyConstraint("visit_id", "person_id", name=op.f("pk_visit_person")),
    )
    op.create_index("ix_visit_person_person_id", "visit_person", ["person_id"], unique=False)


def _create_what_came_of_visits() -> None:
    op.create_table(
        "visit_finding",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("kind", _one_of("findingkind", "note", "ticket", "course", "guideline"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=True),
        sa.Column("course_id", BIG_ID, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by_id", BIG_ID, nullable=True),
        sa.CheckConstraint("body != ''", name=op.f("ck_visit_finding_says_something")),
        sa.CheckConstraint("kind = 'course' OR course_id IS NULL", name=op.f("ck_visit_finding_course_of_proposal")),
        sa.CheckConstraint("kind = 'ticket' OR ticket_id IS NULL", name=op.f("ck_visit_finding_ticket_of_finding")),
        _refers("visit_finding", "visit_id", "visit"),
        _refers("visit_finding", "by_id", "person"),
        _refers("visit_finding", "ticket_id", "ticket"),
        _refers("visit_finding", "course_id", "course"),
        _refers("visit_finding", "done_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_finding")),
        sa.UniqueConstraint("form_id", name=op.f("uq_visit_finding_form_id")),
    )
    op.create_index("ix_visit_finding_visit_id_id", "visit_finding", ["visit_id", "id"], unique=False)
    op.create_table(
        "visit_follow_up",
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("weeks", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        _refers("visit_follow_up", "visit_id", "visit"),
        sa.PrimaryKeyConstraint("visit_id", "weeks", name=op.f("pk_visit_follow_up")),
    )
    op.create_index(
        "ix_visit_follow_up_due", "visit_follow_up", ["due_on"], unique=False, sqlite_where=DUE, postgresql_where=DUE
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_of_competence", "ticket")
    for table in (
        *("visit_follow_up", "visit_finding", "visit_person", "visit", "unit_kind"),
        *("course_offer", "ticket_topic", "topic"),
    ):
        op.drop_table(table)
