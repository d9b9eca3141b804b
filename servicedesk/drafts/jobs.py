"""What the worker does for drafts."""

from datetime import datetime

from servicedesk.drafts import commands


def forget_drafts(now: datetime) -> int:
    """Drafts that nobody has touched for 30 days; their files go with the store's next clean-up."""
    return commands.forget(now=now)
