"""Every change of what is known about systems: the register, known errors, disturbances."""

from servicedesk.systems.commands.disturbing import (
    NewDisturbance,
    declare_disturbance,
    end_disturbance,
    restore_disturbance,
    resume_disturbance,
    update_disturbance,
    withdraw_disturbance,
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
from servicedesk.systems.commands.register import SystemWords, add_system, change_system, set_system_active

__all__ = [
    "KnownErrorWords",
    "NewDisturbance",
    "SystemWords",
    "add_known_error",
    "add_system",
    "change_known_error",
    "change_system",
    "declare_disturbance",
    "delete_known_error",
    "end_disturbance",
    "note_solved_by",
    "restore_disturbance",
    "restore_known_error",
    "resume_disturbance",
    "set_known_error_state",
    "set_system_active",
    "update_disturbance",
    "withdraw_disturbance",
]
