"""A desk with a team, two supporters and an employee."""

import re
from html import unescape

import pytest

from servicedesk.core.actor import Role
from tests.tickets.conftest import act as act
from tests.tickets.conftest import unchanged as unchanged


@pytest.fixture
def team(desk):
    return desk.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def lene(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def jonas(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Jonas Lind", initials="joli")


@pytest.fixture
def chief(desk, team):
    return desk.person(Role.SERVICEDESK_MANAGER, team=team, name="Birthe Holm", initials="biho")


@pytest.fixture
def employee(desk):
    return desk.person(name="Mette Holm")


@pytest.fixture
def listed():
    """The ids of the tickets on a page of the queue, in order."""
    return lambda answer: [int(id_) for id_ in re.findall(r'<tr data-id="(\d+)"', answer.text)]


@pytest.fixture
def poll():
    """Asks as an open page does, with the address and mark that stand in it; answers what came, and the new mark."""

    def ask(browser, page, mark=None):
        [address], [first] = (re.findall(rf'data-{name}="([^"]*)"', page.text) for name in ("live", "mark"))
        address, mark = unescape(address), first if mark is None else mark
        return browser.get(address, headers={"HX-Request": "true", "X-Poll": "1", "HX-PTag": mark})

    return ask
