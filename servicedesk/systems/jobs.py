"""What the worker does about systems."""

from datetime import datetime

from servicedesk.systems import commands

#: A run does so many, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 20


def announce_maintenance(now: datetime) -> int:
    """Tells of planned maintenance that is due to be announced; answers how many."""
    done = 0
    while done < AT_ONCE and commands.announce_next(now=now):
        done += 1
    return done
