"""Times of disturbances in the reader's words."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from servicedesk.systems.telling import at_clock

NOON = datetime(2026, 11, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "words"), [(23, 13, "kl. 0.13"), (23, 0, "kl. 0"), (7, 0, "kl. 8"), (7, 30, "kl. 8.30")]
)
def test_the_hour_is_told_without_a_nought_before_it(app: Flask, hour: int, minute: int, words: str) -> None:
    at = datetime(2026, 11, 29 if hour == 23 else 30, hour, minute, tzinfo=UTC)
    with app.test_request_context():
        assert at_clock(at, NOON) == words
