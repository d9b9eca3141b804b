"""`servicedesk sweep` and `servicedesk worker status`: the worker by hand."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from servicedesk import worker
from servicedesk.cli import program
from servicedesk.core.errors import BusyError
from servicedesk.signin.models import SignIn
from servicedesk.upkeep.models import Outcome
from servicedesk.worker import Job, Shift

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def sweep(app, *more):
    return app.test_cli_runner().invoke(program, ["sweep", *more])


def test_sweep_tells_of_each_job(app, desk):
    answer = sweep(app)

    assert answer.exit_code == 0, answer.output
    lines = [line for line in answer.stdout.splitlines() if ": " in line]
    assert lines == [f"{job.name}: nothing due" for job in worker.JOBS]


def test_sweep_goes_over_all_jobs_until_nothing_is_due(app):
    """What a job makes is done in the same sweep by one that stands before it."""
    answers = {"send": [2, 0, 3, 0], "make": [1, 0]}
    jobs = tuple(Job(name, 5, _answering(left)) for name, left in answers.items())

    told = list(worker.sweep(app, now=START, jobs=jobs))

    assert {run.job: done for run, done in told} == {"send": 5, "make": 1}


def _noting(seen):
    def run(now):
        seen.append(now)
        return 0

    return run


def _answering(left):
    return lambda now: left.pop(0) if left else 0


def test_sweep_does_what_is_due_at_the_time_given(app):
    acted: list[datetime] = []
    erased: list[datetime] = []
    jobs = (Job("acts", 5, _noting(acted)), Job("erases", 5, _noting(erased), erases=True))
    ahead = datetime.now(UTC) + timedelta(days=5 * 365)

    list(worker.sweep(app, now=ahead, jobs=jobs))

    assert acted == [ahead]
    assert erased[0] - datetime.now(UTC) < timedelta(seconds=5)


def test_sweep_years_ahead_signs_nobody_out(app, desk):
    desk.sign_in(desk.person())

    assert sweep(app, "--now", "2050-01-01T00:00:00Z").exit_code == 0
    assert desk.count(SignIn) == 1


def test_sweep_says_no_when_a_job_fails(app, monkeypatch):
    def fail(now):
        raise OSError("secret")

    jobs = (Job("ill", 5, fail), Job("well", 5, lambda now: 0))
    monkeypatch.setattr(worker, "JOBS", jobs)

    answer = sweep(app, "--json")

    assert answer.exit_code == 1
    told = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    assert told == [
        {"job": "ill", "done": 0, "outcome": "failed", "error": "OSError"},
        {"job": "well", "done": 0, "outcome": "done", "error": None},
    ]
    assert "ill: failed after 0 (OSError; the log says more)\n" in sweep(app).stdout


def test_sweep_waits_a_little_for_other_writers(app, monkeypatch):
    answers = [BusyError("busy"), BusyError("busy"), 0]
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def be_busy(now):
        answer = answers.pop(0)
        if isinstance(answer, BusyError):
            raise answer
        return answer

    ((run, done),) = worker.sweep(app, now=START, jobs=(Job("job", 5, be_busy),))

    assert (run.outcome, done, answers) == (Outcome.DONE, 0, [])


@pytest.mark.parametrize(
    "now", ["2026-03-02T08:00:00", "2026-03-02", "yesterday", "", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "12:00Z"]
)
def test_sweep_refuses_what_is_no_instant(app, now):
    answer = sweep(app, "--now", now)

    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("now", ["2026-03-02T08:00:00Z", "2026-03-02T09:00+01:00", "2026-03-02 08:00:00.5+00:00"])
def test_sweep_takes_instants_of_any_zone(app, now):
    assert sweep(app, "--now", now).exit_code == 0


# ------------------------------------------------------------------------------------------------ worker status


def status(app, *more):
    return app.test_cli_runner().invoke(program, ["worker", "status", *more])


def test_status_says_no_when_no_worker_lives(app):
    answer = status(app)

    assert (answer.exit_code, answer.stdout.splitlines()[-1]) == (1, "no workers alive")


def test_status_tells_of_workers_and_jobs(app):
    Shift(app, (Job("send", 5, _answering([])), Job("throw away", 600, _answering([])))).beat()

    answer = status(app)
    told = json.loads(status(app, "--json").stdout)

    assert answer.exit_code == 0
    assert "1 worker alive" in answer.stdout and "throw away" in answer.stdout
    assert (told["alive"], told["workers"][0]["standing"]) == (1, "alive")
    assert [(job["job"], job["state"]) for job in told["jobs"]] == [("send", "not_yet"), ("throw away", "not_yet")]
