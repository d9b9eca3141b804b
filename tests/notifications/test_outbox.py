import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import Delivery, OutboxMail
from tests.desk import EVERYTHING
from tests.notifications.mail_server import NOW

TROUBLE = "550 no such user"


@pytest.fixture
def admin(desk):
    return desk.person(Role.ADMINISTRATOR)


@pytest.fixture
def dead(desk, write):
    mail = write(subject="Hemmeligt emne", body="Hemmelig tekst")
    with desk.writing() as session:
        row = session.get(OutboxMail, mail.id)
        row.delivery, row.last_error, row.attempts = Delivery.DEAD, TROUBLE, 3
    return mail


def test_an_administrator_sees_how_mails_fare_but_not_what_they_say(browse, admin, dead):
    page = browse(admin).get("/admin/outbox").text

    assert "Anna Jensen" in page
    assert "Svar i henvendelse" in page
    assert "Opgivet" in page
    assert TROUBLE in page
    assert "Hemmelig" not in page


@pytest.mark.parametrize(
    "roles", [(), (Role.SUPPORTER,), (Role.SERVICEDESK_MANAGER,)], ids=["employee", "supporter", "manager"]
)
def test_for_others_there_is_no_outbox(browse, desk, dead, roles):
    browser = browse(desk.person(*roles))

    assert browser.get("/admin/outbox").status_code == 404
    assert browser.post(f"/admin/outbox/{dead.id}/again").status_code == 404
    assert desk.get(OutboxMail, dead.id).delivery is Delivery.DEAD


def test_the_mails_of_another_customer_are_not_there(browse, desk, dead):
    neighbour = desk.person(Role.ADMINISTRATOR, unit=desk.customer())

    assert TROUBLE not in browse(neighbour).get("/admin/outbox").text
    assert browse(neighbour).post(f"/admin/outbox/{dead.id}/again").status_code == 404
    assert desk.get(OutboxMail, dead.id).delivery is Delivery.DEAD


def test_who_administers_everything_sees_all_mails(browse, desk, dead):
    assert TROUBLE in browse(desk.person(Role.ADMINISTRATOR, over=EVERYTHING)).get("/admin/outbox").text


def test_a_mail_that_was_given_up_can_be_sent_again(browse, desk, admin, dead):
    answer = browse(admin).post(f"/admin/outbox/{dead.id}/again", data={"state": "dead"})

    assert (answer.status_code, answer.location) == (303, "/admin/outbox?state=dead")
    after = desk.get(OutboxMail, dead.id)
    assert (after.delivery, after.attempts, after.message_id) == (Delivery.WAITING, 0, dead.message_id)
    assert after.next_try_at > NOW
    line = desk.all(AuditLine, action="mail_sent_again")[0]
    assert (line.by_id, line.subject_kind, line.subject_id) == (admin.id, "mail", dead.id)


def test_a_mail_that_still_waits_is_not_sent_again(browse, desk, admin, write):
    assert browse(admin).post(f"/admin/outbox/{write().id}/again").status_code == 409
    assert desk.count(AuditLine, action="mail_sent_again") == 0


def test_the_list_is_filtered_by_state(browse, admin, dead, write, desk):
    write(person=desk.person(name="Carl Carlsen"))

    assert "Carl Carlsen" not in browse(admin).get("/admin/outbox?state=dead").text
    waiting = browse(admin).get("/admin/outbox?state=waiting").text
    assert "Carl Carlsen" in waiting
    assert TROUBLE not in waiting


def test_a_long_list_has_pages(browse, desk, admin, queries):
    person = desk.person(name="Dorte")
    with desk.writing() as session:
        for number in range(60):
            session.add(
                OutboxMail(
                    made_at=NOW,
                    customer_id=person.customer_id,
                    person_id=person.id,
                    address=f"no{number}@x.example",
                    template="ticket_filed",
                    facts={},
                    message_id=str(number),
                    next_try_at=NOW,
                )
            )
    browser = browse(admin)

    with queries() as asked:
        first = browser.get("/admin/outbox").text
    before = desk.all(OutboxMail)[10].id
    second = browser.get(f"/admin/outbox?before={before}").text

    assert f"before={before}" in first
    assert ("no59@" in first, "no9@" in first) == (True, False)
    assert ("no9@" in second, "no10@" in second, 'rel="next"' in second) == (True, False, False)
    assert len([statement for statement in asked if "outbox_mail" in statement]) == 1


@pytest.mark.parametrize("address", ["?state=nonsense", "?before=x", "?state=sent"])
def test_an_empty_outbox_says_so(browse, admin, address):
    answer = browse(admin).get(f"/admin/outbox{address}")

    assert answer.status_code == 200
    assert "Udbakken er tom" in answer.text or "Ingen mails her" in answer.text


def test_the_page_tells_that_there_is_no_mail_server(browse, admin, use_server):
    without = browse(admin).get("/admin/outbox").text
    use_server("smtp://mail.example")

    assert "SERVICEDESK_SMTP_URL" in without
    assert "SERVICEDESK_SMTP_URL" not in browse(admin).get("/admin/outbox").text
