"""What is asked on every page, and by the worker each minute, is read off an index however much there is."""

import pytest
from sqlalchemy import insert, text

from servicedesk.core.db import db, table_of
from servicedesk.notifications import lists
from servicedesk.notifications.models import Notice
from tests.notifications.mail_server import NOW


@pytest.fixture
def full(desk):
    """The bells of fifty people who read nearly all."""
    people = [desk.person() for _ in range(50)]
    rows = [
        {
            "person_id": person.id, "customer_id": person.customer_id, "event": "x", "thread": f"ticket-{number}",
            "source": str(number), "facts": {}, "path": "/", "made_at": NOW, "shown_from": NOW,
            "read_at": NOW if number else None,
        }
        for person in people
        for number in range(100)
    ]  # fmt: skip
    with desk.writing() as session:
        session.execute(insert(table_of(Notice)), rows)
        session.execute(text("ANALYZE notice"))
    return people


@pytest.mark.thorough
def test_the_bell_and_the_digests_use_their_indexes(app, desk, full):
    asked = {
        "ix_notice_unread": lists._UNREAD.params(person_id=full[0].id, now=NOW),
        "ix_notice_for_digest": lists._due(NOW).limit(10),
    }
    with app.app_context():
        for index, statement in asked.items():
            sql = statement.compile(db.engine, compile_kwargs={"literal_binds": False, "render_postcompile": True})
            explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
            processed = {name: sql._bind_processors.get(name, _same)(value) for name, value in sql.params.items()}
            given = processed if sql.positiontup is None else tuple(processed[name] for name in sql.positiontup)
            plan = db.session.connection().exec_driver_sql(explain + str(sql), given)
            assert index in "\n".join(map(str, plan)), index


def _same(value):
    return value
