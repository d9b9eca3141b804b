"""What the worker does for texts to use again."""

from datetime import datetime

from servicedesk.phrases import commands


def forget_phrases(now: datetime) -> int:
    """Those that were deleted 30 days ago."""
    return commands.forget(now=now)
