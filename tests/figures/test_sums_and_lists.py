"""What a card shows is what its list holds, whatever has happened to the tickets and whoever looks."""

from collections.abc import Iterator
from random import Random

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.permissions import is_open
from servicedesk.figures import behind, checking, commands, queries
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.models import FigureCell, TicketFact
from servicedesk.figures.slices import Slice
from servicedesk.organisation.models import Person
from servicedesk.tickets import commands as tickets
from servicedesk.tickets import lists
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Priority
from tests.figures.conftest import Town

#: Each ticket adds one to these; to the others it adds times and minutes, of which the list says nothing.
COUNTED = [name for name, measure in MEASURES.items() if measure.amount is None]


def lookers(town: Town) -> Iterator[Person]:
    """Each role that oversees tickets, several at once, and somebody who has none."""
    desk = town.desk
    yield town.chief
    yield from town.supporters
    yield desk.person(Role.MANAGER, over=town.units[0])
    yield desk.person(Role.MANAGER, over=town.units[1])
    yield desk.person(Role.SYSTEM_OWNER, over=town.systems[0])
    both = desk.person(Role.SYSTEM_OWNER, over=town.systems[1])
    desk.grant(both, Role.MANAGER, over=town.units[3])
    yield both
    yield desk.person(Role.SUPERBRUGER, over=town.units[0])
    yield desk.person(Role.SUPPORTER, over="everything")
    yield desk.person(unit=town.units[0])


def slices(town: Town, random: Random) -> Iterator[Slice]:
    whole = Slice(customer_id=town.desk.home.id, first=202601, last=203012)
    yield whole
    yield Slice(customer_id=town.desk.home.id, first=202602, last=202603)
    for _ in range(4):
        yield Slice(
            customer_id=town.desk.home.id,
            first=random.choice((202601, 202603)),
            last=random.choice((202602, 202605, 202612)),
            units=(random.choice(town.units).id,) * random.randrange(2),
            systems=(random.choice(town.systems).id,) * random.randrange(2),
            teams=(random.choice(town.teams).id,) * random.randrange(2),
            priorities=(random.choice(list(Priority)),) * random.randrange(2),
            kinds=(random.choice(list(Kind)),) * random.randrange(2),
        )


@pytest.mark.long
@pytest.mark.timeout(500)
def test_every_number_is_that_of_its_list(town: Town) -> None:
    random = Random(20261)
    town.live(500, random)
    town.tell()
    town.settle()
    people = list(lookers(town))
    whole, *narrowed = slices(town, random)
    compared = sum(compare(town, whole, person) for person in people)
    compared += sum(compare(town, slice_, person) for slice_ in narrowed for person in random.sample(people, 3))
    assert compared > 150  # numbers that are more than nothing


def compare(town: Town, slice_: Slice, person: Person) -> int:
    """Holds every count against its list; answers how many there were."""
    who = town.desk.actor(person)
    with town.desk.app.app_context():
        counted = queries.total(queries.by_month(slice_, who).values())
        for name in COUNTED:
            listed = lists.ids(behind.filters(slice_, name), who, limit=10_000)
            assert counted[name] == len(listed), (name, slice_, who.grants)
        for by in (queries.by_unit, queries.by_system, queries.by_team, queries.by_priority):
            assert queries.total(by(slice_, who).values()) == counted
        if not is_open(TicketPermission.OVERSEE, who):
            assert not any(counted.values())
    return sum(counted[name] > 0 for name in COUNTED)


def test_worked_off_bit_by_bit_or_reckoned_anew_is_the_same(town: Town) -> None:
    town.live(200, Random(7))
    town.tell()
    slice_ = Slice(customer_id=town.desk.home.id, first=202601, last=203012)
    who = town.desk.actor(town.chief)
    with town.desk.app.app_context():
        before = (queries.by_month(slice_, who), queries.times(slice_, who, "solved", "answered", "solved_wall"))
        assert before[0] and before[1]
        assert commands.rebuild() == len(town.ids)
        assert (
            queries.by_month(slice_, who),
            queries.times(slice_, who, "solved", "answered", "solved_wall"),
        ) == before
        assert not list(checking.differences(town.ids))
        assert not list(checking.wrong_sums())


def test_the_check_finds_what_was_tampered_with(town: Town) -> None:
    town.live(60, Random(3))
    town.tell()
    with town.desk.app.app_context():
        row = db.session.get_one(TicketFact, town.ids[0])
        row.minutes += 5
        db.session.commit()
        assert [(ticket, field) for ticket, field, _reason in checking.differences(town.ids)] == [
            (town.ids[0], "fact minutes")
        ]
        cell = db.session.query(FigureCell).filter_by(grouping=0).first()
        assert cell is not None
        cell.filed += 1
        db.session.commit()
        assert any(key.startswith("figure_cell") for key in checking.wrong_sums())


def test_what_has_changed_is_no_difference_until_it_was_told(town: Town) -> None:
    town.live(10, Random(3))
    with town.desk.app.app_context():
        assert db.session.query(Ticket).count() == len(town.ids)
        assert not list(checking.differences(town.ids))


def test_where_tickets_have_left_nothing_is_told(town: Town) -> None:
    desk, (before, after) = town.desk, town.teams
    supporter = desk.actor(town.supporters[0])
    slice_ = Slice(customer_id=desk.home.id, first=202601, last=202612)
    with desk.app.app_context():
        new = tickets.NewTicket(subject="Kan ikke logge på", description="Skærmen er sort.")
        ticket = tickets.file(new, by=desk.actor(town.employees[0]), now=town.now)
        commands.roll_up()
        assert list(queries.by_team(slice_, supporter)) == [before.id]
        tickets.move(ticket.id, by=supporter, now=town.now, team_id=after.id)
        commands.roll_up()
        assert list(queries.by_team(slice_, supporter)) == [after.id]
