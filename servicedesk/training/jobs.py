"""What the worker does about training."""

from datetime import datetime

from servicedesk.training.commands import leaving, reminding

#: Sessions in a run, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 50


def remind_of_training(now: datetime) -> int:
    """Reminds people of what they must learn; answers how many."""
    return reminding.remind_next(now=now)


def give_back_seats(now: datetime) -> int:
    """Frees the seats of people who have left; answers at how many sessions."""
    done = 0
    while done < AT_ONCE and leaving.give_back_next(now=now):
        done += 1
    return done
