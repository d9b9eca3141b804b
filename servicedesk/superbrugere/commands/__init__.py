"""Every change here: one function, one transaction, one line in the audit log."""

from servicedesk.superbrugere.commands.appointing import Terms, appoint, change_appointment, end_appointment
from servicedesk.superbrugere.commands.guiding import accept_guideline, publish_guideline
from servicedesk.superbrugere.commands.helping import Help, change_help, give_help, restore_help, withdraw_help

__all__ = [
    "Help",
    "Terms",
    "accept_guideline",
    "appoint",
    "change_appointment",
    "change_help",
    "end_appointment",
    "give_help",
    "publish_guideline",
    "restore_help",
    "withdraw_help",
]
