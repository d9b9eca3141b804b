"""A survey from the draft to the results."""

import re
from datetime import date

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.surveys.models import Cell, Invitation, Question, Survey, SurveyAnswer
from servicedesk.surveys.rules import Kind, Sampling, SurveyState
from tests.surveys.made import answer, close, invited, make_survey

TERMS = {
    "title": "Trivsel med it",
    "intro": "Vi vil gerne blive bedre.",
    "is_anonymous": "yes",
    "sampling": "all",
    "opens_on": "2026-03-02",
    "closes_on": "2026-03-20",
}


@pytest.fixture
def people(desk, place):
    return [desk.person(unit=place.school) for _ in range(8)]


# ------------------------------------------------------------------------------------------------ building


def test_the_manager_builds_previews_and_opens_one(browse, desk, place, people, work):
    manager = browse(place.manager)
    made = manager.post("/satisfaction/surveys/new", data={**TERMS, "unit_id": place.school.id})
    address = made.location
    assert made.status_code == 303
    for kind, options in (("steps", ""), ("nps", ""), ("several", "Rød\nGrøn"), ("text", "")):
        asked = {"kind": kind, "words": f"Hvad med {kind}?", "options": options}
        assert manager.post(f"{address}/questions", data=asked).status_code == 303
    page = manager.get(f"{address}/preview").text
    assert "Hvad med several?" in page and "Grøn" in page and "Målingen er anonym" in page

    assert manager.post(f"{address}/open").status_code == 303

    [survey] = desk.all(Survey)
    assert (survey.state, survey.least) == (SurveyState.OPEN, 5)
    assert len(invited(desk, survey.id)) == 10  # the leader and the user of the place work there too
    work()
    assert desk.count(OutboxMail, template="survey_asked") == 10
    assert {line.action for line in desk.all(AuditLine, subject_kind="survey")} == {
        *("survey_made", "survey_changed", "survey_planned", "survey_opened"),
    }


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browse, place):
    manager = browse(place.manager)
    wrong = manager.post(
        "/satisfaction/surveys/new",
        data={**TERMS, "unit_id": place.school.id, "closes_on": "2026-01-01", "title": "Min titel"},
    )
    assert wrong.status_code == 422 and "Min titel" in wrong.text
    assert manager.post("/satisfaction/surveys/new", data={}).status_code == 422
    share = {**TERMS, "unit_id": place.school.id, "sampling": "share", "amount": "101"}
    assert manager.post("/satisfaction/surveys/new", data=share).status_code == 422


def test_units_of_others_cannot_be_asked(browse, desk, place):
    foreign = desk.unit(desk.get(type(place.school), place.stranger.customer_id))
    answered = browse(place.manager).post("/satisfaction/surveys/new", data={**TERMS, "unit_id": foreign.id})
    assert answered.status_code == 404 and desk.count(Survey) == 0


def test_questions_are_changed_moved_and_removed(browse, desk, place):
    survey = make_survey(desk, (Kind.STEPS, Kind.TEXT), opens=False)
    manager, address = browse(place.manager), f"/satisfaction/surveys/{survey}"
    first, second = desk.all(Question)
    manager.post(f"{address}/questions/{second.id}/up")
    assert [one.id for one in sorted(desk.all(Question), key=lambda one: one.position)] == [second.id, first.id]
    few = manager.post(f"{address}/questions/{first.id}", data={"kind": "one", "words": "Farve?", "options": "Rød"})
    assert few.status_code == 422
    manager.post(f"{address}/questions/{first.id}", data={"kind": "one", "words": "Farve?", "options": "Rød\nBlå\nRød"})
    assert desk.get(Question, first.id).options == ["Rød", "Blå"]
    manager.post(f"{address}/questions/{second.id}/removal")
    assert desk.count(Question) == 1
    assert manager.post(f"{address}/removal").status_code == 303
    assert desk.count(Survey) == 0


def test_an_open_survey_is_not_changed(browse, desk, place, people):
    survey = make_survey(desk)
    manager, address = browse(place.manager), f"/satisfaction/surveys/{survey}"
    [question] = desk.all(Question)
    asked = {"kind": "text", "words": "Ny?"}
    assert manager.post(f"{address}/questions", data=asked).status_code == 409
    assert manager.post(f"{address}/questions/{question.id}", data=asked).status_code == 409
    assert manager.post(f"{address}/terms", data={**TERMS, "unit_id": place.school.id}).status_code == 409
    assert manager.post(f"{address}/removal").status_code == 409
    assert manager.post(f"{address}/open").status_code == 409


def test_too_few_are_not_asked(browse, desk, place):
    survey = make_survey(desk, unit=place.school, opens=False)
    refused = browse(place.manager).post(f"/satisfaction/surveys/{survey}/open")
    assert refused.status_code == 422 and "mindst 5" in refused.text
    assert desk.get(Survey, survey).state is SurveyState.DRAFT and desk.count(Invitation) == 0


@pytest.mark.parametrize(("sampling", "amount", "number"), [(Sampling.SHARE, 50, 5), (Sampling.NUMBER, 7, 7)])
def test_a_sample_is_drawn(desk, place, people, sampling, amount, number):
    survey = make_survey(desk, unit=place.school, sampling=sampling, amount=amount)
    assert len(invited(desk, survey)) == number


@pytest.mark.parametrize("who", ["supporter", "leader", "user", "stranger"])
def test_others_build_nothing(browse, desk, place, people, who):
    survey = make_survey(desk, opens=False)
    other = browse(getattr(place, who))
    assert other.get(f"/satisfaction/surveys/{survey}").status_code == 404
    for deed in ("open", "close", "removal", "repeat", "questions", "terms"):
        assert other.post(f"/satisfaction/surveys/{survey}/{deed}").status_code == 404


# ------------------------------------------------------------------------------------------------ by itself


def test_it_opens_reminds_once_and_closes_by_itself(desk, place, people, work, at):
    survey = make_survey(desk, unit=place.school, opens_on=date(2026, 3, 9), closes_on=date(2026, 3, 20))
    assert desk.get(Survey, survey).state is SurveyState.PLANNED
    work()
    assert desk.count(OutboxMail, template="survey_asked") == 0
    at("2026-03-09 08:00")
    work()
    assert desk.get(Survey, survey).state is SurveyState.OPEN
    assert desk.count(OutboxMail, template="survey_asked") == 10
    answer(desk, survey, people[0], "5")
    at("2026-03-16 08:01")
    work()
    work()
    reminded = {mail.person_id for mail in desk.all(OutboxMail, template="survey_reminded")}
    assert len(reminded) == 9 == desk.count(OutboxMail, template="survey_reminded")
    assert people[0].id not in reminded
    at("2026-03-21 00:30")
    work()
    assert desk.get(Survey, survey).state is SurveyState.CLOSED


def test_a_planned_one_can_be_taken_back(browse, desk, place, people):
    survey = make_survey(desk, opens_on=date(2026, 3, 9))
    assert browse(place.manager).post(f"/satisfaction/surveys/{survey}/back").status_code == 303
    assert desk.get(Survey, survey).state is SurveyState.DRAFT


# ------------------------------------------------------------------------------------------------ answering


def test_it_is_answered_by_the_mail_and_only_once(browse, desk, place, people, work, link):
    survey = make_survey(desk, (Kind.STEPS, Kind.TEXT))
    work()
    stranger, address = browse(), link(people[0], "survey_asked")
    first, second = desk.all(Question)
    page = stranger.get(address)
    assert page.status_code == 200 and "Målingen er anonym" in page.text and "checked" not in page.text
    assert "data-keep=" not in page.text

    assert stranger.post(address, data={f"q{first.id}": "4", f"q{second.id}": "Fint"}).status_code == 303

    assert "Tak for dine svar" in stranger.get(address).text
    assert stranger.post(address, data={f"q{first.id}": "1"}).status_code == 409
    assert browse(people[0]).post(f"/surveys/{survey}/answer", data={f"q{first.id}": "1"}).status_code == 409
    assert sorted(str(row.said) for row in desk.all(SurveyAnswer)) == ["Fint", "['4']"]


def test_every_kind_is_read_and_nonsense_is_refused(browse, desk, place, people, work, link):
    make_survey(desk, tuple(Kind))
    work()
    stranger, address = browse(), link(people[0], "survey_asked")
    field = {one.kind: f"q{one.id}" for one in desk.all(Question)}
    said = ("3", "10", "no", "2", ["2", "0"], "Hej")
    right = {field[kind]: value for kind, value in zip(Kind, said, strict=True)}
    wrong = [(Kind.STEPS, "6"), (Kind.NPS, "11"), (Kind.YES_NO, "måske"), (Kind.ONE, ["0", "1"]), (Kind.SEVERAL, ["3"])]
    for kind, value in wrong:
        refused = stranger.post(address, data={**right, field[kind]: value})
        assert refused.status_code == 422 and "Hej" in refused.text, kind
    assert stranger.post(address, data={}).status_code == 422
    assert stranger.post(address, data={**right, "q999999": "1"}).status_code == 303
    assert {str(row.said) for row in desk.all(SurveyAnswer)} == {
        *("['3']", "['10']", "['no']", "['2']", "['0', '2']", "Hej"),
    }


def test_with_names_what_was_begun_is_kept(browse, desk, place, people, work, link):
    survey = make_survey(desk, (Kind.STEPS, Kind.TEXT), is_anonymous=False)
    work()
    stranger, address = browse(), link(people[0], "survey_asked")
    first, second = desk.all(Question)
    assert "ikke anonym" in stranger.get(address).text
    assert stranger.post(f"{address}/keep", data={f"q{second.id}": "Halvt"}).status_code == 303
    assert "Halvt" in stranger.get(address).text
    assert "Halvt" in browse(people[0]).get(f"/surveys/{survey}/answer").text
    stranger.post(address, data={f"q{first.id}": "4", f"q{second.id}": "Helt"})
    close(desk, survey)
    named = browse(place.manager).get(f"/satisfaction/surveys/{survey}/answers.csv").text
    assert people[0].name in named and "Helt" in named and "Tilfreds" in named


def test_of_an_anonymous_one_nothing_is_kept(browse, desk, place, people, work, link):
    make_survey(desk, (Kind.TEXT,))
    work()
    [question] = desk.all(Question)
    kept = browse().post(f"{link(people[0], 'survey_asked')}/keep", data={f"q{question.id}": "Halvt"})
    assert kept.status_code == 409
    assert not any(one.kept for one in desk.all(Invitation))


def test_whoever_is_asked_finds_it_on_the_start_page(browse, desk, place, people):
    survey = make_survey(desk)
    assert f"/surveys/{survey}/answer" in browse(people[0]).get("/").text
    answer(desk, survey, people[0], "5")
    assert f"/surveys/{survey}/answer" not in browse(people[0]).get("/").text
    assert browse(place.stranger).get(f"/surveys/{survey}/answer").status_code == 404


def test_nobody_answers_when_it_is_closed(browse, desk, place, people, work, link):
    survey = make_survey(desk)
    work()
    address = link(people[0], "survey_asked")
    close(desk, survey)
    assert browse().get(address).status_code == 410
    assert browse().post(address, data={}).status_code == 410
    assert browse(people[0]).get(f"/surveys/{survey}/answer").status_code == 409


# ------------------------------------------------------------------------------------------------ results


def test_results_have_figures_words_and_a_trend(browse, desk, place, people):
    first = make_survey(desk, (Kind.STEPS, Kind.NPS, Kind.TEXT), unit=place.school)
    for number, person in enumerate(people):
        answer(desk, first, person, "3", "7", f"Tekst {number}")
    close(desk, first)
    manager = browse(place.manager)
    again = manager.post(f"/satisfaction/surveys/{first}/repeat")
    second = int(re.findall(r"\d+", again.location)[-1])
    manager.post(f"/satisfaction/surveys/{second}/open")
    for person in people:
        answer(desk, second, person, "5", "10", "")
    close(desk, second)

    page = manager.get(f"/satisfaction/surveys/{second}/results").text

    assert "8 af 10 har svaret (80 %)" in page
    assert "5,0" in page and "Forrige runde: 3,0" in page and "100,0" in page
    texts = manager.get(f"/satisfaction/surveys/{first}/results").text
    assert all(f"Tekst {number}" in texts for number in range(8))
    file = manager.get(f"/satisfaction/surveys/{second}/results.csv")
    assert "Meget tilfreds" in file.text and file.mimetype == "text/csv"


def test_files_are_safe_to_open(browse, desk, place, people):
    survey = make_survey(desk, (Kind.TEXT,), unit=place.school)
    for person in people:
        answer(desk, survey, person, "=HYPERLINK(1)")
    close(desk, survey)
    assert '"=HYPERLINK' not in browse(place.manager).get(f"/satisfaction/surveys/{survey}/results.csv").text


def test_a_leader_sees_own_units_figures_and_no_words(browse, desk, place, people):
    other = desk.unit(name="Sydskolen")
    others = [desk.person(unit=other) for _ in range(6)]
    survey = make_survey(desk, (Kind.STEPS, Kind.TEXT))
    staff = [one for one in desk.all(Person) if one.unit_id == desk.home.id]
    for person in (*people, *others, *staff):
        answer(desk, survey, person, "4", "Hemmeligt")
    close(desk, survey)
    leader = browse(place.leader)
    address = f"/satisfaction/surveys/{survey}/results"
    assert "Trivsel med it" in leader.get("/satisfaction/surveys").text
    page = leader.get(address)
    assert "Nordskolen" in page.text and "Sydskolen" not in page.text and "Hemmeligt" not in page.text
    assert "Sydskolen" not in leader.get(f"{address}.csv").text and "Hemmeligt" not in leader.get(f"{address}.csv").text
    assert "Sydskolen" in browse(place.manager).get(address).text
    for unit in (other.id, desk.home.id, 999_999):
        assert leader.get(f"{address}?unit={unit}").status_code == 404
    assert leader.get(f"/satisfaction/surveys/{survey}").status_code == 404
    elsewhere = desk.person(Role.MANAGER, unit=place.school, over=desk.unit(name="Tom"))
    assert browse(elsewhere).get(address).status_code == 404
    assert browse(place.supporter).get(address).status_code == 404
    assert desk.count(Cell) > 0
