"""The desk's page through the door: when tickets come, where they wait, what comes back; each count opens its list."""

from datetime import date, timedelta
from random import Random

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.figures import checking, load
from servicedesk.figures import commands as figures
from servicedesk.figures.models import FigureHour
from servicedesk.figures.slices import Slice
from servicedesk.insight.desk import expecting
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause, Kind, Level
from tests.figures.conftest import Town, town  # noqa: F401  a fixture
from tests.insight.test_overview import number_behind, numbers_with_lists

YEAR = "from=2026-01&to=2026-12"


@pytest.mark.long
@pytest.mark.timeout(500)
def test_each_number_opens_as_many_tickets(town: Town, browse) -> None:  # noqa: F811
    town.live(300, Random(20263))
    town.tell()
    town.settle()
    manager_too = town.desk.person(Role.ADMINISTRATOR, over=town.desk.home)
    town.desk.grant(manager_too, Role.MANAGER, over=town.units[0])
    both = town.desk.person(Role.SERVICEDESK_MANAGER, over=town.desk.home, team=town.teams[0])
    last = f"{town.now:%Y-%m}"
    narrowed = [f"&unit={town.units[0].id}", f"&team={town.teams[1].id}", f"&system={town.systems[0].id}"]
    seen = 0
    for person in (town.chief, manager_too, both):
        who = town.desk.actor(person)
        for more in ("", *narrowed, "&kind=incident&priority=3", "&kind=request"):
            answer = browse(person).get(f"/overview/desk?from=2026-01&to={last}{more}")
            assert answer.status_code == 200
            for number, address in numbers_with_lists(answer.text):
                with town.desk.app.app_context():
                    assert number == number_behind(address, who), (person.name, more, address)
                seen += 1
    assert seen > 300


def test_only_who_runs_the_desk_sees_it(town: Town, browse) -> None:  # noqa: F811
    for person in (town.supporters[0], town.employees[0], town.desk.person(Role.MANAGER, over=town.units[0])):
        assert browse(person).get("/overview/desk").status_code == 404
        assert browse(person).get("/overview/desk/figures.csv").status_code == 404
    other = town.desk.customer("Naboby Kommune")
    assert browse(town.chief).get(f"/overview/desk?customer={other.id}").status_code == 404


def test_the_overviews_lead_to_each_other_for_who_may_see_both(town: Town, browse) -> None:  # noqa: F811
    assert "/overview/desk" in browse(town.chief).get("/overview").text
    assert "/overview/desk" not in browse(town.supporters[0]).get("/overview").text


def test_before_there_are_figures_the_page_says_so(desk, browse) -> None:
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    assert "Der er ingen tal endnu" in browse(chief).get("/overview/desk").text


def test_everything_can_be_taken_home(town: Town, browse) -> None:  # noqa: F811
    town.live(60, Random(2))
    town.tell()
    told = browse(town.chief).get(f"/overview/desk/figures.csv?{YEAR}").text
    assert '"Team";"Support";"Ikke løst endnu"' in told
    assert browse(town.chief).get(f"/overview/desk/figures.xlsx?{YEAR}").status_code == 200


def test_a_page_asks_a_fixed_number_of_questions(town: Town, browse, queries) -> None:  # noqa: F811
    counts = []
    for operations in (20, 120):
        town.live(operations, Random(operations))
        town.tell()
        browser = browse(town.chief)
        browser.get(f"/overview/desk?{YEAR}")
        with queries() as asked:
            browser.get(f"/overview/desk?{YEAR}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_hours_are_counted_on_the_wall_from_sums_and_from_facts_alike(desk, at, app) -> None:
    """Half past midnight in summer is the evening before in UTC."""
    chief = desk.actor(desk.person(Role.SERVICEDESK_MANAGER, over=desk.home))
    unit = desk.unit(name="Borgerservice")
    for when in ("2026-07-06 00:30", "2026-07-06 09:15", "2026-07-06 09:45"):
        at(when)
        desk.ticket(by=desk.person(unit=unit))
    with app.app_context():
        while figures.roll_up():
            pass
        days = date(2026, 7, 1), date(2026, 7, 31)
        monday = date(2026, 7, 6)
        should = {(monday, 0): 1, (monday, 9): 2}
        whole = Slice(customer_id=desk.home.id, first=202607, last=202607)
        assert load.came(whole, chief, *days) == should
        narrowed = Slice(customer_id=desk.home.id, first=202607, last=202607, units=(unit.id,))
        assert load.came(narrowed, chief, *days) == should
        assert not list(checking.wrong_sums())
        db.session.query(FigureHour).filter_by(filed_slot=9).update({"tickets": 5})
        assert any(key.startswith("figure_hour") for key in checking.wrong_sums())


def test_what_is_expected_is_the_median_of_days_that_were_as_usual() -> None:
    today = date(2026, 3, 11)
    first, last = expecting.looked_back(today)
    assert (first.weekday(), last.weekday(), last) == (0, 6, date(2026, 3, 8))
    numbers = [2, 8, 4, 100, 6, 5, 3, 9]
    came = {(first + timedelta(weeks=week), 9): number for week, number in enumerate(numbers)}
    unusual = {first + timedelta(weeks=3)}
    told = expecting.expected(came, today, unusual)
    assert told.days[0] == 7
    assert told.by_slot[9] == told.by_day[0] == 5  # of 2 3 4 5 6 8 9
    assert told.by_day[1] == 0


def test_of_too_few_weeks_nothing_is_expected() -> None:
    today = date(2026, 3, 11)
    came = {(date(2026, 3, 2), 9): 4}
    told = expecting.expected(came, today, ())
    assert told.first == date(2026, 3, 2)
    assert not told.by_day
    assert not told.by_slot


def test_incidents_with_the_same_cause_again_and_again_are_candidates(town: Town, browse) -> None:  # noqa: F811
    desk, system = town.desk, town.systems[0]
    supporter = desk.actor(town.supporters[0])
    with desk.app.app_context():
        for number in range(6):
            ticket = commands.file(
                commands.NewTicket(
                    subject="Printeren hænger",
                    description="Igen.",
                    kind=Kind.INCIDENT,
                    impact=Level.LOW,
                    urgency=Level.LOW,
                    system_id=system.id,
                ),
                by=desk.actor(town.employees[number % 3]),
                now=town.now,
            )
            when = town.now + timedelta(hours=1)
            commands.take(ticket.id, by=supporter, now=when)
            commands.resolve(ticket.id, by=supporter, now=when, solution="Genstartet.", cause=Cause.FAULT)
    town.tell()
    page = browse(town.chief).get("/overview/desk?from=2026-01&to=2026-03").text
    assert f">{system.name}: Fejl</a>" in page
    assert (6, True) in [
        (number, "because_fault" in address and f"system={system.id}" in address)
        for number, address in numbers_with_lists(page)
    ]
