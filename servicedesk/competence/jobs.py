"""What the worker does about visits."""

from datetime import datetime

from servicedesk.competence import commands

#: A run does so many, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 20


def follow_up_visits(now: datetime) -> int:
    """Looks at how it went after visits; answers at how many."""
    done = 0
    while done < AT_ONCE and commands.follow_up_next(now=now):
        done += 1
    return done
