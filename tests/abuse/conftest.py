"""What the tests of hostile use share."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.abuse.town import Town, business


@pytest.fixture
def town(desk):
    return Town(desk)


@pytest.fixture
def unchanged(app) -> Callable[[], AbstractContextManager[None]]:
    """`with unchanged():` sees that nothing is left behind of what was refused."""

    @contextmanager
    def watching():
        before = business(app)
        yield
        after = business(app)
        assert {name for name in after if after[name] != before[name]} == set()

    return watching
