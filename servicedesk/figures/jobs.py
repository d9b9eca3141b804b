"""What the worker does for figures."""

from datetime import datetime

from servicedesk.figures import commands


def roll_up(now: datetime) -> int:
    """Tells some of what has changed; answers how many changes that were."""
    return commands.roll_up()


def tell_coverage(now: datetime) -> int:
    """Does all of it in one look, and so never has anything left to do."""
    commands.tell_coverage(now)
    return 0
