"""Whether the application is well, told to whoever watches it."""

import pytest
from sqlalchemy import text

from servicedesk.core.db import db
from servicedesk.paths import bundled


def test_healthz_asks_no_database(browse, queries):
    with queries() as asked:
        answer = browse().get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "ok", [])


def test_readyz_is_content_with_the_present_schema(app, browse, desk):
    head = (bundled("migrations") / ".current-head").read_text(encoding="utf-8").strip()
    with desk.writing() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    assert browse().get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "statement", ["UPDATE alembic_version SET version_num = '0000'", "DELETE FROM alembic_version"]
)
def test_readyz_refuses_another_schema(browse, desk, statement):
    test_readyz_is_content_with_the_present_schema(None, browse, desk)
    with desk.writing() as session:
        session.execute(text(statement))

    answer = browse().get("/readyz")

    assert (answer.status_code, answer.text) == (503, "not ready")


def test_readyz_says_when_the_database_is_away(browse, monkeypatch):
    def gone(*_args, **_kwargs):
        raise db_error()

    monkeypatch.setattr(db.session, "scalars", gone)
    assert browse().get("/readyz").status_code == 503
    assert browse().get("/healthz").status_code == 200


def db_error():
    from sqlalchemy.exc import OperationalError

    return OperationalError("SELECT 1", {}, Exception("connection refused"))
