"""What can be found out about few: nothing, from pages, files, trends, filters and the tables themselves."""

import csv
import io
import re
from random import Random

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.organisation.models import Unit
from servicedesk.surveys.commands import settings as setting
from servicedesk.surveys.models import Cell, Figure, Invitation, Survey, SurveyAnswer
from servicedesk.surveys.queries.settings import Asking
from servicedesk.surveys.rules import Kind
from servicedesk.tickets.workflow import State
from tests.surveys.made import answer, close, make_survey, rated
from tests.surveys.solver import leaks

LEAST = 5


def grown(desk, dice, units=9):
    """A random tree below the customer, and people in it."""
    tree = [desk.home]
    for number in range(units):
        tree.append(desk.unit(dice.choice(tree), name=f"Enhed {number:02}"))
    return tree, {unit.id: [desk.person(unit=unit) for _ in range(dice.randint(0, 7))] for unit in tree}


def shown(browse, who, survey):
    """Every figure that somebody gets at: from each filter of the page, and from the file; by (unit, question)."""
    browser, address = browse(who), f"/satisfaction/surveys/{survey}/results"
    page = browser.get(address)
    if page.status_code == 404:
        return {}
    found = {}
    for unit in re.findall(r'<option value="(\d+)"', page.text) or [""]:
        text = browser.get(f"{address}?unit={unit}" if unit else address).text
        name = re.search(r'survey-rate"><strong>([^<]+)<', text)
        rate = re.search(r"(\d+) af (\d+) har svaret", text)
        if name and rate:
            found[name[1], "rate"] = int(rate[1])
        if name and (n := re.search(r"n = (\d+)", text)):
            found[name[1], "question"] = int(n[1])
        for below, number in re.findall(r'data-label="Enhed">([^<]+)</th>.*?data-label="n">(\d+)<', text, re.DOTALL):
            found[below, "question"] = int(number)
    rows = list(csv.reader(io.StringIO(browser.get(f"{address}.csv").text.lstrip("\ufeff")), delimiter=";"))
    for unit, question, _said, number, of, *_sure in rows[1:]:
        kind = "rate" if question == "Har svaret" else "question"
        found[unit, kind] = int(number if kind == "rate" else of)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a185_the_solver_finds_no_group_below_five_in_all_that_managers_see(browse, desk, at, seed):
    """A185: a random tree, random answers; all pages, filters and files of the servicedesk manager and all leaders."""
    at("2026-03-02 09:00")
    dice = Random(seed)
    tree, people = grown(desk, dice)
    boss = desk.person(Role.SERVICEDESK_MANAGER)
    leaders = [desk.person(Role.MANAGER, over=unit) for unit in tree]
    survey = make_survey(desk)
    told_to_unit = {one.person_id: one.unit_id for one in desk.all(Invitation)}
    answered = [one for some in people.values() for one in some if dice.random() < 0.6]
    for person in answered:
        answer(desk, survey, person, dice.choice("12345"))
    close(desk, survey)

    sizes = {unit.id: sum(told_to_unit[one.id] == unit.id for one in answered) for unit in tree}
    below = {unit.name: [one.id for one in tree if one.path.startswith(unit.path)] for unit in tree}
    everything: dict[tuple[str, str], int] = {}
    for who in (boss, *leaders):
        everything |= shown(browse, who, survey)

    assert everything, "nothing is shown at all"
    for (unit, _kind), number in everything.items():
        assert number == sum(sizes[id_] for id_ in below[unit]) >= LEAST
    assert leaks([below[unit] for unit, _kind in everything], sizes, LEAST) == []


def test_a185_without_complementary_suppression_the_solver_finds_the_leak(browse, desk, place, monkeypatch):
    """The same pages with only the small group itself left out: the solver must see it."""
    from servicedesk.surveys import suppression

    monkeypatch.setattr(suppression._Tree, "is_harmless", lambda *_args: True)
    small, large = desk.unit(name="Lille"), desk.unit(name="Stor")
    people = {unit.name: [desk.person(unit=unit) for _ in range(number)] for unit, number in ((small, 6), (large, 8))}
    survey = make_survey(desk)
    for person in (*people["Stor"], *people["Lille"][:3]):
        answer(desk, survey, person, "4")
    close(desk, survey)
    found = shown(browse, place.manager, survey)
    assert ("Lille", "rate") not in found and ("Stor", "rate") in found
    sizes = {"Lille": 3, "Stor": 8}
    told = {"Stor": ["Stor"], desk.home.name: ["Lille", "Stor"]}
    assert leaks([told[unit] for unit, _kind in found if unit in told], sizes, LEAST) == [frozenset({"Lille"})]


def test_a185_four_answers_are_nowhere_not_even_their_number(browse, desk, place):
    """A185: a unit with four answers, in table, chart, trend, file and print."""
    people = [desk.person(unit=place.school) for _ in range(8)]
    survey = make_survey(desk, unit=place.school)
    for person in people[:4]:
        answer(desk, survey, person, "1")
    close(desk, survey)
    for who in (place.manager, place.leader):
        for address in ("results", "results.csv"):
            page = browse(who).get(f"/satisfaction/surveys/{survey}/{address}")
            assert page.status_code in (200, 404)
            assert not re.search(r"\b4 af\b|n = 4|Meget utilfreds", page.text)
    assert desk.count(Cell) == 0


def test_the_tables_tell_no_person_time_or_order(desk, place):
    """A look into the database while it is open: who has answered, and what was answered, are not tied together."""
    people = [desk.person(unit=place.school) for _ in range(20)]
    survey = make_survey(desk, (Kind.STEPS, Kind.TEXT), unit=place.school)
    for number, person in enumerate(people):
        answer(desk, survey, person, "5", f"{number:02}")
    rows = desk.all(SurveyAnswer)
    assert {row.invitation_id for row in rows} == {None}
    texts = [row.said for row in rows if isinstance(row.said, str)]
    assert sorted(texts) != texts  # drawn ids: the odds of order are one in 20!
    columns = {column.name for table in (SurveyAnswer, Invitation) for column in table.__table__.columns}
    assert not {name for name in columns if "answered_at" in name or "made_at" in name}
    close(desk, survey)
    assert desk.count(SurveyAnswer) == 0


def test_answers_of_a_small_unit_are_never_written_down_for_it(desk, place):
    small = desk.unit(place.school, name="Lille")
    people = [desk.person(unit=place.school) for _ in range(6)] + [desk.person(unit=small)]
    survey = make_survey(desk, unit=place.school)
    for person in people:
        answer(desk, survey, person, "5")
    assert {row.unit_id for row in desk.all(SurveyAnswer)} == {place.school.id}
    assert desk.get(Survey, survey).least == LEAST


def test_the_limit_only_rises_and_reaches_nothing_back(browse, desk, place, work, at):
    people = [desk.person(unit=place.school) for _ in range(6)]
    survey = make_survey(desk, unit=place.school)
    for person in people:
        answer(desk, survey, person, "5")
    manager, address = browse(place.manager), f"/admin/satisfaction/{desk.home.id}"
    asked = {"share": "100", "least": "8", "follow_up_days": "2"}
    assert manager.post(address, data=asked).status_code == 303
    assert manager.post(address, data={**asked, "least": "7"}).status_code == 422
    assert manager.post(address, data={**asked, "least": "4"}).status_code == 422
    close(desk, survey)  # opened with five
    assert "6 af 8 har svaret" in manager.get(f"/satisfaction/surveys/{survey}/results").text
    with desk.app.app_context():
        setting.change_asking(desk.home.id, Asking(least=50), by=SYSTEM, now=clock.now())
    assert "6 af 8 har svaret" in manager.get(f"/satisfaction/surveys/{survey}/results").text


def test_while_it_is_open_nothing_of_it_is_seen(browse, desk, place):
    people = [desk.person(unit=place.school) for _ in range(8)]
    survey = make_survey(desk, unit=place.school)
    for person in people[:3]:
        answer(desk, survey, person, "5")
    manager = browse(place.manager)
    assert manager.get(f"/satisfaction/surveys/{survey}/results").status_code == 404
    assert manager.get(f"/satisfaction/surveys/{survey}/results.csv").status_code == 404
    assert "Under 5" in manager.get(f"/satisfaction/surveys/{survey}").text


# ------------------------------------------------------------------------------------------------ ratings


def tickets_rated(desk, people, steps, **filed):
    for person, step in zip(people, steps, strict=True):
        ticket = desk.ticket(State.CLOSED, by=person, **filed)
        rated(desk, person, step, ticket_id=ticket)


def test_a185_a_quarters_ratings_are_told_once_and_never_of_few(browse, desk, place, work, at):
    """A185: figures of a quarter, by unit and by team, with the small ones and what gives them away left out."""
    other = desk.unit(name="Sydskolen")
    here = [desk.person(unit=place.school) for _ in range(7)]
    there = [desk.person(unit=other) for _ in range(4)]
    tickets_rated(desk, here, [5] * 7, assignee=place.supporter)
    tickets_rated(desk, there, [1] * 4, assignee=place.supporter)
    at("2026-04-20 09:00")
    work()
    work()
    figures = [(row.unit_id, row.asked, row.counts) for row in desk.all(Figure) if row.unit_id]
    assert figures == [(desk.home.id, 11, {"5": 7, "1": 4})]  # Nordskolen would tell Sydskolen's four
    leader = browse(place.leader)
    assert "Der er ingen tal at vise endnu" in leader.get("/satisfaction").text
    assert leader.get("/satisfaction/figures.csv").text.count("\r\n") == 1
    assert "Testby Kommune" in browse(place.manager).get("/satisfaction").text


def test_a185_one_person_who_answers_often_is_one(desk, place, work, at):
    person = desk.person(unit=place.school)
    tickets_rated(desk, [person] * 6, [1] * 6)
    at("2026-04-20 09:00")
    work()
    assert desk.count(Figure) == 0


def test_a189_a_leader_of_three_sees_no_figure_and_nobody_of_them(browse, desk, at, work):
    """A189: dashboards on own staff's tickets."""
    at("2026-03-02 09:00")
    unit = desk.unit(name="Lille enhed")
    staff = [desk.person(unit=unit, name=f"Medarbejder {number}") for number in range(3)]
    leader = desk.person(Role.MANAGER, unit=unit, over=unit)
    tickets_rated(desk, staff, [1, 2, 1])
    at("2026-04-20 09:00")
    work()
    for address in ("/satisfaction", "/satisfaction/figures.csv"):
        page = browse(leader).get(address)
        assert page.status_code == 200
        assert "Medarbejder" not in page.text and "Lille enhed" not in page.text
    assert browse(leader).get("/satisfaction/mine").status_code == 404
    assert browse(leader).get("/satisfaction/tasks").status_code == 404


def test_a191_parameters_open_nothing(browse, desk, place):
    """A191: units outside, periods, groupings and nonsense in the address."""
    people = [desk.person(unit=place.school) for _ in range(6)]
    survey = make_survey(desk, unit=place.school)
    for person in people:
        answer(desk, survey, person, "5")
    close(desk, survey)
    leader, plain = browse(place.leader), f"/satisfaction/surveys/{survey}/results"
    [outside] = [unit.id for unit in desk.all(Unit) if unit.parent_id is None and unit.id != desk.home.id]
    assert leader.get(f"{plain}?unit={outside}").status_code == 404
    before = main(leader.get(plain))
    for query in ("unit=1%20OR%201=1", "unit=", "group=person_id", "from=1900-01-01&to=2999-01-01", "least=1", "k=0"):
        assert main(leader.get(f"{plain}?{query}")) == before, query
        assert leader.get(f"/satisfaction?{query}").status_code == 200
        assert leader.get(f"{plain}.csv?{query}").text == leader.get(f"{plain}.csv").text


def main(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def test_a_supporter_sees_own_figures_and_the_teams_and_nobody_elses(browse, desk, place, work, at):
    people = [desk.person(unit=place.school) for _ in range(6)]
    tickets_rated(desk, people, [5] * 6, assignee=place.supporter)
    at("2026-04-20 09:00")
    work()
    page = browse(place.supporter).get("/satisfaction/mine").text
    assert "5,0" in page and "Servicedesk" in page
    colleague = browse(place.colleague).get("/satisfaction/mine").text
    assert "5,0" not in colleague
    overview = browse(place.manager).get("/satisfaction").text
    assert "Servicedesk" in overview and "Lene Krogh" not in overview


def test_a_team_of_two_has_no_figure(browse, desk, place, work, at):
    pair = desk.team(name="Parret")
    two = [desk.person(Role.SUPPORTER, team=pair) for _ in range(2)]
    people = [desk.person(unit=place.school) for _ in range(6)]
    for person in people:
        ticket = desk.ticket(State.CLOSED, by=person, assignee=two[0])
        rated(desk, person, 5, ticket_id=ticket, team_id=pair.id)
    at("2026-04-20 09:00")
    work()
    assert desk.count(Figure, team_id=pair.id) == 1
    for who in (place.manager, two[1]):
        assert "Parret" not in browse(who).get("/satisfaction").text.partition("<main")[2]
