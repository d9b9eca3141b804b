"""The fault scripts in small, so that they are run at every change; the full counts are run by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults import failpoints, kill_sender, kill_web, mail_refused, mail_server_down, same_ticket, writers
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
