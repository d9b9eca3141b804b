"""What becomes of each row that refers to a person, when that person is erased.

Whatever is not named here refers to somebody by number alone and keeps doing so: the number then leads to a row that
says nothing but that there was somebody. tests/privacy holds this table against the schema, so that a new column with
people in it has to be thought of.
"""

from typing import NamedTuple

Columns = tuple[str, ...]

#: Rows that are the person's alone.
DELETED: dict[str, str] = {
    "absence": "person_id",
    "access_package": "person_id",
    "agreement_trial": "by_id",
    "calendar_link": "person_id",
    "draft": "person_id",
    "identity": "person_id",
    "import_draft": "by_id",
    "kept_file": "person_id",
    "known_error_help": "person_id",
    "meeting_answer": "person_id",
    "network_member": "person_id",
    "notice": "person_id",
    "notice_choice": "person_id",
    "notice_habit": "person_id",
    "outbox_mail": "person_id",
    "person_key": "person_id",
    "person_preferences": "person_id",
    "presence": "person_id",
    "queue_setup": "person_id",
    "recent_search": "person_id",
    "recent_ticket": "person_id",
    "report_subscription": "person_id",
    "reset_token": "person_id",
    "role_grant": "person_id",
    "send_habit": "person_id",
    "sending": "person_id",
    "sign_in": "person_id",
    "survey_invitation": "person_id",
    "system_follower": "person_id",
    "team_member": "person_id",
    "training_reminder": "person_id",
    "work_habit": "person_id",
}

#: Rows that hang on one of those, by (table, column, the table above): they go first.
HANGING: tuple[tuple[str, str, str], ...] = (
    ("report_mail", "subscription_id", "report_subscription"),
    ("survey_link", "invitation_id", "survey_invitation"),
    ("survey_answer", "invitation_id", "survey_invitation"),
)


class Owned(NamedTuple):
    """Rows that go while nobody else uses them."""

    column: str
    shared_by: str
    alone: str | None


OWNED: dict[str, Owned] = {
    "saved_view": Owned("owner_id", "sharing", "private"),
    "macro": Owned("owner_id", "audience", "own"),
    "phrase": Owned("owner_id", "team_id", None),
}

#: Who answers for something from now on has to be said anew.
EMPTIED: dict[str, Columns] = {
    "absence": ("deputy_id",),
    "appointment": ("deputy_id",),
    "role_grant": ("deputy_id",),
    "system": ("owner_id", "manager_id", "deputy_id"),
}

#: Texts that the person wrote, or that were written of him or her, in rows that count for something.
WIPED: dict[str, tuple[str, Columns]] = {
    "floor_help": ("person_id", ("note",)),
    "rating": ("person_id", ("words",)),
    "training_record": ("person_id", ("evidence", "reason", "withdrawn_why")),
}

#: Stays, by number alone: who did something at work, and what figures are told from.
KEPT: dict[str, Columns] = {
    "access_package": ("by_id",),
    "agreement_version": ("made_by_id",),
    "appointment": ("person_id", "agreed_by_id"),
    "audit_line": ("by_id",),
    "bulk_run": ("by_id",),
    "course_offer": ("person_id", "by_id"),
    "course_session": ("instructor_id", "by_id"),
    "course_sign_up": ("person_id", "by_id"),
    "disturbance": ("by_id",),
    "disturbance_me_too": ("person_id",),
    "disturbance_ticket": ("by_id",),
    "disturbance_update": ("by_id",),
    "entry": ("by_id",),
    "erasure": ("person_id", "asked_by_id"),
    "floor_help": ("person_id",),
    "follow_up": ("taken_by_id", "done_by_id"),
    "follower": ("person_id",),
    "guideline_acceptance": ("person_id",),
    "guideline_text": ("by_id",),
    "guideline_version": ("by_id",),
    "known_error": ("by_id", "changed_by_id"),
    "look_up": ("by_id", "person_id", "filer_id"),
    "legal_hold": ("person_id", "placed_by_id", "released_by_id"),
    "macro": ("owner_id",),
    "network": ("coordinator_id",),
    "network_mail": ("by_id",),
    "network_meeting": ("by_id",),
    "phrase": ("owner_id",),
    "rating": ("person_id", "supporter_id"),
    "recalculation": ("made_by_id",),
    "requirement": ("by_id", "withdrawn_by_id"),
    "role_stand_in": ("person_id",),
    "saved_view": ("owner_id",),
    "special_day": ("decided_by_id",),
    "system_review": ("signed_by_id",),
    "ticket": ("filer_id", "affected_id", "assignee_id"),
    "ticket_topic": ("by_id",),
    "topic": ("by_id",),
    "training_record": ("person_id", "by_id", "withdrawn_by_id"),
    "visit": ("by_id",),
    "visit_finding": ("by_id", "done_by_id"),
    "visit_person": ("person_id",),
}

#: Tables in which nobody's name is looked for: ids and digests, what is rewritten by itself, and what the customer's
#: registers are called, which administrators change themselves.
UNSWEPT = frozenset(
    {"entry", "ticket", "person", "person_key", "sign_in", "identity", "reset_token", "worker"}
    | {"unit", "team", "system", "system_role", "supplier", "course", "opening_hours", "agreement", "agreement_ledger"}
    | {"figure_cell", "figure_time", "figure_hour", "ticket_fact", "ticket_clock", "ticket_change", "redaction"}
    | {"doomed_file", "retention_rule", "role_stand_in", "calendar_link", "survey_link", "report_mail", "job_run"}
    | {"weekly_hours", "maintenance_window", "rating_figure", "survey_cell", "unit_kind", "hidden_number"}
)
#: Rows that go when somebody is met in them: they are about nothing else.
DELETED_WHEN_MET = frozenset({"recent_search", "rate_count"})
