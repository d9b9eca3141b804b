"""A small desk to search in."""

import pytest

from servicedesk.core.actor import Role


@pytest.fixture
def team(desk):
    return desk.team(name="Drift og net", is_first_line=True)


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def caller(desk):
    return desk.person(name="Åse Møller", initials="aamo", phone="87 80 12 34")
