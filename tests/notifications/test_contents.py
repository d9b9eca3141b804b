"""What is only found out when a mail leaves: words, files, and the way out of it."""

from email import message_from_bytes
from email.policy import default

import pytest

from servicedesk.core.errors import BusyError
from servicedesk.notifications import contents, jobs, mails
from servicedesk.notifications.contents import MOST_OCTETS, Content, File
from servicedesk.notifications.models import Delivery, OutboxMail
from tests.notifications.mail_server import NOW, later

PDF = File("overblik-2026-11.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
TOKEN = "A_-b" * 11


@pytest.fixture
def make(monkeypatch):
    """`make(content)`: a mail of that template has it; a refusal is raised instead."""

    def say(content):
        def maker(_mail):
            if isinstance(content, Exception):
                raise content
            return content

        monkeypatch.setitem(contents._makers, "ticket_replied", maker)

    return say


@pytest.fixture
def deliver(app):
    def run(now=NOW):
        with app.app_context():
            return jobs.deliver(now)

    return run


@pytest.fixture
def read(app, write):
    """The mail as it arrives."""

    def build(**given):
        mail = write(**given)
        with app.app_context():
            sent = mails.build(mail, app.extensions["settings"])
        return message_from_bytes(sent.as_bytes(), policy=default)

    return build


def test_words_are_found_out_when_it_leaves_and_not_kept(make, write, desk, deliver, server):
    make(Content({"body": "Lige nu: 12"}, [PDF]))
    mail = write(body="Skrevet før")

    assert deliver() == 1

    taken = server.taken[0]
    assert "Lige nu: 12" in taken.get_body(["plain"]).get_content()
    assert [(file.get_filename(), file.get_content()) for file in taken.iter_attachments()] == [(PDF.name, PDF.body)]
    assert desk.get(OutboxMail, mail.id).facts == {}


def test_a_busy_moment_puts_the_mail_off(make, write, desk, deliver, server):
    make(BusyError("Der laves andre PDF-filer lige nu."))
    mail = write()

    assert deliver() == 0
    assert desk.get(OutboxMail, mail.id).delivery is Delivery.WAITING
    make(Content())
    assert deliver(later(minutes=2)) == 1
    assert len(server.taken) == 1


def test_files_that_no_server_takes_are_not_sent(make, write, desk, deliver, server):
    make(Content(files=[File("x.pdf", "application/pdf", bytes(MOST_OCTETS + 1))]))
    mail = write()

    assert deliver() == 0
    assert desk.get(OutboxMail, mail.id).delivery is Delivery.DEAD
    assert not server.taken


def test_the_way_out_is_whole_in_the_header(read):
    mail = read(unsubscribe_url=f"/overview/reports/stop/{TOKEN}")

    assert mail["List-Unsubscribe"].endswith(f"/overview/reports/stop/{TOKEN}>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_other_mails_have_no_such_header(read):
    assert read()["List-Unsubscribe"] is None


def test_the_way_out_stays_on_this_site(app, write):
    mail = write(unsubscribe_url="https://example.org/stop")
    with app.app_context(), pytest.raises(ValueError, match="only links to this site"):
        mails.build(mail, app.extensions["settings"])


def test_a_name_of_a_file_ends_no_header(make, read):
    make(Content(files=[File("a.pdf\r\nBcc: x@example.org", "application/pdf", b"%PDF")]))

    assert read()["Bcc"] is None
