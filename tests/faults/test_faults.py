"""The fault scripts in small, so that they are run at every change; the full counts are run by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults import failpoints, kill_web, same_ticket, writers
from tests.faults.harness import Site

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
