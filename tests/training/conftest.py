import pytest

from servicedesk.core.actor import Role


@pytest.fixture
def nexus(desk):
    return desk.system("Nexus")


@pytest.fixture
def care(desk):
    return desk.unit(name="Plejen")


@pytest.fixture
def anna(desk, care):
    return desk.person(unit=care, name="Anna Holm", initials="anho", title="Sygeplejerske")


@pytest.fixture
def coordinator(desk):
    return desk.person(Role.TRAINING_COORDINATOR, name="Karin Koordinator", initials="kako")


@pytest.fixture
def chief(desk, care):
    return desk.person(Role.MANAGER, unit=care, over=care, name="Lis Leder", initials="lile")
