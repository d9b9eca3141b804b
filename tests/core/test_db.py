"""What the database is asked besides the questions of a page."""

import pytest
from psycopg import Connection
from sqlalchemy import text

from servicedesk.core import db as core_db
from servicedesk.core.db import db, transaction
from servicedesk.organisation.models import Unit

pytestmark = [pytest.mark.committing, pytest.mark.postgres_only]


def test_reading_begins_nothing_and_writing_does(fresh_app):
    with fresh_app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
        assert _raw().info.transaction_status.name == "IDLE"
        with transaction() as session:
            session.add(Unit(name="Testby", path="/1/"))
            session.flush()
            assert _raw().info.transaction_status.name == "INTRANS"
        assert _raw().info.transaction_status.name == "IDLE"


def test_what_was_not_saved_is_gone(fresh_app):
    with fresh_app.app_context(), pytest.raises(ZeroDivisionError):
        _add_and_fail()
    with fresh_app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM unit")) == 0


def test_a_connection_that_died_meanwhile_is_replaced_before_anybody_notices(fresh_app, monkeypatch):
    with fresh_app.app_context():
        dead = db.session.scalar(text("SELECT pg_backend_pid()"))
        db.session.remove()
        with db.engine.connect() as other, db.engine.connect() as another:
            numbers = {one.scalar(text("SELECT pg_backend_pid()")) for one in (other, another)}
            [killer] = [one for one in (other, another) if one.scalar(text("SELECT pg_backend_pid()")) != dead]
            assert dead in numbers and killer.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": dead})
        monkeypatch.setattr(core_db, "FRESH_S", 0.0)
        assert db.session.scalar(text("SELECT pg_backend_pid()")) not in {dead, None}


def test_a_connection_that_was_just_used_is_not_asked_whether_it_lives(fresh_app, monkeypatch):
    asked = []
    with fresh_app.app_context():
        monkeypatch.setattr(db.engine.dialect, "do_ping", lambda _connection: asked.append(1))
        db.session.scalar(text("SELECT 1"))
        db.session.remove()
        first = len(asked)
        db.session.scalar(text("SELECT 1"))
        assert len(asked) == first


def _add_and_fail() -> None:
    with transaction() as session:
        session.add(Unit(name="Testby", path="/1/"))
        session.flush()
        raise ZeroDivisionError


def _raw() -> Connection:
    found = db.session.connection().connection.driver_connection
    assert isinstance(found, Connection)
    return found
