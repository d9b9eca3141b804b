from pathlib import Path

import pytest

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.signin import queries
from tests.browser import Browser
from tests.desk import Desk, local_today


@pytest.fixture
def trial(database, tmp_path):
    """An installation as `servicedesk demo` makes it."""
    settings = Settings(data_dir=Path(tmp_path), database_url=database.copy(), secret_key="x" * 32, is_demo=True)
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.committing
def test_the_trial_offers_one_of_each_kind(trial):
    desk = Desk(trial)
    supporter, second, employee = (
        desk.person(Role.SUPPORTER, title="Tekniker"),
        desk.person(Role.SUPPORTER),
        desk.person(),
    )
    gone = desk.person(Role.MANAGER, is_active=False)
    browser = trial.test_client()

    page = browser.get("/sign-in").text

    assert all(person.name in page for person in (supporter, employee))
    assert "Tekniker" in page
    assert not any(f">{person.name}" in page for person in (second, gone))
    assert browser.post("/demo/sign-in", data={"person_id": str(second.id)}).status_code == 404
    assert browser.post("/demo/sign-in", data={"person_id": "x"}).status_code == 404
    assert browser.post("/demo/sign-in", data={"person_id": str(supporter.id)}).status_code == 303
    assert supporter.name in browser.get("/me").text


def test_each_role_has_its_button(desk):
    people = {role: desk.person(role) for role in Role}
    employee = desk.person()
    with desk.app.app_context():
        offered = {kind: person.id for kind, person in queries.demo_people(today=local_today())}
    assert offered.pop(None) == employee.id
    assert offered == {role: person.id for role, person in people.items()}
