import html
import re

import pytest

from servicedesk.notifications import commands, mails
from servicedesk.notifications.models import OutboxMail
from servicedesk.paths import bundled
from tests.notifications.mail_server import NOW

TEMPLATES = sorted(file.stem for file in (bundled("templates") / "emails").glob("ticket_*.txt"))


@pytest.fixture
def read(app, write):
    """Writes a mail and answers it as its receiver gets it."""

    def build(*args, **given):
        mail = write(*args, **given)
        with app.app_context():
            return mails.build(mail, app.extensions["settings"])

    return build


def text_of(message):
    return message.get_body(["plain"]).get_content()


def html_of(message):
    return message.get_body(["html"]).get_content()


def test_a_mail_belongs_to_a_transaction(app, desk):
    person = desk.person()

    with app.app_context(), pytest.raises(RuntimeError):
        commands.add(template="ticket_filed", person=person, facts={}, now=NOW)


@pytest.mark.parametrize("given", [{"email": None}, {"is_active": False}], ids=["no mailbox", "no longer here"])
def test_who_cannot_read_it_is_not_written_to(desk, given):
    person = desk.person(**given)

    with desk.writing():
        commands.add(template="ticket_filed", person=person, facts={}, now=NOW)

    assert desk.count(OutboxMail) == 0


def test_the_headers_say_what_it_is(read):
    first = read("ticket_filed", message_id="ticket-12-7")
    reply = read("ticket_replied", thread_id="ticket-12-7")

    assert first["Subject"] == "[SD-12] Printer"
    assert first["From"] == "Testby <servicedesk@localhost>"
    assert first["To"].addresses[0].display_name == "Anna Jensen"
    assert first["Message-ID"] == "<ticket-12-7@servicedesk.test>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == NOW
    assert reply["In-Reply-To"] == reply["References"] == first["Message-ID"]
    assert reply["Message-ID"] != first["Message-ID"]


NASTY = {
    "CR": "x\rBcc: evil@evil.test",
    "LF": "x\nBcc: evil@evil.test",
    "CRLF": "x\r\nBcc: evil@evil.test\r\n\r\nbody",
    "percent": "x%0d%0aBcc: evil@evil.test",
    "line separator": "x\u2028Bcc: evil@evil.test",
    "next line": "x\x85Bcc: evil@evil.test",
    "NUL": "x\x00Bcc: evil@evil.test",
    "encoded word": "=?utf-8?q?x=0d=0aBcc:_evil@evil.test?=",
    "very long": "æ" * 5000,
}


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_nothing_that_people_write_becomes_a_header(read, desk, nasty):
    person = desk.person(name=nasty.replace("\0", ""))  # which PostgreSQL does not keep in a name

    message = read(person=person, subject=nasty, by=nasty, body=nasty, number=nasty)

    wire = message.as_bytes()
    head = wire.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^bcc:", head)
    assert "Bcc" not in message
    assert [address.addr_spec for address in message["To"].addresses] == [person.email]
    assert len(head.splitlines()) < 250
    assert b"\x00" not in wire


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\nBcc: evil@evil.test",
        "a@b.example, evil@evil.test",
        "a@b.example evil@evil.test",
        "nowhere",
        "@b.example",
    ],
)
def test_an_address_that_is_none_is_not_sent_to(read, desk, address):
    with pytest.raises(ValueError):
        read(person=desk.person(email=address))


def test_danish_addresses_are_sent_to(read, desk):
    message = read(person=desk.person(email="anna@blåbærgrød.dk"))

    assert message["To"].addresses[0].addr_spec == "anna@xn--blbrgrd-fxak7p.dk"


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_parts_say_the_same(read, template):
    message = read(
        template, body="Er den <tændt> & i\nstikket?", solution="Ny\n\ntoner", reason="Nej", subject="Æ & <b>"
    )

    from_html = html.unescape(re.sub(r"<[^>]*>", " ", html_of(message).partition("<body>")[2]))
    assert from_html.split() == text_of(message).split()
    assert text_of(message).startswith("Hej Anna\n\n")
    assert "https://servicedesk.test/tickets/12\n" in text_of(message)
    assert '<a href="https://servicedesk.test/tickets/12">' in html_of(message)
    assert message["Subject"].startswith("[SD-12] ")
    assert "SD-12" in text_of(message)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_about_a_confidential_ticket_only_says_that_there_is_news(read, desk, app, template):
    with desk.writing():
        commands.add(
            template=template, person=desk.person(name="Anna"), facts={"number": "SD-12", "url": "/tickets/12"}, now=NOW
        )
    with app.app_context():
        message = mails.build(desk.all(OutboxMail)[-1], app.extensions["settings"])

    assert message["Subject"] == "[SD-12] Der er nyt i henvendelsen"
    assert "Der er nyt i henvendelse SD-12." in text_of(message)
    assert "https://servicedesk.test/tickets/12" in text_of(message)
    assert "None" not in text_of(message)


def test_lines_and_blanks_in_a_text_are_kept(read):
    text = text_of(read(body="Gør sådan:\r\n\r\n  1. Sluk\r\n  2. Tænd\tigen"))

    assert "Gør sådan:\n\n  1. Sluk\n  2. Tænd\tigen\n" in text


def test_only_our_own_addresses_are_links(read):
    message = read(body="Se https://evil.test/ og <a href='https://evil.test'>her</a>")

    assert re.findall(r'href="([^"]*)"', html_of(message)) == ["https://servicedesk.test/tickets/12"]


@pytest.mark.parametrize("url", ["https://evil.test/x", "//evil.test/x", "https://servicedesk.test.evil.test/", "x"])
def test_a_mail_does_not_lead_elsewhere(read, url):
    with pytest.raises(ValueError):
        read(url=url)
