"""The fault scripts in small, so that they are run at every change; the full counts are run by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults import (
    clock_changes,
    clock_jumps,
    failpoints,
    kill_bulk,
    kill_figures,
    kill_privacy,
    kill_reminders,
    kill_sender,
    kill_sending,
    kill_sweep,
    kill_web,
    long_weekend,
    mail_refused,
    mail_server_down,
    same_ticket,
    two_workers,
    writers,
)
from tests.faults.harness import Site
from tests.faults.mortal import AFTER_SEND, BEFORE_SEND

pytestmark = [pytest.mark.faults, pytest.mark.committing, pytest.mark.timeout(300)]


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    site = Site(database.copy(), tmp_path)
    yield site
    site.close()


def test_killing_web_workers_loses_and_doubles_nothing(site):
    found = kill_web.break_it(site, kills=5)

    assert found["kills"] == 5
    assert found["accepted"] > 20
    assert {name: found[name] for name in ("lost", "doubled", "half there", "violations")} == dict.fromkeys(
        ("lost", "doubled", "half there", "violations"), 0
    )


def test_whoever_sends_the_form_again_has_one_ticket(site):
    found = failpoints.break_it(site, times=2)

    assert found[failpoints.BEFORE_COMMIT] == {"forms": 2, "answered at once": 0, "one ticket": 2}
    assert found[failpoints.AFTER_COMMIT] == {"forms": 2, "answered at once": 0, "one ticket": 2}
    assert found[failpoints.AFTER_ANSWER] == {"forms": 2, "answered at once": 2, "one ticket": 2}
    assert found["in the end"] == {"half there": 0, "violations": 0}


def test_eight_writers_on_one_sqlite_file_wait_for_each_other(site, database):
    if database.dialect != "sqlite":
        pytest.skip("about SQLite's single writer")
    found = writers.break_it(site, each=5)

    assert found["lost"] == 0
    assert found["violations"] == 0
    assert found["acknowledged"] == 40


def test_nothing_is_overwritten_when_two_save_the_same_ticket(site):
    found = same_ticket.break_it(site, saves=100)

    assert found["lost"] == 0
    assert found["accepted"] == found["in the journal"]
    assert found["final is the last accepted"] is True
    assert found["violations"] == 0


def test_killing_the_sender_loses_no_mail(site):
    found = kill_sender.break_it(site, kills=4)

    for point, repeats in ((BEFORE_SEND, 0), (AFTER_SEND, 4)):
        counts = {"mails": 16, "kills": 4, "lost": 0, "sent more than once": repeats, "strangers": 0}
        assert found[point] == {**counts, "repeats that differ": 0}
    assert found["in the end"] == {"not sent": 0, "violations": 0}


def test_killing_whoever_lets_answers_go_loses_and_repeats_none(site):
    found = kill_sending.break_it(site, kills=4, answers=17)  # each kill may come after four of them

    nothing_amiss = dict.fromkeys(("lost", "said twice", "files amiss", "mails amiss", "left on the way"), 0)
    assert found["the worker"] == {"kills": 4, "answers": 17, **nothing_amiss}
    assert found["the web server"] == {"kills": 3, "answers": 3, **nothing_amiss}
    assert found["in the end"] == {"violations": 0}


def test_a_run_that_is_killed_is_carried_on_to_its_end(site):
    found = kill_bulk.break_it(site, kills=6, tickets=20)

    assert (found["kills"], found["done"], found["refused"], found["mails to them"]) == (6, 18, 2, 2)
    amiss = ("lost", "done twice", "done though refused", "still going on", "news that nobody was told", "violations")
    assert {name: found[name] for name in amiss} == dict.fromkeys(amiss, 0)
    assert found["with more or less than one mail"] == 0


def test_killing_whoever_adds_up_figures_loses_and_repeats_nothing(site):
    found = kill_figures.break_it(site, tickets=6)

    assert found["kills"] > 15  # there are so many statements
    assert found["kills of a rebuild"] > 3
    assert (found["filed"], found["resolved"]) == (6, 6)
    assert (found["half done"], found["wrong sums"], found["violations"]) == (0, 0, 0)


def test_killing_an_erasure_and_a_retention_run_leaves_nothing_half_done(site):
    found = kill_privacy.break_it(site, tickets=1, every=4)

    assert found["kills"] > 30
    assert {name: found[name] for name in ("half done", "named", "violations")} == {
        "half done": 0,
        "named": 0,
        "violations": 0,
    }
    assert (found["anonymised"], found["counted"], found["erased"]) == (1, 1, 1)


def test_mails_wait_for_a_server_that_is_down(site):
    found = mail_server_down.break_it(site, hours=1, mails=12)

    assert (found["kept while it was down"], found["sent"]) == (12, 12)
    assert {found[name] for name in ("given up", "lost", "sent more than once", "violations")} == {0}
    assert found["minutes until the last had left"] <= 15


def test_each_recipient_is_dealt_with_for_itself(site):
    found = mail_refused.break_it(site, mails=3)

    assert {answer: (counts["sent"], counts["given up"]) for answer, counts in found.items() if "sent" in counts} == {
        "taken": (3, 0),
        "put-off": (3, 0),
        "refused": (0, 3),
    }
    assert found["refused"]["reasons kept"] == ["550 no such user"]
    assert [found[answer]["tries in all"] for answer in ("taken", "put-off", "refused")] == [[1], [6], [1]]
    assert found["put-off"]["came once"] == 3


#: What must not be found after any of the faults that concern deadlines.
NOTHING_AMISS = dict.fromkeys(("missing", "doubled", "uncalled for", "at a wrong time", "violations"), 0)


def _amiss(found):
    return {name: found[name] for name in NOTHING_AMISS}


def test_killing_the_worker_neither_loses_nor_repeats_a_deadline(site):
    found = kill_sweep.break_it(site, kills=9, tickets=18)  # each of three kills may come after six of them

    assert _amiss(found) == NOTHING_AMISS
    assert (found["events"], found["entries"], found["notices"], found["mails"]) == (54, 54, 81, 27)
    assert (found["notices and mails missing"], found["notices and mails too many"]) == (0, 0)
    assert found["kills"] == 9


def test_killing_the_worker_reminds_everybody_once(site):
    found = kill_reminders.break_it(site, kills=8, people=60)

    told = dict.fromkeys(("people", "claimed", "mails", "notices"), 63)
    assert found == {"kills": 8, **told, "doubled": 0, "claimed and not told": 0}


def test_two_workers_share_what_is_due(site):
    found = two_workers.break_it(site, events=30, minutes=0)

    assert _amiss(found) == NOTHING_AMISS
    assert (found["entries"], found["alive at the end"], found["jobs that fail"]) == (30, 2, 0)


def test_what_was_missed_over_a_long_weekend_comes_with_its_right_time(site):
    found = long_weekend.break_it(site, tickets=20)

    assert _amiss(found) == NOTHING_AMISS
    assert found["missed"] > 50


@pytest.mark.once
def test_a_clock_that_is_wrong_for_a_while_repeats_and_erases_nothing(site):
    found = clock_jumps.break_it(site, tickets=8)

    assert found["short"] == {"mishaps": 4, "entries": 0, "early": 0}
    assert _amiss(found["in the end"]) == NOTHING_AMISS
    kept = ("signed out", "files thrown away", "not sent", "sent more than once")
    assert {found["in the end"][name] for name in kept} == {0}


@pytest.mark.parametrize("night", clock_changes.NIGHTS_OF_CHANGE)
@pytest.mark.parametrize("week", clock_changes.HOURS)
def test_deadlines_come_once_in_the_night_of_a_clock_change(site, night, week):
    found = clock_changes.break_it(site, 10, night, clock_changes.HOURS[week])

    assert {**_amiss(found), "late": found["late"]} == {**NOTHING_AMISS, "late": 0}
