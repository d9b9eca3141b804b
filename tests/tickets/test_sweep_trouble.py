"""What is due when something is wrong: with one ticket, or with the database."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from servicedesk.core import clock
from servicedesk.core.errors import BusyError
from servicedesk.tickets import sweep
from servicedesk.tickets.models import Ticket


@pytest.fixture
def due(desk):
    """Three tickets with something to see to."""
    ids = [desk.ticket() for _ in range(3)]
    with desk.writing() as session:
        for id_ in ids:
            session.get(Ticket, id_).next_look_at = clock.now() - timedelta(minutes=1)
    return ids


@pytest.fixture
def run(app):
    def sweep_now():
        with app.app_context():
            return sweep.sweep(clock.now())

    return sweep_now


@pytest.mark.parametrize(
    "trouble", [BusyError("busy"), OperationalError("SELECT 1", {}, Exception("gone"))], ids=["busy", "gone"]
)
def test_what_is_due_stays_due_while_the_database_is_in_trouble(run, desk, due, monkeypatch, trouble):
    def fail(*_):
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "_see_to", fail)
        with pytest.raises(type(trouble)):
            run()

    assert all(desk.look(id_).next_look_at < clock.now() for id_ in due)
    assert run() == 3


def test_a_ticket_that_cannot_be_seen_to_does_not_keep_the_others_waiting(run, desk, due, monkeypatch, capsys):
    see_to = sweep._see_to

    def stumble(tickets, now):
        if due[1] in [ticket.id for ticket in tickets]:
            raise ValueError("something odd")
        return see_to(tickets, now)

    monkeypatch.setattr(sweep, "_see_to", stumble)
    run()

    assert [desk.look(id_).next_look_at is None for id_ in due] == [True, False, True]
    assert desk.look(due[1]).next_look_at > clock.now() + timedelta(minutes=59)
    assert "ticket_put_off" in capsys.readouterr().err
