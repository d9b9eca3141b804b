"""Publishing guidelines, seeing what changed, and going by them."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.superbrugere.models import Guideline, GuidelineAcceptance, GuidelineVersion
from servicedesk.superbrugere.rules import Fact, Leeway
from tests.superbrugere_made import appoint, publish


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Henrik Midtgaard")


@pytest.fixture
def jonas(desk):
    person = desk.person(name="Jonas Engholt")
    appoint(desk, person, desk.unit())
    return person


TOLD = {
    "body": "Hjælp **kollegerne**.",
    "incident": "solve",
    "request": "answer",
    "files_for": "1",
    "local": "4",
    "local_unit": "hours",
    "facts": ["tried", "affected"],
    "words": "løn\nsygefravær",
    "seen": "0",
}


def test_a_guideline_is_published_and_superbrugere_are_told(desk, browse, chief, jonas):
    answer = browse(chief).post("/superbrugere/guidelines/publish", data=TOLD)
    [version] = desk.all(GuidelineVersion)
    assert answer.status_code == 303
    assert (version.terms.local, version.terms.facts) == ("4 hours", (Fact.TRIED, Fact.AFFECTED))
    assert version.terms.words == ("løn", "sygefravær")
    [notice] = desk.all(Notice, person_id=jonas.id)
    assert (notice.event, notice.path) == ("guideline_published", f"/superbrugere/guidelines/{version.guideline_id}")
    assert [mail.template for mail in desk.all(OutboxMail)] == ["guideline_published"]
    assert "Henrik Midtgaard har udgivet en ny udgave" in browse(jonas).get("/notices").text
    page = browse(desk.person()).get(notice.path).text
    assert "<strong>kollegerne</strong>" in page and "4 timer" in page and "4 hours" not in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"body": ""}, "body"),
        ({"incident": "everything"}, "incident"),
        ({"local": "fire"}, "local"),
        ({"local": "0"}, "local"),
        ({"local_unit": ""}, "local"),
        ({"facts": ["nonsense"]}, "facts"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(desk, browse, chief, sent, field):
    answer = browse(chief).post("/superbrugere/guidelines/publish", data={**TOLD, **sent})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and "sygefravær" in answer.text
    assert desk.all(Guideline) == []


def test_without_a_time_all_goes_to_the_servicedesk(desk, browse, chief):
    browse(chief).post("/superbrugere/guidelines/publish", data={**TOLD, "local": ""})
    assert desk.all(GuidelineVersion)[0].terms.local is None


def test_two_who_publish_do_not_overwrite_each_other(desk, browse, chief):
    publish(desk)
    late = browse(chief).post("/superbrugere/guidelines/publish", data=TOLD)
    assert late.status_code == 409
    assert "sygefravær" in late.text and 'name="seen" value="1"' in late.text
    assert len(desk.all(GuidelineVersion)) == 1


def test_it_is_shown_before_it_is_published(desk, browse, chief):
    page = browse(chief).post("/superbrugere/guidelines/publish", data={**TOLD, "preview": "1"}).text
    assert "<strong>kollegerne</strong>" in page and desk.all(Guideline) == []
    shown = browse(chief).post("/superbrugere/guidelines/preview", data={"body": "**x** <script>"}).text
    assert "<strong>x</strong>" in shown and "<script>" not in shown


def test_who_runs_the_desk_publishes_and_nobody_else(desk, browse, jonas):
    foreign = desk.system("Fremmed", customer=desk.customer())
    for person in (jonas, desk.person(Role.SUPPORTER), desk.person(Role.MANAGER)):
        assert browse(person).post("/superbrugere/guidelines/publish", data=TOLD).status_code == 404
    chief = browse(desk.person(Role.SERVICEDESK_MANAGER))
    assert chief.post(f"/superbrugere/guidelines/publish?system={foreign.id}", data=TOLD).status_code == 404
    assert desk.all(Guideline) == []


def test_what_changed_between_two_is_told(desk, browse, jonas):
    publish(desk, body="Hils pænt.\nSluk og tænd.")
    publish(desk, seen=1, body="Hils pænt.\nRing først.", incident=Leeway.ANSWER)
    [guideline] = desk.all(Guideline)
    page = browse(jonas).get(f"/superbrugere/guidelines/{guideline.id}").text
    assert "<ins>" in page and "Ring først." in page and "<del>" in page and "Sluk og tænd." in page
    assert page.count(">Ændret<") == 1
    old = browse(jonas).get(f"/superbrugere/guidelines/{guideline.id}?version=1").text
    assert "gælder ikke mere" in old and "Jeg har læst den" not in old
    assert browse(jonas).get(f"/superbrugere/guidelines/{guideline.id}?version=3").status_code == 404


def test_a_superbruger_accepts_and_the_manager_sees_it(desk, browse, chief, jonas):
    version = publish(desk)
    [guideline] = desk.all(Guideline)
    address = f"/superbrugere/guidelines/{guideline.id}"
    assert "Ikke endnu" in browse(chief).get(address).text
    assert "Jeg har læst den" in browse(jonas).get(address).text
    for _ in range(2):
        answer = browse(jonas).post(f"/superbrugere/guidelines/versions/{version}/acceptance")
        assert answer.status_code == 303
    assert [row.person_id for row in desk.all(GuidelineAcceptance)] == [jonas.id]
    assert "Du har accepteret den" in browse(jonas).get(address).text
    assert "1 af 1 superbrugere går efter udgave 1" in browse(chief).get(address).text
    publish(desk, seen=1)
    assert "Kun udgave 1" in browse(chief).get(address).text
    assert "venter på din accept" in browse(jonas).get("/superbrugere/me").text


def test_only_superbrugere_of_the_customer_accept(desk, browse, jonas):
    version = publish(desk)
    assert browse(desk.person()).post(f"/superbrugere/guidelines/versions/{version}/acceptance").status_code == 403
    other = desk.customer()
    stranger = desk.person(unit=other)
    appoint(desk, stranger, other)
    assert browse(stranger).post(f"/superbrugere/guidelines/versions/{version}/acceptance").status_code == 404
    [guideline] = desk.all(Guideline)
    assert browse(stranger).get(f"/superbrugere/guidelines/{guideline.id}").status_code == 404
    assert desk.all(GuidelineAcceptance) == []


def test_a_guideline_of_a_system_concerns_those_who_help_with_it(desk, browse, jonas):
    payroll, aula = desk.system("Løn"), desk.system("Aula")
    ida = desk.person(name="Ida Aula")
    appoint(desk, ida, desk.home, systems=[aula])
    publish(desk, payroll, incident=Leeway.NEVER, request=Leeway.NEVER)
    assert [notice.person_id for notice in desk.all(Notice)] == [jonas.id]
    assert "venter på din accept" in browse(jonas).get("/superbrugere/guidelines").text.lower()
    assert "Venter på din accept" not in browse(ida).get("/superbrugere/guidelines").text


def test_without_any_it_says_what_that_means(browse, desk, chief):
    assert "Udgiv den generelle" in browse(chief).get("/superbrugere/guidelines").text
    assert "direkte til servicedesken" in browse(desk.person()).get("/superbrugere/guidelines").text
