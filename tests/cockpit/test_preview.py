"""The reading pane beside the queue."""

from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import Secrecy


def test_it_shows_the_head_and_what_can_be_done(desk, browse, lene, employee):
    ticket = desk.ticket(by=employee, subject="Skærmen er <b>sort")
    answer = browse(lene).htmx(f"/queue/preview/{ticket}")
    assert "Skærmen er &lt;b&gt;sort" in answer.text
    assert 'data-key="a"' in answer.text
    assert "<html" not in answer.text


def test_the_address_keeps_it(desk, browse, lene, employee):
    ticket = desk.ticket(by=employee)
    browser = browse(lene)
    assert f'data-ticket="{ticket}"' in browser.get(f"/queue?view=all&preview=SD-{ticket}").text
    for nonsense in ("SD-999999", "x", "SD-0", "SD-" + "9" * 40):
        page = browser.get(f"/queue?preview={nonsense}")
        assert (page.status_code, "data-ticket=" in page.text) == (200, False)


def test_taking_it_from_there(desk, browse, lene, jonas, employee):
    ticket = desk.ticket(by=employee)
    version = desk.look(ticket).version
    answer = browse(lene).htmx(f"/queue/preview/{ticket}/take", {"seen": version})
    assert (answer.status_code, desk.look(ticket).assignee_id) == (200, lene.id)
    late = browse(jonas).htmx(f"/queue/preview/{ticket}/take", {"seen": version})
    assert "Der er sket noget med henvendelsen" in late.text
    assert desk.look(ticket).assignee_id == lene.id
    plain = browse(jonas).post(f"/queue/preview/{ticket}/take", data={"next": "//evil.example"})
    assert plain.location == f"/queue?preview=SD-{ticket}"


def test_what_one_may_not_see_does_not_exist(desk, browse, lene, employee):
    desk.team(is_closed=True, receives_confidential=True)
    secret = desk.ticket(by=employee, secrecy=Secrecy.CONFIDENTIAL, subject="Sladder")
    browser = browse(lene)
    assert browser.get(f"/queue/preview/{secret}").status_code == 404
    assert browser.post(f"/queue/preview/{secret}/take").status_code == 404
    assert "Sladder" not in browser.get(f"/queue?preview=SD-{secret}").text


def test_a_manager_reads_no_notes_there(desk, browse, employee):
    manager = desk.person(Role.MANAGER)
    ticket = desk.ticket(by=employee)
    answer = browse(manager).get(f"/queue/preview/{ticket}")
    assert answer.status_code == 200
    assert 'data-key="a"' not in answer.text
