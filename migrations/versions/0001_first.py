"""The first tables: organisation, signing in, systems, tickets, outbox and audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


#: SQLite only counts by itself in an INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SEARCH = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_document USING fts5(doc, tokenize = 'unicode61 remove_diacritics 0', prefix = '3')"
    ],
    "postgresql": [
        "CREATE TABLE search_document (ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id), doc TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_document_doc ON search_document USING gin (doc)",
    ],
}


def upgrade() -> None:
    op.create_table(
        "rate_count",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
    )
    op.create_index("ix_rate_count_expires_at", "rate_count", ["expires_at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("customer_id", BIG_ID, nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_unit_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_unit_customer_id_unit")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("customer_id", "external_id", name=op.f("uq_unit_customer_id_external_id")),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"], unique=False)
    op.create_index("ix_unit_path", "unit", ["path"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_person_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_person_customer_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("customer_id", "external_id", name=op.f("uq_person_customer_id_external_id")),
        sa.UniqueConstraint("customer_id", "initials", name=op.f("uq_person_customer_id_initials")),
    )
    op.create_index("ix_person_customer_id_name", "person", ["customer_id", "name"], unique=False)
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_index("ix_person_unit_id", "person", ["unit_id"], unique=False)

    op.create_table(
        "priority_rule",
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column(
            "impact",
            sa.Enum("high", "medium", "low", name="impact", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum("high", "medium", "low", name="urgency", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_priority_rule_customer_id_unit")),
        sa.PrimaryKeyConstraint("customer_id", "impact", "urgency", name=op.f("pk_priority_rule")),
    )
    op.create_table(
        "team",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("is_first_line", sa.Boolean(), nullable=False),
        sa.Column("receives_confidential", sa.Boolean(), nullable=False),
        sa.Column("receives_security", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_team_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_team_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_team_customer_id_name")),
    )
    op.create_table(
        "audit_line",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("customer_id", BIG_ID, nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_audit_line_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_audit_line_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
    )
    op.create_index("ix_audit_line_customer_id_id", "audit_line", ["customer_id", "id"], unique=False)
    op.create_index("ix_audit_line_subject", "audit_line", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_identity_provider_subject")),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"], unique=False)

    op.create_table(
        "import_draft",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_draft_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_import_draft_customer_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    op.create_index("ix_import_draft_by_id", "import_draft", ["by_id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=True),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum("waiting", "sent", "dead", name="delivery", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_outbox_mail_customer_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    op.create_index("ix_outbox_mail_delivery_next_try_at", "outbox_mail", ["delivery", "next_try_at"], unique=False)
    op.create_index("ix_outbox_mail_person_id", "outbox_mail", ["person_id"], unique=False)

    op.create_table(
        "reset_token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reset_token_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_reset_token")),
    )
    op.create_index("ix_reset_token_person_id", "reset_token", ["person_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"], unique=False)
    op.create_index("ix_sign_in_seen_at", "sign_in", ["seen_at"], unique=False)

    op.create_table(
        "system",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("unit_id", BIG_ID, nullable=True),
        sa.Column("owner_id", BIG_ID, nullable=True),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name != ''", name=op.f("ck_system_named")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_system_customer_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_system_owner_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_system_team_id_team")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_system_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_system_customer_id_name")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_member")),
    )
    op.create_index("ix_team_member_person_id", "team_member", ["person_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "superbruger",
                "supporter",
                "manager",
                "system_owner",
                "servicedesk_manager",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", BIG_ID, nullable=True),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_role_grant_period")),
        sa.CheckConstraint("unit_id IS NULL OR system_id IS NULL", name=op.f("ck_role_grant_one_scope")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_role_grant_system_id_system")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=True),
        sa.Column(
            "kind",
            sa.Enum("incident", "request", name="kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "secrecy",
            sa.Enum(
                "ordinary",
                "confidential",
                "security",
                name="secrecy",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum("local", "servicedesk", name="tier", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "open",
                "waiting_user",
                "waiting_supplier",
                "resolved",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "impact",
            sa.Enum("high", "medium", "low", name="impact", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum("high", "medium", "low", name="urgency", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("filer_id", BIG_ID, nullable=False),
        sa.Column("affected_id", BIG_ID, nullable=False),
        sa.Column("assignee_id", BIG_ID, nullable=True),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "fault",
                "missing_competence",
                "change",
                "wish",
                "security",
                "other",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("solution", sa.String(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopen_count", sa.SmallInteger(), nullable=False),
        sa.Column("is_unanswered", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=True),
        sa.Column("source_number", sa.String(), nullable=True),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state NOT IN ('closed', 'cancelled'))", name=op.f("ck_ticket_closed_states")
        ),
        sa.CheckConstraint(
            "is_open = (state IN ('new', 'open', 'waiting_user', 'waiting_supplier'))",
            name=op.f("ck_ticket_open_states"),
        ),
        sa.CheckConstraint("state != 'resolved' OR cause IS NOT NULL", name=op.f("ck_ticket_resolved_says_why")),
        sa.CheckConstraint("state != 'resolved' OR solution IS NOT NULL", name=op.f("ck_ticket_resolved_says_how")),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name=op.f("ck_ticket_priority")),
        sa.ForeignKeyConstraint(["affected_id"], ["person.id"], name=op.f("fk_ticket_affected_id_person")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_ticket_assignee_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_ticket_customer_id_unit")),
        sa.ForeignKeyConstraint(["filer_id"], ["person.id"], name=op.f("fk_ticket_filer_id_person")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["ticket.id"], name=op.f("fk_ticket_merged_into_id_ticket")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_ticket_system_id_system")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_ticket_team_id_team")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ticket_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("form_id", name=op.f("uq_ticket_form_id")),
        sa.UniqueConstraint("source_name", "source_number", name=op.f("uq_ticket_source_name_source_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ticket_alive_by_affected",
        "ticket",
        ["affected_id", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_ticket_alive_by_filer",
        "ticket",
        ["filer_id", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_ticket_by_affected", "ticket", ["affected_id", "id"], unique=False)
    op.create_index(
        "ix_ticket_by_assignee", "ticket", ["assignee_id", "is_open", "priority", "filed_at", "id"], unique=False
    )
    op.create_index("ix_ticket_by_filed", "ticket", ["customer_id", "is_open", "filed_at", "id", "state"], unique=False)
    op.create_index("ix_ticket_by_filer", "ticket", ["filer_id", "id"], unique=False)
    op.create_index(
        "ix_ticket_by_priority",
        "ticket",
        ["customer_id", "is_open", "priority", "filed_at", "id", "state"],
        unique=False,
    )
    op.create_index("ix_ticket_by_system", "ticket", ["system_id", "is_open", "id"], unique=False)
    op.create_index("ix_ticket_by_team", "ticket", ["team_id", "is_open", "priority", "filed_at", "id"], unique=False)
    op.create_index("ix_ticket_by_unit", "ticket", ["unit_id", "is_open", "id"], unique=False)
    op.create_index(
        "ix_ticket_by_updated", "ticket", ["customer_id", "is_open", "updated_at", "id", "state"], unique=False
    )
    op.create_index(
        "ix_ticket_merged_into_id",
        "ticket",
        ["merged_into_id"],
        unique=False,
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
    )

    op.create_table(
        "attachment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("public", "internal", name="visibility", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_attachment_customer_id_unit")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_attachment_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_attachment_stored_name")),
    )
    op.create_index("ix_attachment_ticket_id_seq", "attachment", ["ticket_id", "seq"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "filed",
                "replied",
                "noted",
                "taken",
                "assigned",
                "moved",
                "changed",
                "classified",
                "waiting",
                "resumed",
                "resolved",
                "confirmed",
                "reopened",
                "closed",
                "cancelled",
                "merged",
                "unmerged",
                "absorbed",
                "released",
                "linked",
                "unlinked",
                "followed",
                "unfollowed",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("public", "internal", name="visibility", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "open",
                "waiting_user",
                "waiting_supplier",
                "resolved",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_entry_by_id_person")),
        sa.ForeignKeyConstraint(["customer_id"], ["unit.id"], name=op.f("fk_entry_customer_id_unit")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_entry_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("ticket_id", "seq", name=op.f("uq_entry_ticket_id_seq")),
    )
    op.create_table(
        "follower",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follower_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_follower_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_follower")),
    )
    op.create_index("ix_follower_person_id_ticket_id", "follower", ["person_id", "ticket_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("other_id", BIG_ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "parent",
                "child",
                "duplicate",
                "duplicated",
                "related",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name=op.f("fk_link_other_id_ticket")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_link_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", "kind", name=op.f("pk_link")),
    )
    op.create_index("ix_link_other_id", "link", ["other_id"], unique=False)
    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
