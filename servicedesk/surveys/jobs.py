"""What the worker does about satisfaction."""

from collections.abc import Callable
from datetime import datetime

from servicedesk.surveys.commands import asking, publishing, running

#: A run does so many, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 50


def ask_for_ratings(now: datetime) -> int:
    """Looks at tickets that were closed; answers how many."""
    return _some(asking.ask_next, now)


def publish_ratings(now: datetime) -> int:
    """Tells the figures of quarters that are over; answers how many."""
    return _some(publishing.publish_next, now)


def run_surveys(now: datetime) -> int:
    """Opens and closes surveys, invites and reminds; answers how much was done."""
    return sum(_some(step, now) for step in (running.open_or_close_next, running.invite_next, running.remind_next))


def _some(step: Callable[..., bool], now: datetime) -> int:
    done = 0
    while done < AT_ONCE and step(now=now):
        done += 1
    return done
