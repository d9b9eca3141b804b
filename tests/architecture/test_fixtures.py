"""The fixtures keep their own promises."""

import pytest
from sqlalchemy import text, update

from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.organisation.models import Person, Unit
from servicedesk.tickets.workflow import State


@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_test_commits_is_undone(desk, _again):
    assert desk.count(Unit) == 0
    desk.person(Role.SUPPORTER)
    assert desk.count(Person) == 1


def test_a_failed_command_undoes_only_itself(desk):
    person = desk.person()
    with pytest.raises(ZeroDivisionError), desk.writing() as session:  # noqa: PT012 the raising is what is tried
        session.execute(update(Person).values(name="Changed"))
        raise ZeroDivisionError
    assert desk.get(Person, person.id).name == person.name


def test_what_a_view_forgets_to_commit_is_lost(app, desk):
    person = desk.person()
    with app.app_context():
        db.session.execute(update(Person).values(name="Changed"))
        db.session.flush()
    assert desk.get(Person, person.id).name == person.name


def test_the_engine_gives_the_tests_connection(app, desk):
    person = desk.person()
    with app.app_context(), db.engine.begin() as connection:
        assert connection.scalar(text("SELECT name FROM person")) == person.name


@pytest.mark.committing
def test_a_fresh_application_really_commits(fresh_app):
    with fresh_app.app_context(), transaction() as session:
        session.add(Unit(name="Testby", path="/1/"))
    with fresh_app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM unit")) == "Testby"


def test_statements_are_counted(desk, queries):
    desk.customer()
    with queries() as asked:
        desk.count(Unit)
    assert len(asked) == 1


@pytest.mark.parametrize("state", State)
def test_a_ticket_comes_to_any_state_by_its_commands(desk, state):
    ticket = desk.ticket(state=state)
    assert desk.look(ticket).state is state
    assert [entry.seq for entry in desk.journal(ticket)] == list(range(1, desk.look(ticket).version + 1))


def test_a_person_of_another_customer_files_there(desk):
    other = desk.customer()
    ticket = desk.ticket(by=desk.person(unit=other))
    assert desk.look(ticket).customer_id == other.id


def test_the_clock_stands_where_it_is_put(at, desk):
    now = at("2026-07-01 09:00")
    assert now.hour == 7
    assert desk.look(desk.ticket()).filed_at == now
