"""Every change of appointments and guidelines: one function, one transaction, one line in the audit log."""

from servicedesk.superbrugere.commands.appointing import Terms, appoint, change_appointment, end_appointment
from servicedesk.superbrugere.commands.guiding import accept_guideline, publish_guideline

__all__ = [
    "Terms",
    "accept_guideline",
    "appoint",
    "change_appointment",
    "end_appointment",
    "publish_guideline",
]
