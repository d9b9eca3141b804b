"""Courses, sessions, requirements and records of training; when people took up their jobs; who coordinates it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
#: "training_coordinator" is new.
ROLES = (
    "superbruger",
    "supporter",
    "manager",
    "system_owner",
    "training_coordinator",
    "servicedesk_manager",
    "administrator",
)
HOLDS = sa.text("withdrawn_at IS NULL")
OF_SESSION = sa.text("session_id IS NOT NULL AND withdrawn_at IS NULL")
COUNTS = sa.text("state IN ('signed_up', 'waiting')")


def upgrade() -> None:
    _widen_roles("role_grant", "role")
    _widen_roles("saved_view", "first_role")
    for column in ("employed_since", "known_since"):
        op.add_column("person", sa.Column(column, sa.Date(), nullable=True))
    _create_courses()
    _create_sessions()
    _create_requirements()
    _create_records()
    _create_reminders()


def _widen_roles(table: str, column: str) -> None:
    name = op.f(f"ck_{table}_role")
    known = ", ".join(f"'{role}'" for role in ROLES)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} IN ({known})"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _check(table: str, name: str, sql: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sql, name=op.f(f"ck_{table}_{name}"))


def _create_courses() -> None:
    op.create_table(
        "course",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", _one_of("course_kind", "classroom", "elearning", "local", "guideline"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        _check("course", "named", "name != ''"),
        _check("course", "takes_time", "minutes IS NULL OR minutes > 0"),
        _check("course", "only_guidelines_have_versions", "kind = 'guideline' OR version = 0"),
        _refers("course", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_course_customer_id_name")),
    )
    op.create_table(
        "course_system",
        sa.Column("course_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        _refers("course_system", "course_id", "course"),
        _refers("course_system", "system_id", "system"),
        sa.PrimaryKeyConstraint("course_id", "system_id", name=op.f("pk_course_system")),
    )
    op.create_index("ix_course_system_system_id", "course_system", ["system_id"])
    op.create_table(
        "guideline_text",
        sa.Column("course_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("news", sa.String(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        _check("guideline_text", "says_something", "body != ''"),
        _refers("guideline_text", "course_id", "course"),
        _refers("guideline_text", "by_id", "person"),
        sa.PrimaryKeyConstraint("course_id", "number", name=op.f("pk_guideline_text")),
    )


def _create_sessions() -> None:
    op.create_table(
        "course_session",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("course_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("instructor_id", BIG_ID, nullable=True),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        _check("course_session", "period", "ends_at > starts_at"),
        _check("course_session", "has_seats", "seats > 0"),
        _refers("course_session", "course_id", "course"),
        _refers("course_session", "customer_id", "unit"),
        _refers("course_session", "instructor_id", "person"),
        _refers("course_session", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_session")),
        sa.UniqueConstraint("uid", name=op.f("uq_course_session_uid")),
    )
    for columns in (("course_id", "starts_at"), ("customer_id", "starts_at"), ("instructor_id",)):
        op.create_index("_".join(("ix_course_session", *columns)), "course_session", list(columns))
    states = ("signed_up", "waiting", "cancelled", "attended", "absent")
    op.create_table(
        "course_sign_up",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("state", _one_of("state", *states), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        _refers("course_sign_up", "session_id", "course_session"),
        _refers("course_sign_up", "person_id", "person"),
        _refers("course_sign_up", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sign_up")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_course_sign_up_session_id_person_id")),
    )
    op.create_index("ix_course_sign_up_person_id", "course_sign_up", ["person_id"])
    op.create_index(
        "ix_course_sign_up_in_line",
        "course_sign_up",
        ["session_id", "state", "at", "id"],
        sqlite_where=COUNTS,
        postgresql_where=COUNTS,
    )


def _create_requirements() -> None:
    op.create_table(
        "requirement",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("course_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("unit_id", BIG_ID, nullable=True),
        sa.Column("role", _one_of("role", *ROLES), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("deadline_days", sa.Integer(), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        *_withdrawal(),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("requirement", "deadline", "deadline_days >= 0"),
        _check("requirement", "validity", "validity_months IS NULL OR validity_months > 0"),
        _check("requirement", "period", "ends_on IS NULL OR ends_on >= starts_on"),
        _refers("requirement", "customer_id", "unit"),
        _refers("requirement", "course_id", "course"),
        _refers("requirement", "system_id", "system"),
        _refers("requirement", "unit_id", "unit"),
        _refers("requirement", "by_id", "person"),
        _refers("requirement", "withdrawn_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    for column in ("customer_id", "course_id", "system_id"):
        op.create_index(f"ix_requirement_{column}", "requirement", [column])


def _withdrawal() -> list[sa.Column[object]]:
    return [
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by_id", BIG_ID, nullable=True),
        sa.Column("withdrawn_why", sa.String(), nullable=False),
    ]


def _create_records() -> None:
    sources = ("attendance", "instruction", "import", "signature", "exemption", "manual")
    op.create_table(
        "training_record",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("course_id", BIG_ID, nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("source", _one_of("source", *sources), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", BIG_ID, nullable=True),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        *_withdrawal(),
        _check("training_record", "period", "expires_on IS NULL OR expires_on >= obtained_on"),
        _check("training_record", "only_exemptions_end", "source = 'exemption' OR ends_on IS NULL"),
        _check("training_record", "exemption_says_why", "source != 'exemption' OR reason != ''"),
        _check("training_record", "withdrawal_says_why", "withdrawn_at IS NULL OR withdrawn_why != ''"),
        _refers("training_record", "customer_id", "unit"),
        _refers("training_record", "person_id", "person"),
        _refers("training_record", "course_id", "course"),
        _refers("training_record", "session_id", "course_session"),
        _refers("training_record", "by_id", "person"),
        _refers("training_record", "withdrawn_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_record")),
    )
    op.create_index("ix_training_record_person_id", "training_record", ["person_id"])
    op.create_index("ix_training_record_customer_id_course_id", "training_record", ["customer_id", "course_id"])
    for name, columns, where in (
        ("known_once", ["person_id", "course_id", "obtained_on", "source", "version"], HOLDS),
        ("of_session", ["session_id", "person_id"], OF_SESSION),
    ):
        op.create_index(
            f"uq_training_record_{name}",
            "training_record",
            columns,
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def _create_reminders() -> None:
    op.create_table(
        "training_reminder",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        _refers("training_reminder", "person_id", "person"),
        _refers("training_reminder", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("person_id", "week_on", name=op.f("pk_training_reminder")),
    )
    op.create_index("ix_training_reminder_customer_id_week_on", "training_reminder", ["customer_id", "week_on"])
    op.create_table(
        "training_round",
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        _refers("training_round", "customer_id", "unit"),
        sa.PrimaryKeyConstraint("customer_id", "day", name=op.f("pk_training_round")),
    )
