"""What the worker does here."""

from datetime import datetime, timedelta

from flask import current_app

from servicedesk.accountability import packages
from servicedesk.core import lookups

#: Lines in a run, so that a worker that is told to stop soon does.
MOST = 5_000


def make_packages(now: datetime) -> int:
    days = current_app.extensions["settings"].access_packages_kept_days
    return packages.make_next(now, timedelta(days=days))


def forget_packages(now: datetime) -> int:
    return packages.forget(now)


def forget_look_ups(now: datetime) -> int:
    """Those that are older than they may get."""
    days = current_app.extensions["settings"].look_ups_kept_days
    return lookups.forget_before(now - timedelta(days=days), most=MOST)
