"""Instants as narrow columns show them."""

import pytest

from servicedesk.core.formats import brief


@pytest.mark.parametrize(
    ("filed", "shown"),
    [
        pytest.param("2026-11-23 14:05", "23. nov. 14.05", id="this year"),
        pytest.param("2025-12-31 23:59", "31. dec. 2025", id="last year"),
    ],
)
def test_this_year_is_told_with_the_time(app, at, filed, shown):
    instant = at(filed)
    at("2026-11-24 08:00")

    with app.test_request_context():
        assert brief(instant) == shown
