"""The fixtures keep their own promises."""

import pytest
from sqlalchemy import text, update

from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.organisation.models import Person, Unit


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
