"""Satisfaction: ratings of closed tickets, what is done about them, surveys, and the figures that are told of both."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_ratings()
    _create_figures()
    _create_surveys()
    _create_invitations()
    _create_answers()
    op.create_index(
        "ix_ticket_closed_at",
        "ticket",
        ["closed_at"],
        unique=False,
        **_where(sa.text("state = 'closed' AND merged_into_id IS NULL")),
    )


def _where(condition: sa.TextClause) -> dict[str, Any]:
    return {"postgresql_where": condition, "sqlite_where": condition}


def _create_ratings() -> None:
    op.create_table(
        "rating_settings",
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=False),
        sa.Column("least", sa.SmallInteger(), nullable=False),
        sa.Column("follow_up_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("follow_up_days BETWEEN 1 AND 20", name=op.f("ck_rating_settings_follow_up_days")),
        sa.CheckConstraint("least >= 5", name=op.f("ck_rating_settings_least")),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_rating_settings_share")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_rating_settings_customer_id_unit")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_rating_settings")),
    )
    op.create_table(
        "rating",
        sa.Column("ticket_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column("supporter_id", BIG_ID, nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "asked", "not_chosen", "too_soon", name="outcome", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("wants_contact", sa.Boolean(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=True),
        sa.CheckConstraint("(digest IS NULL) = (outcome != 'asked')", name=op.f("ck_rating_asked_by_link")),
        sa.CheckConstraint("(step IS NULL) = (answered_at IS NULL)", name=op.f("ck_rating_answered")),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name=op.f("ck_rating_step")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_rating_customer_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rating_person_id_person")),
        sa.ForeignKeyConstraint(["supporter_id"], ["person.id"], name=op.f("fk_rating_supporter_id_person")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_rating_system_id_system")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rating_team_id_team")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_rating_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_unit_id_unit")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_rating")),
        sa.UniqueConstraint("digest", name=op.f("uq_rating_digest")),
    )
    op.create_index(
        "ix_rating_of_customer",
        "rating",
        ["customer_id", "asked_at"],
        unique=False,
        **_where(sa.text("digest IS NOT NULL")),
    )
    op.create_index(
        "ix_rating_of_person",
        "rating",
        ["person_id", "asked_at"],
        unique=False,
        **_where(sa.text("digest IS NOT NULL")),
    )
    op.create_index(
        "ix_rating_of_supporter",
        "rating",
        ["supporter_id", "asked_at"],
        unique=False,
        **_where(sa.text("digest IS NOT NULL")),
    )
    op.create_index(
        "ix_rating_of_team", "rating", ["team_id", "asked_at"], unique=False, **_where(sa.text("digest IS NOT NULL"))
    )
    op.create_table(
        "follow_up",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column(
            "reason",
            sa.Enum("low", "contact", name="reason", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("taken_by_id", BIG_ID, nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("done_by_id", BIG_ID, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_follow_up_answered")),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_follow_up_done")),
        sa.CheckConstraint("(taken_by_id IS NULL) = (taken_at IS NULL)", name=op.f("ck_follow_up_taken")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_follow_up_customer_id_unit")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_follow_up_done_by_id_person")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_follow_up_taken_by_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["rating.ticket_id"], name=op.f("fk_follow_up_ticket_id_rating")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_follow_up_ticket_id")),
    )
    op.create_index(
        "ix_follow_up_done",
        "follow_up",
        ["customer_id", "done_at"],
        unique=False,
        **_where(sa.text("done_at IS NOT NULL")),
    )
    op.create_index(
        "ix_follow_up_open", "follow_up", ["customer_id", "due_at"], unique=False, **_where(sa.text("done_at IS NULL"))
    )


def _create_figures() -> None:
    op.create_table(
        "rating_publication",
        sa.Column("customer_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("least", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("least >= 5", name=op.f("ck_rating_publication_least")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_rating_publication_customer_id_unit")),
        sa.PrimaryKeyConstraint("customer_id", "starts_on", name=op.f("pk_rating_publication")),
    )
    op.create_table(
        "rating_figure",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column(
            "about",
            sa.Enum("unit", "team", "system", name="about", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("unit_id", BIG_ID, nullable=True),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(unit_id IS NOT NULL) = (about = 'unit') AND (team_id IS NOT NULL) = (about = 'team')"
            " AND (system_id IS NOT NULL) = (about = 'system')",
            name=op.f("ck_rating_figure_about_one"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id", "starts_on"],
            ["rating_publication.customer_id", "rating_publication.starts_on"],
            name=op.f("fk_rating_figure_customer_id_starts_on_rating_publication"),
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_rating_figure_customer_id_unit")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_rating_figure_system_id_system")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rating_figure_team_id_team")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_figure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_figure")),
    )
    op.create_index(
        "ix_rating_figure_customer_id_starts_on", "rating_figure", ["customer_id", "starts_on"], unique=False
    )


def _create_surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("intro", sa.String(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column(
            "sampling",
            sa.Enum("all", "share", "number", name="sampling", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "planned",
                "open",
                "closed",
                name="surveystate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("least", sa.SmallInteger(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("previous_id", BIG_ID, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (state != 'closed')", name=op.f("ck_survey_closed")),
        sa.CheckConstraint("(sampling = 'all') = (amount IS NULL)", name=op.f("ck_survey_sampled")),
        sa.CheckConstraint("title != ''", name=op.f("ck_survey_titled")),
        sa.CheckConstraint("(least IS NULL) = (opened_at IS NULL)", name=op.f("ck_survey_least_from_opening")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_survey_period")),
        sa.CheckConstraint("least >= 5", name=op.f("ck_survey_least")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_survey_customer_id_unit")),
        sa.ForeignKeyConstraint(["previous_id"], ["survey.id"], name=op.f("fk_survey_previous_id_survey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survey_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index("ix_survey_customer_id_id", "survey", ["customer_id", "id"], unique=False)
    op.create_index("ix_survey_state", "survey", ["state"], unique=False)
    op.create_table(
        "survey_question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "steps",
                "nps",
                "yes_no",
                "one",
                "several",
                "text",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("previous_id", BIG_ID, nullable=True),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.CheckConstraint("words != ''", name=op.f("ck_survey_question_worded")),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["survey_question.id"], name=op.f("fk_survey_question_previous_id_survey_question")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_question_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
    )
    op.create_index("ix_survey_question_survey_id", "survey_question", ["survey_id"], unique=False)


def _create_invitations() -> None:
    op.create_table(
        "survey_invitation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("invited_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_invitation_survey_id_survey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survey_invitation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitation")),
        sa.UniqueConstraint("survey_id", "person_id", name=op.f("uq_survey_invitation_survey_id_person_id")),
    )
    op.create_index("ix_survey_invitation_of_person", "survey_invitation", ["person_id", "is_answered"], unique=False)
    op.create_index(
        "ix_survey_invitation_unreminded",
        "survey_invitation",
        ["survey_id", "invited_at"],
        unique=False,
        **_where(sa.text("reminded_at IS NULL")),
    )
    op.create_index(
        "ix_survey_invitation_unsent",
        "survey_invitation",
        ["survey_id", "id"],
        unique=False,
        **_where(sa.text("invited_at IS NULL")),
    )
    op.create_table(
        "survey_link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("invitation_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["survey_invitation.id"], name=op.f("fk_survey_link_invitation_id_survey_invitation")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_survey_link")),
    )
    op.create_index(op.f("ix_survey_link_invitation_id"), "survey_link", ["invitation_id"], unique=False)


def _create_answers() -> None:
    op.create_table(
        "survey_answer",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("question_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("invitation_id", BIG_ID, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["survey_invitation.id"], name=op.f("fk_survey_answer_invitation_id_survey_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["survey_question.id"], name=op.f("fk_survey_answer_question_id_survey_question")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id_survey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survey_answer_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
    )
    op.create_index(op.f("ix_survey_answer_invitation_id"), "survey_answer", ["invitation_id"], unique=False)
    op.create_index("ix_survey_answer_question_id", "survey_answer", ["question_id"], unique=False)
    op.create_index(op.f("ix_survey_answer_survey_id"), "survey_answer", ["survey_id"], unique=False)
    op.create_table(
        "survey_cell",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("question_id", BIG_ID, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_survey_cell_customer_id_unit")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["survey_question.id"], name=op.f("fk_survey_cell_question_id_survey_question")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_cell_survey_id_survey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survey_cell_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_cell")),
        sa.UniqueConstraint(
            "survey_id", "question_id", "unit_id", name=op.f("uq_survey_cell_survey_id_question_id_unit_id")
        ),
    )
    op.create_index(op.f("ix_survey_cell_unit_id"), "survey_cell", ["unit_id"], unique=False)
