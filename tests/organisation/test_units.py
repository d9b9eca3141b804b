"""The tree of units: paths stay true whatever is moved, and nobody reaches out of his or her own part."""

import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from servicedesk.organisation import commands
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Unit

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def administrator(desk):
    return desk.actor(desk.person(Role.ADMINISTRATOR))


def move(desk, unit, parent, by):
    with desk.app.app_context():
        return commands.move_unit(unit.id, parent_id=parent.id, by=by, now=NOW)


@pytest.mark.parametrize("seed", range(8))
def test_paths_follow_the_parents_through_any_moves(desk, administrator, seed):
    chance = random.Random(seed)
    units = [desk.home]
    for _ in range(12):
        units.append(desk.unit(chance.choice(units)))

    for _ in range(25):
        unit, parent = chance.sample(units, 2)
        with suppress(RefusedError):
            move(desk, unit, parent, administrator)

    kept = {unit.id: unit for unit in desk.all(Unit)}
    for unit in kept.values():
        above = kept[unit.parent_id].path if unit.parent_id else "/"
        assert unit.path == f"{above}{unit.id}/"
        assert kept[unit.customer_id].parent_id is None


def test_a_move_takes_everything_below_along_and_is_told_in_the_audit_log(desk, administrator):
    school, care = desk.unit(name="Skoler"), desk.unit(name="Omsorg")
    leaf = desk.unit(desk.unit(school))

    move(desk, school, care, administrator)

    assert desk.get(Unit, leaf.id).path.startswith(f"{care.path}{school.id}/")
    line = desk.all(AuditLine, action="unit_moved")[0]
    assert line.facts["changes"] == {"parent": ["Testby Kommune", "Omsorg"]}
    assert (line.by_id, line.customer_id) == (administrator.id, desk.home.id)


def test_a_unit_cannot_lie_under_itself(desk, administrator):
    above = desk.unit()
    below = desk.unit(desk.unit(above))

    with pytest.raises(FieldRefusedError):
        move(desk, above, below, administrator)
    with pytest.raises(FieldRefusedError):
        move(desk, above, above, administrator)
    assert desk.get(Unit, above.id).parent_id == desk.home.id


def test_a_root_stays_a_root(desk, administrator):
    with pytest.raises(FieldRefusedError):
        move(desk, desk.home, desk.unit(), administrator)


def test_no_unit_moves_from_one_customer_to_another(desk):
    everywhere = desk.actor(desk.person(Role.ADMINISTRATOR, over="everything"))
    other = desk.customer()

    with pytest.raises(NotFoundError):
        move(desk, desk.unit(), other, everywhere)


def test_an_administrator_of_a_part_keeps_to_that_part(desk):
    own, others = desk.unit(), desk.unit()
    below = desk.unit(own)
    local = desk.actor(desk.person(Role.ADMINISTRATOR, over=own))

    move(desk, below, own, local)
    for unit, parent in [(others, own), (below, others), (below, desk.home)]:
        with pytest.raises(NotFoundError):
            move(desk, unit, parent, local)


def test_moving_units_under_ones_own_area_gives_nobody_more(desk):
    area, far = desk.unit(), desk.unit()
    person = desk.person(Role.ADMINISTRATOR)
    desk.grant(person, Role.SUPERBRUGER, over=area)

    with pytest.raises(NotAllowedError):
        move(desk, far, area, desk.actor(person))


def test_a_unit_with_people_stays_in_use(desk, administrator):
    unit = desk.unit()
    desk.person(unit=unit)

    with desk.app.app_context(), pytest.raises(ConflictError):
        commands.set_unit_active(unit.id, False, by=administrator, now=NOW)


def test_only_an_administrator_of_everything_makes_a_customer(desk, administrator):
    everywhere = desk.actor(desk.person(Role.ADMINISTRATOR, over="everything"))

    with desk.app.app_context(), pytest.raises(NotFoundError):
        commands.add_customer(name="Min egen", by=administrator, now=NOW)
    with desk.app.app_context():
        made = commands.add_customer(name="Nabo Kommune", by=everywhere, now=NOW)
    assert (made.path, made.customer_id) == (f"/{made.id}/", made.id)
