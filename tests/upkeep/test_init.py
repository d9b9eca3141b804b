"""`servicedesk init` makes what is missing, and says what is there; `policy show` tells who may do what."""

import json

import pytest

from servicedesk.agreements.models import Agreement
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, RoleGrant, Team, Unit
from servicedesk.signin.models import Identity
from tests.desk import Desk

ADMIN = ("--organisation", "Odder Kommune", "--admin-initials", "ada", "--admin-name", "Ada Lund")


def init(app, *args, **more):
    return app.test_cli_runner().invoke(args=["init", *args], **more)


@pytest.mark.committing
def test_an_empty_database_becomes_an_installation(database, tmp_path):
    from tests.apps import make_app

    app = make_app(database.blank(), tmp_path)
    answer = init(app, *ADMIN)

    assert answer.exit_code == 0, answer.output
    desk = Desk(app)
    assert [unit.name for unit in desk.all(Unit)] == ["Odder Kommune"]
    first_line, closed = desk.all(Team)
    assert (first_line.is_first_line, first_line.is_closed) == (True, False)
    assert (closed.is_closed, closed.receives_confidential, closed.receives_security) == (True, True, True)
    (grant,) = desk.all(RoleGrant)
    assert (grant.role, grant.unit_id, grant.system_id) == (Role.ADMINISTRATOR, None, None)
    (agreement,) = desk.all(Agreement)
    assert agreement.is_example
    assert "Password, shown only now: " in answer.output
    with app.app_context():
        from servicedesk.core.db import db

        db.engine.dispose()


def test_repeated_it_says_what_is_there_and_changes_nothing(app, desk):
    init(app, *ADMIN)
    before = {kind: desk.count(kind) for kind in (Unit, Team, Person, RoleGrant, Identity, Agreement)}

    answer = init(app, "--admin-initials", "bo", "--admin-name", "Bo Holm")

    assert answer.exit_code == 0
    assert answer.output.count("is there already") == 5
    assert "Password" not in answer.output
    assert {kind: desk.count(kind) for kind in before} == before


def test_teams_that_have_these_duties_are_kept(app, desk):
    desk.team(customer=desk.home, name="It-hjælpen", is_first_line=True)

    assert "Team It-hjælpen: is there already." in init(app, *ADMIN).output


def test_the_password_comes_from_standard_input(app, desk):
    answer = init(app, *ADMIN, "--admin-password-stdin", input="en lang sætning om trommer\n")

    assert answer.exit_code == 0, answer.output
    assert "signs in as ada" in answer.output
    assert "trommer" not in answer.output


def test_a_weak_password_is_refused_and_the_next_try_works(app, desk):
    assert init(app, *ADMIN, "--admin-password-stdin", input="password\n").exit_code == 1
    assert desk.count(Identity) == 0

    assert init(app, *ADMIN, "--admin-password-stdin", input="en lang sætning om trommer\n").exit_code == 0


def test_without_an_administrator_it_says_how_to_make_one(app, desk):
    answer = init(app)

    assert answer.exit_code == 0
    assert "--admin-initials" in answer.output
    assert desk.count(Person) == 0


def test_half_an_administrator_is_not_enough(app, desk):
    assert init(app, "--admin-name", "Ada Lund").exit_code == 2


def test_the_policy_is_shown_with_every_route(app):
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["policy", "show", "--json"]).output)

    assert told["permissions"]["ticket.judge"] == "is_users"
    assert {"method": "GET", "route": "/healthz", "access": "public"} in told["routes"]
    assert len(told["routes"]) >= len(list(app.url_map.iter_rules()))
    shown = runner.invoke(args=["policy", "show"]).output
    assert "ticket.judge" in shown
    assert "/healthz" in shown
