"""Macros: several changes and a reply in one step, shown beforehand, whole or not at all."""

import re

import pytest

from servicedesk.cockpit.macros.models import Macro
from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import Level, State


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True, name="Servicedesk")


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


RESET = {
    "name": "Nulstil adgangskode og løs",
    "place": "take",
    "reply": "Hej {{bruger.fornavn}}. Din kode er nulstillet ({{henvendelse.nummer}}).",
    "end": "resolve",
    "solution": "Adgangskoden er nulstillet.",
    "cause": "missing_competence",
    "impact": "high",
}


def made(desk, browser, **fields):
    answer = browser.post("/queue/macros/new", data={**RESET, **fields})
    assert answer.status_code == 303, words(answer)
    return desk.all(Macro)[-1].id


def test_a_macro_is_shown_and_then_done_in_one_step(desk, browse, supporter):
    macro = made(desk, browse(supporter))
    ticket = desk.ticket(by=desk.person(name="Mette Holm"))
    count = len(desk.journal(ticket))

    shown = words(browse(supporter).get(f"/tickets/{ticket}/macros/{macro}"))
    assert "Tilstand Ny Løst" in shown
    assert "Ansvarlig ingen Lene Krogh" in shown
    assert f"Hej Mette. Din kode er nulstillet (SD-{ticket})." in shown
    assert "Hvem får besked? Mette Holm" in shown
    assert len(desk.journal(ticket)) == count
    assert desk.look(ticket).state is State.NEW

    answer = browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": count})
    assert answer.status_code == 303
    done = desk.look(ticket)
    assert (done.state, done.assignee_id, done.impact) == (State.RESOLVED, supporter.id, Level.HIGH)
    assert [entry.kind.value for entry in desk.journal(ticket)[count:]] == ["taken", "changed", "replied", "resolved"]
