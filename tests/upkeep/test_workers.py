"""Whether workers live and how their jobs go: what is written, and what is said of it."""

from datetime import timedelta

import pytest

from servicedesk.core.actor import SYSTEM
from servicedesk.upkeep import health, heartbeat
from servicedesk.upkeep.health import JobState, Standing
from servicedesk.upkeep.models import JobRun, Outcome, Worker
from servicedesk.upkeep.words import JOBS
from servicedesk.worker import JOBS as RUN


@pytest.fixture
def look(app, now):
    def ask(later=timedelta()):
        with app.app_context():
            return health.look(SYSTEM, now=now + later)

    return ask


def test_a_worker_tells_who_it_is_and_that_it_lives(desk, work, now):
    logbook = work()

    (worker,) = desk.all(Worker)
    assert worker.id == logbook.id and worker.host and worker.pid and worker.version
    assert (worker.started_at, worker.seen_at, worker.stopped_at) == (now, now, None)


STANDINGS = {
    "seen just now": (0, Standing.ALIVE),
    "seen a minute ago": (-60, Standing.ALIVE),
    "killed more than a minute ago": (-61, Standing.SILENT),
    "by a clock a little ahead": (60, Standing.ALIVE),
    "by a clock an hour ahead": (3600, Standing.AHEAD),
    "killed five years ago": (-5 * 365 * 86400, Standing.SILENT),
}


@pytest.mark.parametrize("case", STANDINGS)
def test_what_the_last_sign_of_life_says(work, look, case):
    seconds, standing = STANDINGS[case]
    work(seconds=seconds)

    assert [seen.standing for seen in look().workers] == [standing]


def test_a_worker_that_leaves_says_so(app, work, look, now):
    logbook = work()
    with app.app_context():
        logbook.write(now=now, is_leaving=True)

    assert [seen.standing for seen in look().workers] == [Standing.STOPPED]


def test_a_job_is_told_as_it_went(app, desk, work, look, now):
    logbook = work()
    logbook.begin("deliver_mails", now=now)
    logbook.end("deliver_mails", seconds=1.5, done=3)
    with app.app_context():
        logbook.write(now=now)

    (run,) = desk.all(JobRun)
    assert (run.started_at, run.outcome, run.done, run.seconds) == (now, Outcome.DONE, 3, 1.5)
    assert run.finished_at == now + timedelta(seconds=1.5)
    assert [job.state for job in look().jobs] == [JobState.WELL]


def test_failures_are_counted_and_told_without_their_words(app, desk, work, look, now):
    logbook = work()
    for _ in range(3):
        logbook.begin("deliver_mails", now=now)
        logbook.fail("deliver_mails", ValueError("password=hemmelig"), seconds=0.1)
    with app.app_context():
        logbook.write(now=now)

    (job,) = look().jobs
    assert (job.state, job.failures, job.error, job.failed_at) == (JobState.FAILING, 3, "ValueError", now)
    assert "hemmelig" not in str(vars(desk.all(JobRun)[0]))


def test_a_success_ends_the_failures_but_not_their_memory(app, work, look, now):
    logbook = work()
    logbook.begin("deliver_mails", now=now)
    logbook.fail("deliver_mails", ValueError(), seconds=0.1)
    logbook.begin("deliver_mails", now=now)
    logbook.end("deliver_mails", seconds=0.1, done=0)
    with app.app_context():
        logbook.write(now=now)

    (job,) = look().jobs
    assert (job.state, job.failures, job.error) == (JobState.WELL, 0, "ValueError")


def _begin(logbook, now):
    logbook.begin("deliver_mails", now=now)


def _end(logbook, now):
    _begin(logbook, now)
    logbook.end("deliver_mails", seconds=0.1, done=0)


def _postpone(logbook, now):
    _begin(logbook, now)
    logbook.postpone("deliver_mails", seconds=0.1)


def _not_at_all(_logbook, _now): ...


JOB_STATES = {
    "waits for its first turn": (_not_at_all, 30, JobState.NOT_YET),
    "ran in time": (_end, 60, JobState.WELL),
    "has not run for long": (_end, 66, JobState.LATE),
    "is running": (_begin, 30, JobState.RUNNING),
    "hangs": (_begin, 66, JobState.LATE),
    "made room for a writer": (_postpone, 10, JobState.BUSY),
    "has never run": (_not_at_all, 3666, JobState.LATE),
}


@pytest.mark.parametrize("case", JOB_STATES)
def test_how_a_job_goes(app, work, look, now, case):
    act, seconds, state = JOB_STATES[case]
    later = timedelta(seconds=seconds)
    logbook = work()
    act(logbook, now)
    with app.app_context():
        logbook.write(now=now + later)

    assert [job.state for job in look(later).jobs] == [state]


def test_a_clock_put_back_while_a_job_runs_does_not_make_it_run_for_ever(app, work, look, now):
    logbook = work()
    logbook.begin("deliver_mails", now=now + timedelta(hours=1))
    logbook.end("deliver_mails", seconds=2, done=0)
    with app.app_context():
        logbook.write(now=now)

    (job,) = look().jobs
    assert (job.state, job.seconds) == (JobState.WELL, 2)


def test_of_several_workers_the_failing_one_is_told(app, work, look, now):
    well, ill = work(), work()
    for logbook in (well, ill):
        _end(logbook, now)
    ill.begin("deliver_mails", now=now)
    ill.fail("deliver_mails", OSError(), seconds=0.1)
    with app.app_context():
        well.write(now=now)
        ill.write(now=now)

    assert [(job.state, job.failures) for job in look().jobs] == [(JobState.FAILING, 1)]
    assert len(look().alive) == 2


def test_a_worker_that_was_killed_does_not_fail_for_ever(app, work, look, now):
    ill = work(minutes=-10)
    ill.begin("deliver_mails", now=now - timedelta(minutes=10))
    ill.fail("deliver_mails", OSError(), seconds=0.1)
    with app.app_context():
        ill.write(now=now - timedelta(minutes=10))
    assert [job.state for job in look().jobs] == [JobState.FAILING]

    work()
    assert [job.state for job in look().jobs] == [JobState.NOT_YET]


def test_a_job_whose_worker_was_killed_is_not_told_as_running(app, work, look, now):
    logbook = work(minutes=-10)
    _begin(logbook, now - timedelta(minutes=10))
    with app.app_context():
        logbook.write(now=now - timedelta(minutes=10))

    assert [job.state for job in look().jobs] == [JobState.CUT_OFF]


def test_a_job_is_not_told_by_a_clock_that_is_ahead(app, work, look, now):
    ahead, well = work(minutes=90), work()
    for logbook, at in ((ahead, now + timedelta(minutes=90)), (well, now)):
        _end(logbook, at)
        with app.app_context():
            logbook.write(now=at)

    assert look().jobs[0].finished_at == now + timedelta(seconds=0.1)


def test_workers_of_long_ago_are_forgotten(app, desk, work, now):
    work(minutes=-8 * 24 * 60)
    recent, alive = work(minutes=-6 * 24 * 60), work()

    with app.app_context():
        assert [heartbeat.forget(now=now), heartbeat.forget(now=now)] == [1, 0]

    assert {worker.id for worker in desk.all(Worker)} == {recent.id, alive.id}
    assert {run.worker_id for run in desk.all(JobRun)} == {recent.id, alive.id}


def test_of_very_many_workers_the_last_are_kept(app, desk, work, now, monkeypatch):
    monkeypatch.setattr(heartbeat, "MOST_KEPT", 2)
    for minutes in (-3, -2, -1, 0):
        last = work(minutes=minutes)

    with app.app_context():
        assert heartbeat.forget(now=now) == 2
    assert last.id in {worker.id for worker in desk.all(Worker)} and desk.count(Worker) == 2


def test_a_worker_that_was_forgotten_by_mistake_is_there_again(app, desk, work, now):
    logbook = work()
    with app.app_context():
        assert heartbeat.forget(now=now + timedelta(days=5 * 365)) == 1
        logbook.write(now=now)

    assert (desk.count(Worker), desk.count(JobRun)) == (1, 1)


def test_every_job_has_words():
    assert {job.name for job in RUN} <= set(JOBS)
