"""Passwords that cost nothing to hash, and people who have one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from argon2 import profiles

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.models import Person
from servicedesk.signin import commands, passwords

GOOD = "fire glade køer spiser"


@pytest.fixture(autouse=True)
def _cheap_hashing() -> Iterator[None]:
    passwords.use(profiles.CHEAPEST)
    yield
    passwords.use(passwords.PARAMETERS)


@pytest.fixture
def member(desk) -> Callable[..., Person]:
    """`member()` is a person who signs in with his or her initials and GOOD; takes what `desk.person` takes."""

    def make(*roles: Any, login: str | None = None, password: str | None = GOOD, **fields: Any) -> Person:
        person: Person = desk.person(*roles, **{"is_active": True, **fields})
        with desk.app.app_context():
            commands.give_identity(person.id, login=login, password=password, by=SYSTEM, now=clock.now())
        return person

    return make


@pytest.fixture
def enter(browse) -> Callable[..., Any]:
    """`enter(name, password)` types them on the sign-in page of a new browser, and answers the answer."""

    def type_in(name: str, password: str = GOOD, browser: Any = None, headers: Any = None, **more: Any) -> Any:
        data = {"name": name, "password": password, **more}
        return (browser or browse()).post("/sign-in", data=data, headers=headers)

    return type_in
