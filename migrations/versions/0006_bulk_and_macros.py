"""Many tickets at once, macros, and news that waits to be told together."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add_runs()
    _add_macros()
    op.create_table(
        "held_news",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_held_news_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_news")),
    )
    op.create_index(op.f("ix_held_news_bundle"), "held_news", ["bundle"], unique=False)


def _add_runs() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("undo_of_id", KEY, nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bulk_run_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_bulk_run_customer_id_unit")),
        sa.ForeignKeyConstraint(["undo_of_id"], ["bulk_run.id"], name=op.f("fk_bulk_run_undo_of_id_bulk_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("form_id", name=op.f("uq_bulk_run_form_id")),
        sa.UniqueConstraint("undo_of_id", name=op.f("uq_bulk_run_undo_of_id")),
    )
    op.create_index("ix_bulk_run_by_id_id", "bulk_run", ["by_id", "id"], unique=False)
    op.create_index("ix_bulk_run_unfinished", "bulk_run", ["made_at"], unique=False, **_where("finished_at IS NULL"))
    op.create_table(
        "bulk_result",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("ticket_id", KEY, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("outcome", _choice("outcome", "waiting", "done", "refused", "failed"), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_values", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("first_seq", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_result_run_id_bulk_run")),
        sa.PrimaryKeyConstraint("run_id", "ticket_id", name=op.f("pk_bulk_result")),
    )
    op.create_index("ix_bulk_result_run_id_outcome_place", "bulk_result", ["run_id", "outcome", "place"], unique=False)


def _add_macros() -> None:
    op.create_table(
        "macro",
        sa.Column("id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("audience", _choice("audience", "own", "team", "all"), nullable=False),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(audience = 'team') = (team_id IS NOT NULL)", name=op.f("ck_macro_team_is_named")),
        sa.CheckConstraint("name != ''", name=op.f("ck_macro_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_macro_customer_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_macro_owner_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_macro_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_macro")),
    )
    op.create_index("ix_macro_customer_id_name", "macro", ["customer_id", "name"], unique=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}
