"""What the tests of known errors and disturbances share."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.systems import commands


@pytest.fixture
def place(desk) -> SimpleNamespace:
    """A school with a system of its own, a system of everybody's, and who has to do with them."""
    school, care = desk.unit(name="Skolen"), desk.unit(name="Plejen")
    aula, mail = desk.system("Aula", unit=school), desk.system("E-post")
    owner = desk.person(unit=care)
    desk.grant(owner, Role.SYSTEM_OWNER, over=aula)
    return SimpleNamespace(
        school=school,
        care=care,
        aula=aula,
        mail=mail,
        owner=owner,
        teacher=desk.person(unit=school),
        nurse=desk.person(unit=care),
        supporter=desk.person(Role.SUPPORTER),
        foreign=desk.person(Role.SUPPORTER, unit=desk.customer()),
    )


@pytest.fixture
def know(desk, place) -> Callable[..., int]:
    """`know("Title", system, …)` writes a known error and answers its id."""

    def know(title: str = "Login fejler", system: Any = None, **fields: Any) -> int:
        told = commands.KnownErrorWords(system_id=(system or place.aula).id, title=title, **fields)
        with desk.app.app_context():
            return commands.add_known_error(told, by=desk.actor(place.supporter), now=clock.now()).id

    return know


@pytest.fixture
def declare(desk, place) -> Callable[..., int]:
    """`declare(system, …)` tells of a disturbance and answers its id."""

    def declare(*systems: Any, **fields: Any) -> int:
        told = {"message": "Man kan ikke logge på", **fields}
        with desk.app.app_context():
            row = commands.declare_disturbance(
                commands.NewDisturbance(system_ids=[one.id for one in systems or [place.aula]], **told),
                by=desk.actor(place.supporter),
                now=clock.now(),
            )
            return row.id

    return declare
