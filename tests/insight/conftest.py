"""The post of those who get reports."""

from email.message import EmailMessage
from functools import partial

import pytest

from servicedesk.core import pdf
from servicedesk.core.actor import Role
from servicedesk.insight import jobs
from servicedesk.notifications import delivery, mails


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Karen Holm")


@pytest.fixture
def work(app):
    """What the worker does about reports at a time."""

    def run(now):
        with app.app_context():
            return jobs.send_reports(now)

    return run


@pytest.fixture
def everything(app):
    """All mails that wait leave; answers them."""

    def run(now):
        sent: list[EmailMessage] = []
        build = partial(mails.build, settings=app.extensions["settings"])
        with app.app_context():
            while delivery.deliver_one(now, build, sent.append) is not delivery.Outcome.NOTHING_DUE:
                pass
        return sent

    return run


@pytest.fixture
def post(everything):
    """The same, without mails about tickets."""
    return lambda now: [one for one in everything(now) if "rapport" in one["Subject"]]


@pytest.fixture
def no_drawing(monkeypatch):
    """Drawing takes seconds; the tests that want it say so."""
    monkeypatch.setattr(pdf, "works", lambda: False)


@pytest.fixture
def can_draw(monkeypatch):
    monkeypatch.setattr(pdf, "works", lambda: True)
    monkeypatch.setattr(pdf, "drawn", lambda page: b"%PDF " + page.encode())
