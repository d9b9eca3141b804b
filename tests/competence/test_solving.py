"""Saying what was lacked where a ticket is solved: the topic, and a soft offer to whom it is about."""

import pytest

from servicedesk.competence.models import Offer, TicketTopic, Topic
from servicedesk.core.actor import Role
from servicedesk.notifications.models import OutboxMail
from servicedesk.tickets.workflow import Cause, Secrecy, State
from tests.competence_made import course, session

RESOLVED = {"solution": "Den er under Mere.", "cause": "missing_competence"}


@pytest.fixture
def open_ticket(desk, town):
    return desk.ticket(by=town.teacher, system=town.aula)


def solve(browse, town, ticket, **told):
    return browse(town.supporter).post(f"/tickets/{ticket}/solution", data={**RESOLVED, **told})


def test_the_resolver_names_a_topic_in_the_same_form(desk, browse, town, open_ticket):
    assert solve(browse, town, open_ticket, topic=" Genåbne  en sag ").status_code == 303
    [topic] = desk.all(Topic)
    assert (topic.name, topic.system_id) == ("Genåbne en sag", town.aula.id)
    assert desk.get(TicketTopic, open_ticket).topic_id == topic.id


def test_the_same_topic_however_it_is_spelt_is_one(desk, town):
    for name in ("Genåbne en sag", "genåbne en  sag!", "GENÅBNE EN SAG"):
        town.solved(topic=name)
    assert desk.count(Topic) == 1 and desk.count(TicketTopic) == 3


def test_both_may_be_left_and_nothing_is_kept(desk, browse, town, open_ticket):
    assert solve(browse, town, open_ticket).status_code == 303
    assert desk.count(Topic) == desk.count(Offer) == 0


def test_a_topic_is_of_no_use_to_another_cause(desk, browse, town, open_ticket):
    solve(browse, town, open_ticket, cause="fault", topic="Genåbne en sag", suggestion="fitting")
    assert desk.count(Topic) == desk.count(Offer) == 0


def test_a_topic_that_cannot_be_used_solves_nothing_and_what_was_typed_stays(desk, browse, town, open_ticket):
    page = solve(browse, town, open_ticket, topic="x" * 81)
    assert page.status_code == 422
    assert desk.look(open_ticket).state is State.NEW
    assert "x" * 81 in page.text and "Den er under Mere." in page.text


def test_suggestions_are_the_systems_topics_the_most_used_first(desk, browse, town, open_ticket):
    kom = course(desk, town.aula)
    for name in ("Sjælden", "Tit", "Tit"):
        town.solved(topic=name)
    page = browse(town.supporter).htmx(f"/tickets/{open_ticket}/topics").text
    assert page.index('value="Tit"') < page.index('value="Sjælden"')
    assert f"course-{kom.id}" in page
    assert browse(town.teacher).get(f"/tickets/{open_ticket}/topics").status_code == 403
    assert browse(town.other).get(f"/tickets/{open_ticket}/topics").status_code == 404


def test_the_question_costs_the_page_of_a_ticket_nothing(browse, town, open_ticket, queries):
    browser = browse(town.supporter)
    with queries() as asked:
        page = browser.get(f"/tickets/{open_ticket}").text
    assert 'name="topic"' in page
    assert [statement for statement in asked if "topic" in statement or "course" in statement] == []


def test_a_secret_ticket_has_no_topic(desk, browse, town):
    desk.team(name="Fortroligt", is_closed=True, receives_confidential=True, members=[town.supporter])
    ticket = desk.ticket(by=town.teacher, system=town.aula, secrecy=Secrecy.CONFIDENTIAL)
    assert solve(browse, town, ticket, topic="Hemmeligt", suggestion="fitting").status_code == 303
    assert desk.look(ticket).cause is Cause.COMPETENCE
    assert desk.count(Topic) == 0


# ------------------------------------------------------------------------------------------------ the offer


def test_what_fits_the_topic_is_offered_to_whom_the_ticket_is_about(desk, browse, town, open_ticket):
    kom = course(desk, town.aula, "Aula for lærere")
    session(desk, kom)
    solve(browse, town, open_ticket, topic="Genåbne en sag", suggestion="fitting")
    [made] = desk.all(Offer)
    assert (made.person_id, made.course_id) == (town.teacher.id, kom.id)
    page = browse(town.teacher).get(f"/tickets/{open_ticket}").text
    assert "Vi foreslår et kort kursus" in page and "Aula for lærere" in page
    assert "kompetence" not in page.split("<main")[1].lower()


def test_only_the_one_whom_it_is_about_is_mailed_about_it(desk, browse, town, open_ticket):
    session(desk, course(desk, town.aula, "Aula for lærere"))
    follower = desk.person(unit=town.first, name="Følgeren")
    browse(town.teacher).post(f"/tickets/{open_ticket}/followers", data={"person_id": follower.id})
    solve(browse, town, open_ticket, topic="Genåbne en sag", suggestion="fitting")
    mails = {mail.address: mail.facts for mail in desk.all(OutboxMail, template="ticket_resolved")}
    assert mails[town.teacher.email]["more"][0]["name"] == "Aula for lærere"
    assert "more" not in mails[follower.email]
    assert "kort kursus" not in browse(follower).get(f"/tickets/{open_ticket}").text


def test_the_mail_says_it_softly_and_leads_to_the_offer(desk, browse, town, open_ticket, app):
    session(desk, course(desk, town.aula, "Aula for lærere"))
    solve(browse, town, open_ticket, topic="Genåbne en sag", suggestion="fitting")
    from servicedesk.notifications import mails

    [mail] = [one for one in desk.all(OutboxMail, template="ticket_resolved") if one.address == town.teacher.email]
    with app.app_context():
        body = mails.build(mail, app.extensions["settings"]).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Vi foreslår et kort kursus: “Aula for lærere” (30 minutter)." in text
    assert "/competence/offers/" in text and "Du bestemmer selv" in text


@pytest.mark.parametrize("who", ["follower", "manager", "superbruger", "supporter of another team"])
def test_others_hear_nothing_of_an_offer(desk, browse, town, open_ticket, who):
    session(desk, course(desk, town.aula, "Aula for lærere"))
    solve(browse, town, open_ticket, topic="Genåbne en sag", suggestion="fitting")
    if who == "manager":
        person = town.manager
    elif who == "supporter of another team":
        person = desk.person(Role.SUPPORTER, team=desk.team())
    elif who == "superbruger":
        from tests.superbrugere_made import appoint

        person = desk.person(unit=town.first)
        appoint(desk, person, town.first)
    else:
        person = desk.person(unit=town.first)
        browse(town.teacher).post(f"/tickets/{open_ticket}/followers", data={"person_id": person.id})
    [made] = desk.all(Offer)
    for path in (f"/tickets/{open_ticket}", f"/tickets/{open_ticket}/competence", f"/competence/offers/{made.id}"):
        assert "Aula for lærere" not in browse(person).get(path).text
    assert browse(person).get(f"/competence/offers/{made.id}").status_code == 404
    assert browse(person).post(f"/competence/offers/{made.id}/no").status_code == 404
    assert desk.get(Offer, made.id).answer is None


def test_the_resolver_sees_what_was_answered(desk, browse, town):
    session(desk, course(desk, town.aula, "Aula for lærere"))
    ticket = town.solved(topic="Genåbne en sag", suggestion="fitting")
    assert "ikke svaret" in browse(town.supporter).htmx(f"/tickets/{ticket}/competence").text


def test_who_has_taken_it_or_said_no_is_not_asked_again(desk, browse, town):
    session(desk, course(desk, town.aula))
    town.solved(topic="Genåbne en sag", suggestion="fitting")
    [made] = desk.all(Offer)
    browse(town.teacher).post(f"/competence/offers/{made.id}/no")
    town.solved(topic="Genåbne en sag", suggestion="fitting")
    assert desk.count(Offer) == 1


def test_another_systems_course_cannot_be_smuggled_in(desk, browse, town, open_ticket):
    foreign = course(desk, desk.system("Opus"))
    answer = solve(browse, town, open_ticket, topic="Genåbne en sag", suggestion=f"course-{foreign.id}")
    assert answer.status_code == 422 and desk.count(Offer) == 0


def test_a_ticket_that_is_reopened_shows_no_offer(desk, browse, town):
    session(desk, course(desk, town.aula, "Aula for lærere"))
    ticket = town.solved(topic="Genåbne en sag", suggestion="fitting")
    browse(town.teacher).post(f"/tickets/{ticket}/reopening", data={"reason": "Den er der ikke."})
    assert "Aula for lærere" not in browse(town.teacher).get(f"/tickets/{ticket}").text


def test_afterwards_a_topic_can_be_named_by_those_who_work_on_it(desk, browse, town):
    ticket = town.solved()
    assert browse(town.teacher).post(f"/tickets/{ticket}/topic", data={"topic": "Nej"}).status_code == 403
    browse(town.supporter).post(f"/tickets/{ticket}/topic", data={"topic": "Genåbne en sag"})
    [topic] = desk.all(Topic)
    assert desk.get(TicketTopic, ticket).topic_id == topic.id
    fault = town.solved(cause=Cause.FAULT)
    answer = browse(town.supporter).post(f"/tickets/{fault}/topic", data={"topic": "Genåbne en sag"})
    assert answer.status_code == 409


def test_what_was_chosen_is_still_chosen_when_the_choices_are_fetched(desk, browse, town, open_ticket):
    kom = course(desk, town.aula)
    page = browse(town.supporter).get(f"/tickets/{open_ticket}").text
    assert f'hx-get="/tickets/{open_ticket}/topics?chosen=fitting"' in page
    refused = solve(browse, town, open_ticket, topic="x" * 81, suggestion=f"course-{kom.id}").text
    assert f'hx-get="/tickets/{open_ticket}/topics?chosen=course-{kom.id}" hx-trigger="load"' in refused
    fetched = browse(town.supporter).htmx(f"/tickets/{open_ticket}/topics?chosen=course-{kom.id}").text
    assert f'<option value="course-{kom.id}" selected>' in fetched
