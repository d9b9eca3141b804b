"""How long mails wait: for a server that is away, and after a clock that was wrong has been put back."""

from datetime import timedelta

import pytest

from servicedesk.notifications import delivery
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.notifications.smtp import ServerTroubleError
from tests.notifications.mail_server import NOW, later


@pytest.fixture
def try_one(app):
    def try_it(now, send=lambda _message: None):
        with app.app_context():
            return delivery.deliver_one(now, lambda mail: mail.message_id, send)  # type: ignore[arg-type,return-value]

    return try_it


def be_away(_message):
    raise ServerTroubleError("connection refused")


def test_a_server_that_is_away_is_no_fault_of_the_mail(try_one, desk, write):
    """It is asked again every quarter of an hour for as long as it takes, and the mail leaves soon after it is back."""
    mail = write()
    now, tries = NOW, []
    while now < later(days=2):
        tries.append((now - NOW).total_seconds() / 60)
        assert try_one(now, be_away) is delivery.Outcome.NO_SERVER
        now = desk.get(OutboxMail, mail.id).next_try_at

    assert tries[:5] == [0, 1, 6, 21, 36]
    assert now - later(days=2) < timedelta(minutes=15)
    assert try_one(now) is delivery.Outcome.SENT


def test_mails_written_by_a_clock_years_ahead_leave_when_it_is_put_back(try_one, desk, write):
    mail = write(now=later(days=5 * 365))

    assert try_one(NOW) is delivery.Outcome.SENT
    assert desk.get(OutboxMail, mail.id).delivery is Delivery.SENT


def test_a_mail_held_by_a_clock_years_ahead_is_taken_again(app, try_one, desk, write):
    write()
    with app.app_context():
        delivery.claim(later(days=5 * 365))

    assert try_one(NOW) is delivery.Outcome.SENT


@pytest.mark.parametrize("minutes", [1, 60])
def test_a_mail_that_shall_wait_is_left_alone(try_one, write, minutes):
    write(now=later(minutes=minutes))

    assert try_one(NOW) is delivery.Outcome.NOTHING_DUE
