"""Random organisations through the doors: pages, pieces and data that pages fetch, and many tickets at once.

What each superbruger sees and does is exactly what the oracle makes of appointments, absences and guidelines.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.core.db import db
from servicedesk.tickets.policy import TicketPermission as P
from servicedesk.tickets.workflow import MOVES, OPEN_STATES, Move
from tests.tickets.random_world import RANDOMLY, World, build


@dataclass
class Town:
    """What is asked here of a random world, when no session is open any more."""

    tickets: set[int]
    open_ones: set[int]
    #: Those whose state lets somebody take or resolve them.
    takeable: set[int]
    solvable: set[int]
    #: What each superbruger may do to each ticket, says the oracle.
    may: dict[int, dict[int, set[P]]]

    def with_(self, person: int, permission: P) -> set[int]:
        return {id_ for id_, granted in self.may[person].items() if permission in granted}


@contextmanager
def planted(app, random) -> Iterator[Town]:
    """No context stays open: each request of a browser has its own."""
    with app.app_context():
        savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]
        town = told(build(random, crosses_customers=False))
    try:
        yield town
    finally:
        savepoint.rollback()


def told(world: World) -> Town:
    def helps(person: int) -> bool:
        return any(world.has_as_superbruger(person, ticket) for ticket in world.tickets)

    return Town(
        {one.id for one in world.tickets},
        {one.id for one in world.tickets if one.state in OPEN_STATES},
        {one.id for one in world.tickets if (one.state, Move.TAKE) in MOVES},
        {one.id for one in world.tickets if (one.state, Move.RESOLVE) in MOVES},
        {person: {one.id: world.may(person, one) for one in world.tickets} for person in world.people if helps(person)},
    )


@settings(RANDOMLY, max_examples=settings().max_examples // 16)
@given(random=st.randoms(use_true_random=False))
def test_pages_pieces_and_data_show_what_the_oracle_says(app, desk, browse, at, random):
    at("2026-03-02 09:00")
    with planted(app, random) as town:
        for person in town.may:
            browser, readable, overseen = browse(person), town.with_(person, P.READ), town.with_(person, P.OVERSEE)
            assert found(browser, town, "/tickets/{}") == readable
            assert found(browser, town, "/queue/preview/{}") == overseen
            assert {id_ for id_ in town.tickets if f"/tickets/{id_}" in hrefs(browser, f"SD-{id_}")} == readable
            assert {id_ for id_ in town.tickets if f"/tickets/{id_}" in hrefs(browser, "Emne")} <= readable
            shown = browser.get("/queue?state=new&state=open&state=waiting_user&state=waiting_supplier")
            assert linked(shown) == overseen & town.open_ones if overseen else shown.status_code in (200, 403, 404)


@settings(RANDOMLY, max_examples=settings().max_examples // 16)
@given(random=st.randoms(use_true_random=False))
def test_many_at_once_reaches_what_the_oracle_says(app, desk, browse, at, random):
    at("2026-03-02 09:00")
    with planted(app, random) as town:
        for person in town.may:
            browser, readable = browse(person), town.with_(person, P.READ)
            if not town.with_(person, P.WORK):
                continue
            assert asked_for(browser) == town.with_(person, P.OVERSEE) & town.open_ones
            done, missing = run(desk, browser, town, "note", note="Set på.")
            assert done == town.with_(person, P.READ_INTERNAL)
            assert missing == town.tickets - readable
            assert run(desk, browser, town, "take")[0] == town.with_(person, P.WORK) & town.takeable
            done, missing = run(desk, browser, town, "resolve", solution="Sat i igen.", cause="fault")
            assert done == town.with_(person, P.RESOLVE) & town.solvable
            assert missing == town.tickets - readable
            for those in (town.open_ones, town.takeable, town.solvable):
                those -= done


def found(browser, town: Town, address: str) -> set[int]:
    answers = {id_: browser.get(address.format(id_)).status_code for id_ in town.tickets}
    assert set(answers.values()) <= {200, 403, 404}
    return {id_ for id_, status in answers.items() if status == 200}


def hrefs(browser, typed: str) -> set[str]:
    answer = browser.get("/palette", query_string={"q": typed})
    return {line["href"] for group in answer.get_json()["groups"] for line in group["lines"]}


def linked(answer) -> set[int]:
    return {int(id_) for id_ in re.findall(r'href="/tickets/(\d+)[?"]', answer.text)}


def asked_for(browser) -> set[int]:
    """The tickets that "all that match" means, as the page says them again."""
    answer = browser.post("/queue/bulk", data={"all_matching": "1", "do": "note", "note": "Set på."})
    listed = re.search(r'name="tickets" value="([\d,]*)"', answer.text)
    return {int(id_) for id_ in listed[1].split(",")} if listed else set()


def run(desk, browser, town: Town, do: str, **fields: Any) -> tuple[set[int], set[int]]:
    """Does it to every ticket there is; answers to which it was done, and which were said not to be there."""
    tickets = ",".join(map(str, sorted(town.tickets)))
    sent = {"tickets": tickets, "do": do, "form_id": token_hex(16), "stamp": "", **fields}
    page = browser.post("/queue/bulk/runs", data=sent).location
    key = int(page.rsplit("/", 1)[1])
    while desk.get(BulkRun, key).finished_at is None:
        assert browser.post(f"{page}/more").status_code == 303
    results = desk.all(BulkResult, run_id=key)
    assert not [one for one in results if one.outcome is Outcome.FAILED]
    done = {one.ticket_id for one in results if one.outcome is Outcome.DONE}
    return done, {one.ticket_id for one in results if one.reason == "Henvendelsen findes ikke."}
