"""What the worker does about reports."""

from datetime import datetime

from servicedesk.insight.reports import commands

#: A run does so many, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 50


def send_reports(now: datetime) -> int:
    """Puts reports of the month that is over in the post; answers how many subscriptions were seen to."""
    done = 0
    while done < AT_ONCE and commands.send_next(now=now):
        done += 1
    return done
