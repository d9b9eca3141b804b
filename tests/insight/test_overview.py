"""The overview through the door: each number is that of the list it opens, for everybody who may look."""

import re
from dataclasses import replace
from html import unescape
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from servicedesk.competence.models import UnitKind
from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import is_open
from servicedesk.figures import commands as figures
from servicedesk.figures.rules import month_of
from servicedesk.figures.slices import Slice
from servicedesk.insight.overview import reading
from servicedesk.organisation.models import Unit
from servicedesk.tickets import lists, soon
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy
from tests.agreements_made import agree
from tests.figures.conftest import Town, town  # noqa: F401  a fixture
from tests.figures.test_sums_and_lists import lookers

#: A link to a list, and its words, or what a column of a chart is called.
LINK = re.compile(
    r'<a(?: class="(?:chart|heat)-link")? href="(/queue\?[^"]*)"(?: aria-label="([^"]*)")?>(.*?)</a>', re.DOTALL
)
#: "12", "Se de 12 løste": a column's number stands in its table, too, and a share opens what it lacks.
NUMBER = re.compile(r"(?:Se den? )?([\d.]+)(?: [^\d%]*)?")
WHEN = "from=2026-01&to=2026-12"


def numbers_with_lists(page: str) -> list[tuple[int, str]]:
    """(what the page says, address) of every number that opens a list."""
    told = [(NUMBER.fullmatch(words), address) for address, spoken, words in LINK.findall(page) if not spoken]
    return [(int(number[1].replace(".", "")), unescape(address)) for number, address in told if number]


def number_behind(address: str, who: Actor) -> int:
    told = parse_qs(urlsplit(address).query)
    filters = soon.told(Filters.read(MultiDict(told)), who, clock.now())
    return len(lists.ids(filters, who, limit=100_000))


@pytest.mark.long
@pytest.mark.timeout(500)
def test_each_number_opens_as_many_tickets(town: Town, browse) -> None:  # noqa: F811
    random = Random(20262)
    town.live(300, random)
    town.tell()
    town.settle()
    seen = 0
    for person in lookers(town):
        who = town.desk.actor(person)
        for more in ("", f"&unit={town.units[0].id}", f"&system={town.systems[0].id}&priority=3"):
            answer = browse(person).get(f"/overview?{WHEN}{more}")
            if not is_open(TicketPermission.OVERSEE, who):
                assert answer.status_code == 404
                continue
            assert answer.status_code == 200
            for number, address in numbers_with_lists(answer.text):
                with town.desk.app.app_context():
                    assert number == number_behind(address, who), address
                seen += 1
    assert seen > 300


def test_a_list_says_what_it_is_narrowed_to(town: Town, browse) -> None:  # noqa: F811
    town.live(20, Random(1))
    town.tell()
    page = browse(town.chief).get(f"/overview?{WHEN}").text
    address = next(address for _number, address in numbers_with_lists(page) if "mark=filed" in address)
    assert "Modtaget, januar 2026 til december 2026" in browse(town.chief).get(address).text


def test_before_there_are_figures_the_page_says_so(desk, browse) -> None:
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    assert "Der er ingen tal endnu" in browse(chief).get("/overview").text


@pytest.mark.parametrize(
    "address", ["from=1900-01&to=2300-99", "from=x&to=&unit=999999999999&system=-1", "from=2026-05&to=2026-02"]
)
def test_addresses_that_people_edited_are_read_as_far_as_they_make_sense(desk, browse, address) -> None:
    desk.ticket()
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    assert browse(chief).get(f"/overview?{address}").status_code == 200


def test_another_organisation_is_not_found(desk, browse) -> None:
    other = desk.customer("Naboby Kommune")
    assert browse(desk.person(Role.SERVICEDESK_MANAGER)).get(f"/overview?customer={other.id}").status_code == 404


def test_a_manager_sees_figures_of_own_units_alone(town: Town, browse) -> None:  # noqa: F811
    town.live(80, Random(5))
    town.tell()
    manager = town.desk.person(Role.MANAGER, over=town.units[1])
    page = browse(manager).get(f"/overview?{WHEN}").text
    assert "Birkeskolen</a>" not in page.partition('<h2 id="now"')[2]


def test_everything_can_be_taken_home(town: Town, browse) -> None:  # noqa: F811
    town.live(60, Random(2))
    town.tell()
    browser = browse(town.chief)
    told = browser.get(f"/overview/figures.csv?{WHEN}").text
    assert '"I alt"' in told
    assert '"Måned";"2026-01"' in told
    assert browser.get(f"/overview/figures.xlsx?{WHEN}").status_code == 200


def test_a_page_asks_a_fixed_number_of_questions(town: Town, browse, queries) -> None:  # noqa: F811
    counts = []
    for operations in (20, 120):
        town.live(operations, Random(operations))
        town.tell()
        browser = browse(town.chief)
        browser.get(f"/overview?{WHEN}")
        with queries() as asked:
            browser.get(f"/overview?{WHEN}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 28


def test_others_of_the_same_kind_are_narrowed_as_the_unit_itself_is(desk) -> None:
    """What is said of them counts what lies below them, the chosen system alone, and nothing confidential."""
    schools = [desk.unit(name=f"Skole {letter}") for letter in "ABCD"]
    for school in schools:
        desk.add(UnitKind(unit_id=school.id, customer_id=desk.home.id, kind="Skole"))
    system, pupils = desk.system("Aula"), desk.person(unit=desk.unit(schools[1], name="6. klasse"))
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    desk.team(receives_confidential=True, is_closed=True)
    for filer, told in ((pupils, {"system": system}), (desk.person(unit=schools[2]), {"system": system}), (pupils, {})):
        desk.ticket("resolved", by=filer, assignee=supporter, **told)
    desk.ticket(by=pupils, system=system, secrecy=Secrecy.CONFIDENTIAL)
    with desk.app.app_context():
        while figures.roll_up():
            pass
        month = month_of(clock.now())
        chosen = Slice(customer_id=desk.home.id, first=month, last=month, units=(schools[0].id,), systems=(system.id,))
        units = desk.all(Unit, customer_id=desk.home.id)
        others = reading.peers(chosen, units)
        assert others is not None
        assert (others.number, others.counts["filed"], others.counts["resolved"]) == (3, 2, 2)
        assert reading.peers(replace(chosen, units=()), units) is None


def test_what_is_at_risk_is_counted_as_its_list_is(desk, browse, at) -> None:
    """By the hours of the reader's own organisation, whosever tickets they are."""
    at(
        "2026-03-06 15:00"
    )  # a Friday: four hours of town hall reach into Monday, of a desk round the clock into the night
    other = desk.customer("Naboby Kommune")
    agree(desk, "A", response="10 hours", resolution="10 hours")
    agree(desk, "F", response="10 hours", resolution="10 hours", customer_id=other.id)
    desk.ticket(by=desk.person(unit=other))
    chief = desk.person(Role.SERVICEDESK_MANAGER, over="everything")
    with desk.app.app_context():
        while figures.roll_up():
            pass
    page = browse(chief).get(f"/overview?customer={other.id}").text
    told = [(number, address) for number, address in numbers_with_lists(page) if "show=soon" in address]
    assert told
    with desk.app.app_context():
        assert all(number == number_behind(address, desk.actor(chief)) for number, address in told)
