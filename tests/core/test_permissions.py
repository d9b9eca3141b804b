import pytest
from sqlalchemy import column, false, or_, true

from servicedesk.core import permissions
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.permissions import Permission, granted, is_open

WHO = Actor(id=1, name="Anna")


class Door(Permission):
    KNOCK = "knock"


def is_own(_who):
    return column("owner_id") == 1


def is_nobodys(_who):
    return or_(false())


def is_everybodys(_who):
    return true()


@pytest.fixture
def opened(monkeypatch):
    def declare(*ways):
        monkeypatch.setitem(permissions._declared, Door.KNOCK, ())  # taken out again after the test
        permissions.declare({Door.KNOCK: ways})
        return is_open(Door.KNOCK, WHO)

    return declare


@pytest.mark.parametrize(
    ("ways", "answer"),
    [
        pytest.param([], False, id="no way"),
        pytest.param([[is_nobodys]], False, id="a way for nobody"),
        pytest.param([[is_own, is_nobodys], [is_nobodys, is_own]], False, id="half a way for nobody"),
        pytest.param([[is_nobodys], [is_own]], True, id="a way to some rows"),
        pytest.param([[is_everybodys]], True, id="a way to all rows"),
    ],
)
def test_a_permission_is_open_to_whom_some_way_could_lead(opened, ways, answer):
    assert opened(*ways) is answer


def test_ways_that_lead_nowhere_are_not_asked_for(opened):
    opened([is_own], [is_own, is_nobodys])

    assert str(granted(Door.KNOCK, WHO)) == "owner_id = :owner_id_1"


def test_the_system_may_do_everything(opened):
    opened()

    assert is_open(Door.KNOCK, SYSTEM)
