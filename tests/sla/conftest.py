import time

import pytest


@pytest.fixture(params=["UTC", "Europe/Copenhagen", "America/Sao_Paulo", "Pacific/Kiritimati"])
def machine_zone(request, monkeypatch):
    """The machine's own zone, which must make no difference."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()
