"""What the worker does about people's data."""

from datetime import datetime

from servicedesk.privacy import commands


def carry_on_erasures(now: datetime) -> int:
    return commands.carry_on(now)


def keep_retention(now: datetime) -> int:
    """Begins the runs of today, and takes a step of the oldest one under way."""
    return commands.begin_due(now) + commands.keep(now)
