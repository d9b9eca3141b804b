"""What the worker does for agreements that are tried."""

from datetime import datetime

from servicedesk.insight.trying import commands, queries


def carry_on_trials(now: datetime) -> int:
    """A batch of the oldest that is under way; answers how many tickets were looked at, and one for an end."""
    trial = queries.oldest_unfinished()
    if trial is None:
        return 0
    return commands.carry_on(trial, now=now) or 1


def forget_trials(now: datetime) -> int:
    return commands.forget(now)
