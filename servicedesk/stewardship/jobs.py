"""What the worker does about reviews."""

from datetime import datetime

from servicedesk.stewardship import commands

#: A run does so many, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 20


def remind_of_reviews(now: datetime) -> int:
    """Reminds the owners of systems that are due for review; answers how many."""
    done = 0
    while done < AT_ONCE and commands.remind_next(now=now):
        done += 1
    return done
