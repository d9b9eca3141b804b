import threading
from dataclasses import replace
from email.message import EmailMessage
from functools import partial

import pytest

from servicedesk.core.language import gettext
from servicedesk.notifications import delivery, jobs, mails, things
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.notifications.smtp import PostponedError, ServerTroubleError
from tests.desk import Desk
from tests.notifications.mail_server import DATA, NOW, later


class KilledError(BaseException):
    """The process is gone."""


@pytest.fixture
def try_one(app):
    """Tries to deliver one mail at a time; `send` stands for the server."""

    def try_it(now, send):
        with app.app_context():
            return delivery.deliver_one(now, partial(mails.build, settings=app.extensions["settings"]), send)

    return try_it


@pytest.fixture
def deliver(app):
    def run(now=NOW):
        with app.app_context():
            return jobs.deliver(now)

    return run


def test_a_mail_leaves_once(deliver, desk, write, server):
    mail = write()

    assert [deliver(), deliver()] == [1, 0]

    after = desk.get(OutboxMail, mail.id)
    assert (after.delivery, after.sent_at, after.attempts, after.lease) == (Delivery.SENT, NOW, 1, None)
    assert after.facts == {}
    assert len(server.taken) == 1
    assert server.envelopes == [("servicedesk@localhost", [mail.address])]


def test_we_do_not_tell_the_machines_name(deliver, write, server):
    write()

    deliver()

    assert server.greeting == "servicedesk.test"


def test_a_mail_is_sent_once_when_the_sender_dies_before_sending(try_one, desk, write):
    mail = write()
    sent: list[EmailMessage] = []

    def die(_message):
        raise KilledError

    with pytest.raises(KilledError):
        try_one(NOW, die)

    assert try_one(later(minutes=4), sent.append) is delivery.Outcome.NOTHING_DUE
    assert try_one(later(minutes=5), sent.append) is delivery.Outcome.SENT
    assert try_one(later(minutes=30), sent.append) is delivery.Outcome.NOTHING_DUE
    assert len(sent) == 1
    assert desk.get(OutboxMail, mail.id).attempts == 2


def test_a_mail_repeats_itself_under_the_same_id_when_the_sender_dies_before_marking(try_one, write):
    write()
    sent: list[EmailMessage] = []

    def send_and_die(message):
        sent.append(message)
        raise KilledError

    with pytest.raises(KilledError):
        try_one(NOW, send_and_die)
    try_one(later(minutes=6), sent.append)

    assert len(sent) == 2
    assert sent[0].as_bytes().split(b"boundary")[0] == sent[1].as_bytes().split(b"boundary")[0]
    assert sent[0]["Message-ID"] == sent[1]["Message-ID"]


def test_a_sender_who_comes_back_late_changes_nothing(try_one, desk, write):
    mail = write()

    def be_overtaken(_message):
        try_one(later(minutes=10), lambda _: None)
        raise PostponedError("450 busy")

    try_one(NOW, be_overtaken)

    assert desk.get(OutboxMail, mail.id).delivery is Delivery.SENT


def test_each_answer_of_the_server_has_its_consequence(deliver, desk, write, server):
    waits, dies, leaves = (write(person=desk.person(email=f"{name}@x.example")) for name in ("wait", "die", "leave"))
    server.answers = {"wait@x.example": "450 mailbox busy", "die@x.example": "550 no such user"}

    deliver()
    deliver(later(seconds=59))
    server.answers = {}
    deliver(later(seconds=60))

    states = {mail.id: mail for mail in desk.all(OutboxMail)}
    assert states[waits.id].delivery is Delivery.SENT
    assert (states[waits.id].attempts, states[waits.id].last_error) == (2, None)
    assert (states[dies.id].delivery, states[dies.id].last_error) == (Delivery.DEAD, "550 no such user")
    assert states[leaves.id].attempts == 1
    assert [message["To"].addresses[0].addr_spec for message in server.taken] == ["leave@x.example", "wait@x.example"]


def test_the_server_is_asked_less_and_less_often_for_three_days(try_one, desk, write):
    mail = write()
    now, tries = NOW, []

    def be_busy(_message):
        raise PostponedError("450 busy")

    while desk.get(OutboxMail, mail.id).delivery is Delivery.WAITING:
        now = desk.get(OutboxMail, mail.id).next_try_at
        tries.append((now - NOW).total_seconds() / 60)
        try_one(now, be_busy)

    assert tries == [0, 1, 6, 21, 81, 261, 621, 1341, 2781, 4221]
    assert desk.get(OutboxMail, mail.id).last_error == "450 busy"


def test_a_mail_that_kills_its_sender_is_given_up_in_the_end(try_one, desk, write):
    mail = write()

    def die(_message):
        raise KilledError

    for attempt in range(len(delivery.WAITS) + 1):
        with pytest.raises(KilledError):
            try_one(later(hours=attempt), die)

    assert try_one(later(days=2), die) is delivery.Outcome.GIVEN_UP
    assert desk.get(OutboxMail, mail.id).delivery is Delivery.DEAD


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(deliver, desk, write, server):
    poison, well = write("no_such_template"), write()

    assert deliver() == 1

    assert desk.get(OutboxMail, poison.id).delivery is Delivery.DEAD
    assert "TemplateNotFound" in desk.get(OutboxMail, poison.id).last_error
    assert desk.get(OutboxMail, well.id).delivery is Delivery.SENT


def test_without_a_mail_server_mails_wait(deliver, desk, write):
    mail = write()

    assert deliver() == 0

    after = desk.get(OutboxMail, mail.id)
    assert (after.delivery, after.attempts, after.lease) == (Delivery.WAITING, 0, None)


def test_all_mails_leave_after_the_server_was_down(deliver, desk, write, use_server, start_server):
    for _ in range(3):
        write()
    use_server("smtp://127.0.0.1:1?starttls=no")
    for minute in range(0, 360, 5):
        assert deliver(later(minutes=minute)) == 0
    back = start_server()
    use_server(back.url)

    sent = sum(deliver(later(hours=hour)) for hour in range(6, 14))

    assert (sent, len(back.taken)) == (3, 3)
    assert desk.count(OutboxMail, delivery=Delivery.SENT) == 3


def test_trouble_with_the_server_ends_the_run(app, write):
    write()
    write()
    asked = []

    def be_down(message):
        asked.append(message)
        raise ServerTroubleError("connection refused")

    with app.app_context():
        delivery.deliver(NOW, partial(mails.build, settings=app.extensions["settings"]), be_down)

    assert len(asked) == 1


def test_a_mail_leaves_encrypted_for_a_server_with_a_good_certificate(
    deliver, write, start_server, use_server, monkeypatch
):
    server = start_server(tls=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(DATA / "certificate.pem"))
    use_server(server.url)
    write()

    assert deliver() == 1
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("tls", "address", "reason"),
    [
        pytest.param(False, "smtp://127.0.0.1:{port}", "STARTTLS", id="STARTTLS is stripped"),
        pytest.param(
            True, "smtp://localhost:{port}", "certificate verify failed", id="nobody vouches for the certificate"
        ),
        pytest.param(False, "smtps://127.0.0.1:{port}", "", id="no TLS where it should be"),
    ],
)
def test_nothing_leaves_in_clear(deliver, desk, write, start_server, use_server, tls, address, reason):
    server = start_server(tls=tls)
    use_server(address.format(port=server.url.partition("?")[0].rpartition(":")[2]))
    mail = write()

    assert deliver() == 0

    after = desk.get(OutboxMail, mail.id)
    assert after.delivery is Delivery.WAITING
    assert reason in after.last_error
    assert server.taken == []


def test_a_certificate_for_another_name_is_not_good_enough(deliver, desk, write, start_server, use_server, monkeypatch):
    server = start_server(tls=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(DATA / "certificate.pem"))
    use_server(server.url.replace("localhost", "127.0.0.1"))
    mail = write()

    assert deliver() == 0
    assert "certificate" in desk.get(OutboxMail, mail.id).last_error
    assert server.taken == []


@pytest.mark.committing
def test_many_workers_send_each_mail_once(fresh_app):
    desk = Desk(fresh_app)
    sent: list[str] = []
    for number in range(40):
        desk.add(
            OutboxMail(
                made_at=NOW, address="a@b.example", template="x", facts={}, message_id=str(number), next_try_at=NOW
            )
        )

    def work():
        with fresh_app.app_context():
            delivery.deliver(NOW, lambda mail: mail.message_id, sent.append)  # type: ignore[arg-type,return-value]

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(sent) == sorted(map(str, range(40)))
    assert desk.count(OutboxMail, delivery=Delivery.SENT) == 40


@pytest.mark.parametrize("is_demo", [False, True], ids=["an installation is told", "the trial is not"])
def test_mails_that_wait_for_a_server(app, monkeypatch, deliver, write, capsys, is_demo):
    write()
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], smtp_url="", is_demo=is_demo))
    jobs._say_that_mails_wait.cache_clear()

    assert [deliver(), deliver()] == [0, 0]
    assert capsys.readouterr().err.count("no_mail_server") == (0 if is_demo else 1)


def test_things_are_named_in_the_receivers_language(deliver, desk, write, server, monkeypatch):
    read: list[str] = []

    def named_in_words(ids, _reader):
        read.append(gettext("Kursus"))
        return {id_: things.Thing(read[-1], "") for id_ in ids}

    monkeypatch.setitem(things._names, "wordy", named_in_words)
    write(thread_id="wordy-12-1", person=desk.person(locale="en"))

    assert deliver() == 1
    assert read == ["Course"]
