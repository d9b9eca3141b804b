"""The worker's shift: jobs, signs of life, clocks that are put forward and back."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler

from servicedesk import worker
from servicedesk.core import clock
from servicedesk.core.errors import BusyError
from servicedesk.upkeep import clockwatch
from servicedesk.upkeep.clockwatch import ClockWatch
from servicedesk.upkeep.heartbeat import Logbook
from servicedesk.upkeep.models import JobRun, Outcome, Worker
from servicedesk.worker import Job, Shift, attempt
from tests.desk import Desk

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Clocks:
    """A clock on the wall that anybody can put forward or back, and the time that passes."""

    def __init__(self) -> None:
        self.wall, self.passed = START, 1000.0

    def go(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.passed += seconds

    def put(self, **by: float) -> None:
        self.wall += timedelta(**by)


@pytest.fixture
def clocks(monkeypatch):
    clocks = Clocks()
    monkeypatch.setattr(clock, "now", lambda: clocks.wall)
    monkeypatch.setattr(clockwatch, "elapsed", lambda: clocks.passed)
    return clocks


# ------------------------------------------------------------------------------------------------ the clocks


@pytest.mark.parametrize(
    "by", [{"hours": 1}, {"hours": -1}, {"days": 5 * 365}, {"days": -5 * 365}], ids=["+1 h", "-1 h", "+5 y", "-5 y"]
)
def test_a_clock_that_is_put_is_noticed_once(by):
    clocks = Clocks()
    watch = ClockWatch(lambda: clocks.wall, lambda: clocks.passed)
    clocks.go(100)
    assert not watch.look()
    clocks.put(**by)
    clocks.go(1)

    assert [watch.look(), watch.look()] == [True, False]
    assert watch.jump == timedelta(**by)
    clocks.go(7)
    assert watch.even_for == 7


def test_a_clock_that_is_only_put_right_is_left_alone():
    clocks = Clocks()
    watch = ClockWatch(lambda: clocks.wall, lambda: clocks.passed)
    for _ in range(100):
        clocks.put(seconds=2)
        clocks.go(10)
        assert not watch.look()
    assert watch.even_for == 1000


def test_time_passes():
    before = clockwatch.elapsed()
    time.sleep(0.01)
    assert 0 < clockwatch.elapsed() - before < 10


# ------------------------------------------------------------------------------------------------ a shift


@pytest.fixture
def ran():
    """Names of jobs, in the order in which they ran."""
    names: list[str] = []
    return names


@pytest.fixture
def jobs(ran):
    def job(name, seconds, erases=False):
        return Job(name, seconds, _noting(ran, name), erases=erases)

    return (job("send", 5), job("throw away", 600, erases=True))


def _noting(ran, what=None):
    def run(now):
        ran.append(what or now)
        return 0

    return run


@pytest.fixture
def shift(app, clocks, jobs):
    return Shift(app, jobs, ClockWatch(lambda: clocks.wall, lambda: clocks.passed))


def test_nothing_is_thrown_away_before_the_clock_has_gone_evenly_for_an_hour(shift, jobs, clocks, ran):
    for _ in range(3):
        for job in jobs:
            shift.look(job)
        clocks.go(1800)

    assert ran == ["send", "send", "send", "throw away"]


@pytest.fixture
def look_after(shift, jobs, clocks, ran):
    """`look_after(seconds)` lets time pass and answers which jobs run then."""

    def look(seconds):
        clocks.go(seconds)
        ran.clear()
        for job in jobs:
            shift.look(job)
        return list(ran)

    return look


@pytest.mark.parametrize("hours", [1, -1, 24])
def test_everything_rests_after_the_clock_was_put(shift, clocks, look_after, hours):
    clocks.go(4000)
    shift.tick()
    clocks.put(hours=hours)
    shift.tick()

    assert look_after(1) == []
    assert look_after(298) == []
    assert look_after(1) == ["send"]
    assert look_after(3299) == ["send"]
    assert look_after(1) == ["send", "throw away"]


@pytest.mark.parametrize("days", [2, -2, 365 * 5, -365 * 5])
def test_everything_rests_for_an_hour_after_the_clock_was_put_far(shift, clocks, look_after, days):
    clocks.go(4000)
    shift.tick()
    clocks.put(days=days)
    shift.tick()

    assert look_after(3599) == []
    assert look_after(1) == ["send", "throw away"]


@pytest.mark.parametrize("hours", [1, -1, 24 * 365 * 5, -24 * 365 * 5])
def test_a_scheduler_goes_on_after_the_clock_was_put(hours):
    """APScheduler notes by the clock on the wall when to look next."""
    looks = threading.Semaphore(0)
    scheduler = BackgroundScheduler(timezone="UTC")
    job = scheduler.add_job(looks.release, worker._Every(1), next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        assert looks.acquire(timeout=5)
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
            job.modify(next_run_time=datetime.now(UTC))  # what a shift does when it notices
            assert looks.acquire(timeout=5)
            assert looks.acquire(timeout=5)
            scheduler.shutdown(wait=True)
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)


def test_signs_of_life_come_by_the_time_that_passes(shift, clocks, desk):
    def seen():
        shift.tick()
        return desk.all(Worker)[0].seen_at

    assert seen() == START
    clocks.go(9)
    assert seen() == START
    clocks.go(1)
    assert seen() == START + timedelta(seconds=10)


def test_a_sign_of_life_that_finds_the_database_busy_comes_later(shift, desk, monkeypatch):
    def be_busy(**_):
        raise BusyError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(shift.logbook, "write", be_busy)
        assert not shift.beat()
    assert desk.count(Worker) == 0
    shift.tick()
    assert desk.count(Worker) == 1


def test_the_clock_that_was_put_is_told(shift, desk, clocks):
    shift.tick()
    clocks.put(hours=1)
    clocks.go(10)
    shift.tick()

    assert desk.all(Worker)[0].jumped_at == clocks.wall


# ------------------------------------------------------------------------------------------------ one job


@pytest.fixture
def logbook():
    return Logbook([("job", 5)], now=START)


def test_a_run_goes_on_while_there_is_something_to_do(app, logbook):
    left = [3, 2, 0, 9]

    assert attempt(app, Job("job", 5, lambda now: left.pop(0)), logbook) == 5
    assert left == [9]
    run = logbook.runs["job"]
    assert (run.outcome, run.done, run.failures) == (Outcome.DONE, 5, 0)


def test_a_run_ends_when_it_may_not_go_on(app, logbook):
    left = [3, 2, 1]

    assert attempt(app, Job("job", 5, lambda now: left.pop(0)), logbook, may_go_on=lambda: len(left) > 1) == 5
    assert left == [1]


def test_a_job_that_fails_does_not_keep_the_worker_from_the_next(app, logbook, capsys):
    def fail(now):
        raise ValueError("no")

    for failures in (1, 2):
        attempt(app, Job("job", 1, fail), logbook)
        run = logbook.runs["job"]
        assert (run.outcome, run.failures, run.error) == (Outcome.FAILED, failures, "ValueError")

    assert "job_failed" in capsys.readouterr().err
    assert logbook.running == set()


def test_a_busy_database_is_no_failure(app, logbook, capsys):
    def be_busy(now):
        raise BusyError("busy")

    attempt(app, Job("job", 1, be_busy), logbook)

    assert (logbook.runs["job"].outcome, logbook.runs["job"].failures) == (Outcome.BUSY, 0)
    assert "job_failed" not in capsys.readouterr().err


def test_what_runs_is_known_while_it_runs(app, logbook):
    seen = []

    def look(now):
        seen.extend(logbook.running)
        return 0

    attempt(app, Job("job", 1, look), logbook)

    assert (seen, logbook.running) == (["job"], set())


@pytest.mark.committing
def test_a_shift_lives_works_and_leaves(fresh_app, ran):
    desk = Desk(fresh_app)
    shift = Shift(fresh_app, (Job("work", 1, _noting(ran)),))
    shift.start()
    until = time.monotonic() + 20
    while len(ran) < 2 and time.monotonic() < until:
        shift.tick()
        time.sleep(0.05)
    assert desk.all(Worker)[0].stopped_at is None
    shift.end()

    assert desk.all(Worker)[0].stopped_at is not None
    (run,) = desk.all(JobRun)
    assert (run.job, run.outcome, len(ran) >= 2) == ("work", Outcome.DONE, True)


def test_a_job_that_hangs_does_not_keep_the_worker_from_ending(app, desk, monkeypatch):
    """What it held is free again when its lease is over, as if the worker had been killed."""
    left: list[int] = []
    monkeypatch.setattr(worker, "PATIENCE", 0.1)
    monkeypatch.setattr(os, "_exit", left.append)
    shift = Shift(app, (Job("hangs", 5, lambda now: 0),))
    shift.logbook.begin("hangs", now=START)
    shift._scheduler.start()

    shift.end()

    assert left == [0]
    assert desk.all(Worker)[0].stopped_at is not None


def test_whoever_ends_begins_nothing_new(shift, jobs, ran, clocks):
    shift._scheduler.start()
    shift.end()
    shift.look(jobs[0])

    assert ran == []
