"""What the worker does for runs that nobody's page carries on."""

from datetime import datetime, timedelta

from servicedesk.cockpit.bulk import commands, queries
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.actors import load_actor

#: The page that started a run has this long for itself.
AFTER = timedelta(seconds=15)
RUNS_AT_ONCE = 10
TICKETS_AT_ONCE = 100


def carry_on(now: datetime) -> int:
    """Goes on with what was left; answers for how many tickets."""
    done = 0
    for run_id, by_id in queries.unfinished(before=now - AFTER, limit=RUNS_AT_ONCE):
        by = load_actor(by_id, today=now.astimezone(clock.own_zone()).date())
        if by is None:
            commands.give_up(run_id, now=now, by=SYSTEM)
        else:
            done += commands.carry_on(run_id, by=by, now=now, most=TICKETS_AT_ONCE)
    return done
