"""Workers that were seen at some time."""

from datetime import timedelta

import pytest

from servicedesk.upkeep.heartbeat import Logbook

#: The job of a worker for which a test names no other.
JOB = ("deliver_mails", 5)


@pytest.fixture
def now(at):
    return at("2026-03-02 09:00")


@pytest.fixture
def work(app, now):
    """`work(minutes=-5)` is a worker that was started and seen then; options of Worker's columns may follow."""

    def start(jobs=(JOB,), minutes=0.0, seconds=0.0):
        seen = now + timedelta(minutes=minutes, seconds=seconds)
        logbook = Logbook(jobs, now=seen)
        with app.app_context():
            logbook.write(now=seen)
        return logbook

    return start
