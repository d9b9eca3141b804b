"""Every change of what is known about systems: the register, known errors, disturbances."""

from servicedesk.systems.commands.announcing import announce_next
from servicedesk.systems.commands.disturbing import (
    NewDisturbance,
    declare_disturbance,
    end_disturbance,
    restore_disturbance,
    resume_disturbance,
    set_major,
    update_disturbance,
    widen_disturbance,
    withdraw_disturbance,
)
from servicedesk.systems.commands.joining import (
    add_affected,
    choose_systems,
    follow_system,
    join_disturbance,
    leave_disturbance,
    unfollow_system,
)
from servicedesk.systems.commands.knowing import (
    KnownErrorWords,
    add_known_error,
    change_known_error,
    delete_known_error,
    note_solved_by,
    restore_known_error,
    set_known_error_state,
)
from servicedesk.systems.commands.linking import make_calendar_link, revoke_calendar_link
from servicedesk.systems.commands.register import (
    SystemWords,
    add_system,
    change_system,
    set_system_active,
)

__all__ = [
    "KnownErrorWords",
    "NewDisturbance",
    "SystemWords",
    "add_affected",
    "add_known_error",
    "add_system",
    "announce_next",
    "change_known_error",
    "change_system",
    "choose_systems",
    "declare_disturbance",
    "delete_known_error",
    "end_disturbance",
    "follow_system",
    "join_disturbance",
    "leave_disturbance",
    "make_calendar_link",
    "note_solved_by",
    "restore_disturbance",
    "restore_known_error",
    "resume_disturbance",
    "revoke_calendar_link",
    "set_known_error_state",
    "set_major",
    "set_system_active",
    "unfollow_system",
    "update_disturbance",
    "widen_disturbance",
    "withdraw_disturbance",
]
