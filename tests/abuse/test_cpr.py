"""CPR numbers in what people write (A207, A208, A211). The numbers are invented: nobody is born in 2057 yet."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import structlog

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.commands.revealing import MOST_A_DAY
from servicedesk.tickets.hiding import HiddenNumber
from servicedesk.tickets.models import Attachment, Ticket
from tests.abuse.town import contents
from tests.core.test_cpr import DECOYS, SPELLINGS

NUMBER = "010157-5004"
#: Ten digits of it in a row, whatever stands between them.
DIGITS = re.compile(r"0\D{0,3}1\D{0,3}0\D{0,3}1\D{0,3}5\D{0,3}7\D{0,3}5\D{0,3}0\D{0,3}0\D{0,3}4")
REASON = "Slår barnet op i skolesystemet"


def without_vault(app):
    return {name: rows for name, rows in contents(app).items() if name != "hidden_number"}


@pytest.fixture
def told(desk, town, browse):
    """A ticket of which every text that a user and the desk may write holds the number."""
    user, supporter = browse(town.r1), browse(town.s1)
    form = {"subject": f"Barn {NUMBER} mangler", "description": f"Det er {NUMBER}.", "to_desk": "1"}
    user.post("/tickets/new", data={**form, "files": (BytesIO(b"\x89PNG\r\n\x1a\n...."), f"{NUMBER}.png")})
    [ticket] = [one.id for one in desk.all(Ticket, filer_id=town.r1.id)]
    for body, visibility in [(f"Igen: {NUMBER}", "public"), (f"Noteret {NUMBER}", "internal")]:
        supporter.post(f"/tickets/{ticket}/entries", data={"body": body, "visibility": visibility})
    supporter.post(f"/tickets/{ticket}/solution", data={"solution": f"Rettet for {NUMBER}", "cause": "fault"})
    user.post(f"/tickets/{ticket}/reopening", data={"reason": f"Nej, {NUMBER} mangler stadig"})
    return ticket


def test_no_text_file_mail_notice_or_index_ever_holds_it(app, desk, town, told):
    """A207: only the table of hidden numbers has it."""
    assert len(desk.journal(told)) >= 5
    for name, rows in without_vault(app).items():
        assert not [row for row in rows if DIGITS.search(row)], name
    assert {one.number for one in desk.all(HiddenNumber, ticket_id=told)} == {NUMBER}
    assert desk.all(Attachment, ticket_id=told)[0].name == "010157-••••.png"
    assert desk.count(OutboxMail) > 0


def test_no_page_list_search_export_or_piece_shows_it(town, browse, told):
    """A207."""
    for person in (town.r1, town.s1, town.boss, town.adm, town.m1):
        browser = browse(person)
        for page in ("/", "/tickets", f"/tickets/{told}", "/queue", "/search?q=barn", "/palette?q=barn", "/notices"):
            assert not DIGITS.search(browser.get(page).text), page
    assert "010157-••••" in browse(town.s1).get(f"/tickets/{told}").text


@pytest.mark.parametrize("written", SPELLINGS)
def test_however_it_is_spelled(app, desk, town, written):
    """A207."""
    with app.app_context():
        new = commands.NewTicket(subject="Barn", description=f"Det er {written} tak")
        ticket = commands.file(new, by=desk.actor(town.r1), now=clock.now()).id
    assert "••••" in desk.journal(ticket)[0].data["description"]
    assert [one.number for one in desk.all(HiddenNumber, ticket_id=ticket)] == [NUMBER]


@pytest.mark.parametrize("written", DECOYS)
def test_what_is_none_stays(app, desk, town, written):
    """A208."""
    with app.app_context():
        new = commands.NewTicket(subject="Pc", description=f"Den hedder {written}")
        ticket = commands.file(new, by=desk.actor(town.r1), now=clock.now()).id
    assert desk.journal(ticket)[0].data["description"] == f"Den hedder {written}"
    assert desk.all(HiddenNumber, ticket_id=ticket) == []


def test_who_wrote_it_is_told(desk, town, browse):
    form = {"subject": "Barn", "description": f"Det er {NUMBER}.", "to_desk": "1"}
    page = browse(town.r1).post("/tickets/new", data=form, follow_redirects=True).text
    assert "Vi har skjult et CPR-nummer" in page
    assert "Vis det, og skriv hvorfor" not in page


# ------------------------------------------------------------------------------------------------ seeing it


def ask(browser, ticket, reason=REASON):
    return browser.post(f"/tickets/{ticket}/numbers", data={"reason": reason})


def test_a_reason_shows_it_and_leaves_a_line(desk, town, browse, told):
    """A211."""
    browser = browse(town.s1)
    assert f'href="/tickets/{told}/numbers"' in browser.get(f"/tickets/{told}").text
    assert NUMBER not in browser.get(f"/tickets/{told}/numbers").text
    for reason in ("", "   "):
        refused = ask(browser, told, reason)
        assert refused.status_code == 422 and NUMBER not in refused.text
    assert desk.all(AuditLine, action="cpr_revealed") == []
    shown = ask(browser, told)
    assert NUMBER in shown.text and shown.headers["Cache-Control"] == "no-store"
    [line] = desk.all(AuditLine, action="cpr_revealed")
    assert (line.by_id, line.subject_kind, line.subject_id) == (town.s1.id, "ticket", told)
    assert line.facts == {"reason": REASON}
    officer = desk.person(Role.DATA_PROTECTION_OFFICER)
    seen = browse(officer).get("/admin/audit").text
    assert REASON in seen and "Stine Supporter" in seen
    assert browse(officer).get("/admin").status_code == browse(officer).get(f"/tickets/{told}").status_code == 404


@pytest.mark.parametrize("who", ["r1", "r2", "su1", "m1", "owner", "adm", "foreign_supporter"])
def test_nobody_else_does(desk, town, browse, told, who):
    """A211: not the user, not a leader, not an administrator: only the desk."""
    answer = ask(browse(getattr(town, who)), told)
    assert answer.status_code in (403, 404) and NUMBER not in answer.text
    assert desk.all(AuditLine, action="cpr_revealed") == []


def test_a_day_has_its_limit_and_more_raises_an_alarm_once(desk, town, browse, told, at):
    """A211."""
    officer = desk.person(Role.DATA_PROTECTION_OFFICER)
    began = at("2026-03-02 10:00")
    desk.add(AuditLine(at=began - timedelta(days=1), action="cpr_revealed", by_id=town.s1.id, facts={}))
    browser = browse(town.s1)
    assert [ask(browser, told).status_code for _ in range(MOST_A_DAY)] == [200] * MOST_A_DAY
    for _ in range(2):
        refused = ask(browser, told)
        assert refused.status_code == 422 and NUMBER not in refused.text
    assert len(desk.all(AuditLine, action="cpr_reveal_stopped")) == 2
    rung = desk.all(Notice, person_id=officer.id)
    assert [one.event for one in rung] == ["too_many_numbers"]
    assert "Stine Supporter har vist CPR-numre 20 gange i dag" in browse(officer).get("/notices").text
    at("2026-03-03 10:00")
    assert ask(browse(town.s1), told).status_code == 200


def test_a_reason_with_a_number_in_it_is_hidden_too(desk, town, browse, told):
    ask(browse(town.s1), told, f"Slår {NUMBER} op")
    [line] = desk.all(AuditLine, action="cpr_revealed")
    assert line.facts == {"reason": "Slår 010157-•••• op"}


def test_a_search_for_one_is_not_remembered(app, town, browse, told):
    """A207."""
    assert browse(town.s1).get(f"/search?q={NUMBER}").status_code == 200
    assert not [row for row in contents(app)["recent_search"] if DIGITS.search(row)]


def test_logs_hold_none(capsys):
    """A207."""
    structlog.get_logger().error("request_failed", path=f"/search?q={NUMBER}")
    assert NUMBER not in capsys.readouterr().err
