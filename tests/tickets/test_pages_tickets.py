"""The pages of tickets, as people use them."""

from io import BytesIO

import pytest
from limits import RateLimitItemPerMinute

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.drafts import uploads
from servicedesk.tickets.workflow import State


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


@pytest.fixture
def filer(desk, team):
    return desk.person(name="Mette Holm")


def test_an_employee_files_and_follows(desk, browse, filer, supporter):
    mette = browse(filer)
    assert mette.get("/").status_code == 200
    assert mette.get("/tickets/new?kind=incident").status_code == 200

    answer = mette.post("/tickets/new", data={"subject": "Printeren", "description": "Den **virker** ikke"})

    assert answer.status_code == 303
    page = mette.get(answer.location)
    assert "Printeren" in page.text
    assert "<strong>virker</strong>" in page.text
    assert "Printeren" in mette.get("/").text
    assert "Printeren" in mette.get("/tickets").text
    assert "<mark>Printeren</mark>" in mette.get("/search?q=printer").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(browse, filer):
    answer = browse(filer).post("/tickets/new", data={"subject": "Printeren", "description": " "})

    assert answer.status_code == 422
    assert "Fortæl, hvad der sker" in answer.text
    assert 'value="Printeren"' in answer.text


def test_a_supporter_works_a_ticket_to_its_end(desk, browse, filer, supporter):
    ticket = desk.ticket(by=filer, subject="Skærmen er sort")
    lene, mette = browse(supporter), browse(filer)
    url = f"/tickets/{ticket}"

    assert "Skærmen er sort" in lene.get("/queue").text
    assert lene.get(url).status_code == 200
    assert lene.get(f"{url}/edit").status_code == 200
    assert lene.post(f"{url}/actions/take", data={"seen": 1}).status_code == 303
    waiting = {"seen": 2, "body": "Hvilken skærm?", "visibility": "public", "then": "wait"}
    assert lene.post(f"{url}/entries", data=waiting).status_code == 303
    assert "Din tur" in mette.get(url).text
    assert mette.post(f"{url}/entries", data={"body": "Den til venstre"}).status_code == 303
    note = {"seen": 4, "body": "hemmelig note", "visibility": "internal"}
    assert lene.post(f"{url}/entries", data=note).status_code == 303
    assert "hemmelig note" not in mette.get(url).text
    solution = {"seen": 5, "solution": "Nyt kabel", "cause": "fault"}
    assert lene.post(f"{url}/solution", data=solution).status_code == 303
    assert "Ja, det virker" in mette.get(url).text
    assert mette.post(f"{url}/actions/confirm", data={}).status_code == 303
    assert desk.look(ticket).state is State.CLOSED
    again = mette.post(f"{url}/entries", data={"body": "Nu er den sort igen"})
    assert again.status_code == 303
    assert again.location != url


def test_an_outdated_page_keeps_the_text_and_shows_the_news(desk, browse, filer, supporter):
    ticket = desk.ticket(by=filer)
    browse(filer).post(f"/tickets/{ticket}/entries", data={"body": "Det haster nu"})

    answer = browse(supporter).post(f"/tickets/{ticket}/entries", data={"seen": 1, "body": "Mit lange svar"})

    assert answer.status_code == 409
    assert "Mit lange svar" in answer.text
    assert "Det haster nu" in answer.text


def test_a_refusal_leaves_a_line_in_the_audit_log(desk, browse, filer):
    ticket = desk.ticket(by=filer)
    stranger = desk.person()

    assert browse(stranger).get(f"/tickets/{ticket}").status_code == 404

    [line] = [line for line in desk.all(AuditLine) if line.action == "refused"]
    assert line.by_id == stranger.id
    assert line.facts == {"method": "GET", "path": f"/tickets/{ticket}", "status": 404}


def test_a_flood_of_files_is_stopped_and_the_text_kept(app, desk, browse, filer, monkeypatch):
    """A090"""
    monkeypatch.setattr(uploads, "FORMS_WITH_FILES", RateLimitItemPerMinute(2, 10, "few-uploads"))
    ticket = desk.ticket(by=filer)
    mette = browse(filer)

    def send():
        files = {"body": "Se her", "files": (BytesIO(b"GIF89a" + b"0" * 50), "skærm.gif")}
        return mette.post(f"/tickets/{ticket}/entries", data=files).status_code

    assert [send(), send(), send()] == [303, 303, 429]
