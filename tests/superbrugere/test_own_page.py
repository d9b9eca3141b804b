"""A superbruger's own page."""

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Absence
from servicedesk.tickets import local_work
from tests.desk import local_today
from tests.superbrugere_made import appoint, publish


@pytest.fixture
def school(desk):
    return desk.unit(name="Skovskolen")


@pytest.fixture
def jonas(desk, school):
    person = desk.person(unit=school, name="Jonas Engholt")
    appoint(desk, person, school, weekly_minutes=150)
    return person


def test_it_says_what_one_may_where_and_for_whom(desk, browse, school, jonas):
    publish(desk)
    karen = desk.person(name="Karen Dam")
    appoint(desk, karen, desk.unit(name="Bakkeskolen"), systems=[desk.system("Aula")], deputy=jonas)
    page = browse(jonas).get("/superbrugere/me").text
    assert "Skovskolen" in page and "2,5 timer om ugen" in page and "Må løses" in page
    assert "stedfortræder for" not in page
    today = local_today()
    desk.add(Absence(person_id=karen.id, customer_id=karen.customer_id, starts_on=today, ends_on=today))
    assert "Du er stedfortræder for Karen Dam" in browse(jonas).get("/superbrugere/me").text


def test_it_is_there_for_superbrugere_alone(desk, browse, jonas):
    for person in (desk.person(), desk.person(Role.SUPPORTER), desk.person(Role.SERVICEDESK_MANAGER)):
        assert browse(person).get("/superbrugere/me").status_code == 404
    assert "Min opgave" in browse(jonas).get("/superbrugere").text


def test_what_waits_what_was_passed_on_and_the_thanks(desk, browse, school, jonas):
    publish(desk)
    lene = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    bente = desk.person(unit=school)
    solved, passed, lacking, _waiting = (desk.ticket(by=bente, subject=f"Nummer {n}") for n in range(4))
    browser = browse(jonas)
    browser.post(f"/tickets/{solved}/solution", data={"solution": "Kablet sad løst.", "cause": "fault"})
    browse(bente).post(f"/tickets/{solved}/actions/confirm")
    for ticket in (passed, lacking):
        browser.post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet"})
    browse(lene).post(f"/tickets/{passed}/appraisal", data={})
    browse(lene).post(f"/tickets/{lacking}/appraisal", data={"lacking": ["screenshot"]})
    page = browse(jonas).get("/superbrugere/me").text
    assert "1 henvendelse venter hos dig" in page
    assert "løst 1 henvendelse på stedet" in page
    assert "1 kollega har selv sagt, at det virkede" in page
    assert "set på 2 af dem og fik alt at vide ved 1" in page
    assert "Et skærmbillede" in page and "Nummer 2" in page


def test_the_month_counts_what_was_done_and_what_came_back(desk, browse, at, school, jonas):
    at("2036-03-10 10:00")
    publish(desk)
    bente = desk.person(unit=school)
    good, back = desk.ticket(by=bente, subject="Skærmen"), desk.ticket(by=bente, subject="Musen")
    for ticket in (good, back):
        browse(jonas).post(f"/tickets/{ticket}/solution", data={"solution": "Løst", "cause": "fault"})
    browse(bente).post(f"/tickets/{good}/actions/confirm", data={"words": "Tusind tak, <b>Jonas</b>!"})
    browse(bente).post(f"/tickets/{back}/reopening", data={"reason": "Nej"})
    form = {"system": "none", "cause": "fault", "people": 3, "minutes": 90, "form_id": "c" * 32}
    browse(jonas).post("/superbrugere/floor", data=form)
    with desk.app.app_context():
        own = local_work.of(desk.actor(jonas), clock.now())
    month = own.months[0]
    assert (month.solved, month.reopened, month.handled, month.minutes) == (2, 1, 2, 90)
    assert month.floor == (1, 3, 90) and own.agreed == 150
    assert [(one.ticket_id, one.words) for one in own.thanks] == [(good, "Tusind tak, <b>Jonas</b>!")]
    page = browse(jonas).get("/superbrugere/me").text
    assert "Tusind tak, &lt;b&gt;Jonas&lt;/b&gt;!" in page and "1 gange, 3 hjulpet" not in page
    assert "Du har aftalt 2 t. 30 min. om ugen." in page and "1 t. 30 min." in page


def test_the_trend_tells_whether_what_is_passed_on_is_more_complete(desk, browse, at, school, jonas):
    at("2036-01-12 10:00")
    publish(desk)
    lene = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    for when, lacking in (("2036-01-12 10:00", ["tried"]), ("2036-05-12 10:00", [])):
        at(when)
        ticket = desk.ticket(by=desk.person(unit=school))
        browse(jonas).post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet"})
        browse(lene).post(f"/tickets/{ticket}/appraisal", data={"lacking": lacking})
    page = browse(jonas).get("/superbrugere/me").text
    assert "alt at vide ved 1 af 1 (100 %), i de tre måneder før ved 0 af 1 (0 %)" in page


def test_old_work_and_that_of_others_is_not_counted(desk, browse, at, school, jonas):
    at("2026-03-02 10:00")
    publish(desk)
    ticket = desk.ticket(by=desk.person(unit=school))
    browse(jonas).post(f"/tickets/{ticket}/solution", data={"solution": "Løst", "cause": "fault"})
    other = desk.person(unit=school)
    appoint(desk, other, school)
    assert "løst 1 henvendelse" not in browse(other).get("/superbrugere/me").text
    assert "løst 1 henvendelse" in browse(jonas).get("/superbrugere/me").text
    at("2026-10-02 10:00")
    assert "løst 1 henvendelse" not in browse(jonas).get("/superbrugere/me").text


def test_much_work_costs_as_many_questions_as_little(desk, browse, queries, school, jonas):
    publish(desk)
    counts = []
    browser = browse(jonas)
    for many in (1, 4):
        for _ in range(many):
            ticket = desk.ticket(by=desk.person(unit=school))
            browser.post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet"})
        browser.get("/superbrugere/me")
        with queries() as asked:
            browser.get("/superbrugere/me")
        counts.append(len(asked))
    assert counts[0] == counts[1]
