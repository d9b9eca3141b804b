"""What a superbruger may do beyond the local tier: file for colleagues and write known errors, as far as it goes."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.systems.models import KnownError
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy
from tests.superbrugere_made import appoint, publish

NEW = {"subject": "Skærm", "description": "Sort skærm hos Bente"}


@pytest.fixture
def school(desk):
    return desk.unit(name="Skovskolen")


@pytest.fixture
def aula(desk):
    return desk.system("Aula")


@pytest.fixture
def payroll(desk):
    return desk.system("Lønsystemet")


@pytest.fixture
def jonas(desk, school, aula):
    """The school's superbruger for one system."""
    person = desk.person(unit=school, name="Jonas Engholt")
    appoint(desk, person, school, systems=[aula])
    desk.team(is_first_line=True, name="Servicedesk")
    return person


@pytest.fixture
def bente(desk, school):
    return desk.person(unit=school, name="Bente Lund")


@pytest.fixture
def files(browse, jonas):
    """The status of filing something for somebody as the superbruger."""
    return lambda for_whom, **told: browse(jonas).post("/tickets/new", data={**NEW, "affected": for_whom.id, **told})


def test_files_for_a_colleague_about_a_system_of_the_appointment(desk, files, jonas, bente, aula):
    version = publish(desk)
    assert files(bente, system=aula.id).status_code == 303
    [ticket] = desk.all(Ticket, affected_id=bente.id)
    assert ticket.filer_id == jonas.id
    assert desk.journal(ticket.id)[0].data["guideline_id"] == version


def test_but_about_no_other_and_the_page_keeps_what_was_typed(desk, files, bente, payroll):
    publish(desk)
    for told in ({"system": payroll.id}, {}):
        answer = files(bente, **told)
        assert answer.status_code == 403 and "Du kan kun oprette henvendelser for andre om de systemer" in answer.text
        assert NEW["description"] in answer.text
    assert desk.count(Ticket) == 0


def test_nor_for_people_of_other_units_or_what_is_secret(desk, files, bente, aula):
    publish(desk)
    assert files(desk.person(unit=desk.unit(name="Rådhuset")), system=aula.id).status_code == 403
    desk.team(is_closed=True, receives_confidential=True)
    for secrecy in (Secrecy.CONFIDENTIAL, Secrecy.SECURITY):
        assert files(bente, system=aula.id, secrecy=secrecy.value).status_code == 403
    assert desk.count(Ticket) == 0


def test_the_guideline_decides_the_systems_own_before_the_general_one(desk, files, bente, aula):
    publish(desk, files_for=False)
    answer = files(bente, system=aula.id)
    assert answer.status_code == 403 and "Retningslinjen lader ikke superbrugere" in answer.text
    publish(desk, aula, files_for=True)
    assert files(bente, system=aula.id).status_code == 303
    publish(desk, aula, seen=1, files_for=False)
    assert files(bente, system=aula.id, subject="Igen").status_code == 403
    assert desk.count(Ticket) == 1


def test_a_superbruger_never_has_less_than_everybody_else(desk, browse, jonas, payroll):
    """What is one's own is filed as anybody's."""
    publish(desk, files_for=False)
    assert browse(jonas).post("/tickets/new", data={**NEW, "system": payroll.id}).status_code == 303


def test_whose_desk_it_is_files_for_everybody(desk, browse, bente, payroll):
    publish(desk, files_for=False)
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    data = {**NEW, "affected": bente.id, "system": payroll.id}
    assert browse(supporter).post("/tickets/new", data=data).status_code == 303
    [ticket] = desk.all(Ticket)
    assert "guideline_id" not in desk.journal(ticket.id)[0].data


# ------------------------------------------------------------------------------------------------ known errors


def told(system, **more):
    return {"system_id": system.id, "title": "Log ind driller", "audience": "everybody", **more}


def test_writes_and_marks_known_errors_where_instructed(desk, browse, jonas, bente, aula, payroll):
    publish(desk)
    publish(desk, aula, writes_known=True)
    browser = browse(jonas)
    assert (
        "Aula" in browser.get("/known-errors/new").text and "Lønsystemet" not in browser.get("/known-errors/new").text
    )

    answer = browser.post("/known-errors/new", data=told(aula))

    [known] = desk.all(KnownError)
    assert answer.status_code == 303 and known.by_id == jonas.id
    assert "Log ind driller" in browse(bente).get(f"/known-errors/{known.id}").text
    assert browser.post(f"/known-errors/{known.id}/state", data={"state": "solved"}).status_code == 303
    assert desk.get(KnownError, known.id).state.value == "solved"
    assert browser.post("/known-errors/new", data=told(payroll)).status_code == 404
    assert browse(bente).post(f"/known-errors/{known.id}/state", data={"state": "active"}).status_code == 404
    assert desk.count(KnownError) == 1


def test_others_are_not_instructed(desk, browse, jonas, aula):
    publish(desk)
    assert browse(jonas).get("/known-errors/new").status_code == 404
    assert browse(jonas).post("/known-errors/new", data=told(aula)).status_code == 404
    assert desk.count(KnownError) == 0


def test_what_is_for_staff_alone_is_not_theirs(desk, browse, jonas, aula):
    publish(desk, aula, writes_known=True)
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    browse(supporter).post("/known-errors/new", data=told(aula, audience="staff", title="Kun for os"))
    [known] = desk.all(KnownError)
    assert browse(jonas).get(f"/known-errors/{known.id}").status_code == 404
    assert browse(jonas).post(f"/known-errors/{known.id}/deletion").status_code == 404
    assert browse(jonas).post("/known-errors/new", data=told(aula, audience="staff")).status_code == 422
    assert desk.count(KnownError) == 1
