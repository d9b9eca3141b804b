"""`servicedesk person …`."""

import json

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation import commands
from servicedesk.organisation.models import Person, RoleGrant, Unit


@pytest.fixture
def run(app, desk):
    assert desk.home
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["person", *(str(word) for word in words)])


def test_add_list_and_role(run, desk):
    desk.unit(name="Skolen")

    assert (
        run("add", "--initials", "anje", "--name", "Anne Jensen", "--unit", "Skolen", "--role", "manager").exit_code
        == 0
    )
    assert run("role", "anje", "supporter").exit_code == 0

    [row] = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert (row["initials"], row["unit"]) == ("anje", "Skolen")
    [anne] = desk.all(Person)
    assert [(g.role, g.unit_id) for g in desk.all(RoleGrant)] == [
        (Role.MANAGER, anne.unit_id),
        (Role.SUPPORTER, desk.home.id),
    ]


def test_bad_input_is_told_without_a_trace(run, desk):
    desk.person(initials="anje")

    taken = run("add", "--initials", "anje", "--name", "Anne")
    assert taken.exit_code == 1 and "anje" in taken.stderr and "Traceback" not in taken.output
    assert run("add", "--initials", "bo", "--name", "Bo", "--unit", "Findes ikke").exit_code == 2
    assert run("role", "nobody", "supporter").exit_code == 2


def test_import_is_the_pages_import(run, desk, tmp_path):
    file = tmp_path / "people.csv"
    unit = desk.unit(external_id="3")
    file.write_text("id;initials;name;unit_id;role\n1;anje;Anne;3;administrator\n", encoding="utf-8")

    assert "Would be: 1 made" in run("import", file, "--dry-run").stdout
    assert desk.count(Person) == 0
    done = run("import", file)
    assert "Done: 1 made" in done.stdout and "column not used: role" in done.stderr
    assert desk.all(Person)[0].unit_id == unit.id

    file.write_text("id;initials;name;unit_id\n1;anje;Anne;3\n2;bo;Bo;99\n", encoding="utf-8")
    refused = run("import", file)
    assert refused.exit_code == 1 and ":3: unit_id 99" in refused.stderr
    assert desk.count(Person) == 1


def test_the_first_administrator_is_made_once(app, desk):
    now = clock.now()

    for _time in range(2):
        with app.app_context():
            made = commands.first_administrator(
                organisation="Odder Kommune", name="Ada Min", initials="adm", today=now.date(), now=now
            )
    assert [person.id for person in desk.all(Person)] == [made.id]
    assert desk.count(Unit, parent_id=None) == 1
    assert desk.actor(made.id).grants[0].is_over_all
