"""Random organisations: every way to a ticket agrees with an oracle that shares no code with the policy."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.superbrugere.policy import MandatePermission
from servicedesk.systems.models import System
from servicedesk.tickets import finding, lists, queries
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy
from tests.tickets.random_world import RANDOMLY, World, build, canary
from tests.tickets.reading import load, permissions, thrown_away


def _queued(who: Any, filters: Filters) -> set[int]:
    found: set[int] = set()
    place = None
    while True:
        rows, place = lists.queue(filters, who, after=place)
        found |= {row.id for row in rows}
        if place is None:
            return found


def _searched(asked: str, who: Any) -> set[int]:
    return {hit.row.id for hit in finding.find(asked, who)}


def judge(world: World) -> None:
    """Every person against every ticket, by every way in."""
    p = TicketPermission
    everything = Filters(only_open=False)
    for person in world.people:
        who = load(person)
        may = {ticket.id: world.may(person, ticket) for ticket in world.tickets}
        readable = {id_ for id_, granted in may.items() if p.READ in granted}
        overseen = {id_ for id_, granted in may.items() if p.OVERSEE in granted}
        assert {id_: permissions(who, id_) for id_ in may} == may
        assert _queued(who, everything) == overseen
        assert lists.count(everything, who) == len(overseen)
        open_ones = {ticket.id for ticket in world.tickets if ticket.is_open}
        assert _queued(who, Filters()) == overseen & open_ones
        assert set(lists.listed(list(may), who)) == readable
        own = {row.id for is_open in (True, False) for row in lists.mine(who, is_open=is_open)}
        assert own == {
            ticket.id
            for ticket in world.tickets
            if person in (ticket.filer_id, ticket.affected_id)
            or ((ticket.id, person) in world.followers and ticket.secrecy is Secrecy.ORDINARY)
        }
        for id_ in readable:
            said = "".join(str(told.entry.data) for told in queries.timeline(queries.hold(id_, who)))
            assert canary(id_, "aaben") in said
            assert (canary(id_, "intern") in said) == (p.READ_INTERNAL in may[id_])


@RANDOMLY
@given(random=st.randoms(use_true_random=False))
def test_every_way_to_a_ticket_agrees_with_the_oracle(app, random):
    with app.app_context(), thrown_away():
        judge(build(random, crosses_customers=False))


@RANDOMLY
@given(random=st.randoms(use_true_random=False))
def test_so_it_does_where_teams_work_for_several_customers(app, random):
    with app.app_context(), thrown_away():
        judge(build(random, crosses_customers=True))


@settings(RANDOMLY, max_examples=settings().max_examples // 25)
@given(random=st.randoms(use_true_random=False))
def test_a_search_finds_what_the_searcher_may_read_and_no_more(app, random):
    with app.app_context(), thrown_away():
        world = build(random, crosses_customers=True)
        for person in world.people:
            who = load(person)
            may = {ticket.id: world.may(person, ticket) for ticket in world.tickets}
            assert _searched("fælles", who) == {id_ for id_, granted in may.items() if TicketPermission.READ in granted}
            for id_, granted in may.items():
                assert (_searched(canary(id_, "aaben"), who) == {id_}) == (TicketPermission.READ in granted)
                found = _searched(canary(id_, "intern"), who)
                assert found == ({id_} if TicketPermission.READ_INTERNAL in granted else set())


@RANDOMLY
@given(random=st.randoms(use_true_random=False))
def test_nothing_of_one_customer_reaches_another(app, random):
    """Staff, leaders and owners whose roles end at their own customer's border see nothing beyond it."""
    with app.app_context(), thrown_away():
        world = build(random, crosses_customers=False)
        customers = dict(db.session.execute(select(Person.id, Person.customer_id)).all())
        systems = dict(db.session.execute(select(System.id, System.customer_id)).all())
        for person in world.people:
            grants = world.grants[person]
            reach = {customers[person]}
            for _, scope, id_, _ in grants:
                reach |= set(world.parents) if scope == "all" else set()
                reach |= {world.root(id_)} if scope == "unit" else set()
                reach |= {systems[id_]} if scope == "system" else set()
            far = [t for t in world.tickets if t.customer_id not in reach]
            far = [
                t for t in far if person not in (t.filer_id, t.affected_id) and (t.id, person) not in world.followers
            ]
            assert lists.listed([ticket.id for ticket in far], load(person)) == {}
            assert not _queued(load(person), Filters(only_open=False)) & {ticket.id for ticket in far}


@RANDOMLY
@given(random=st.randoms(use_true_random=False))
def test_a_mandate_reaches_as_far_as_appointment_and_guideline(app, random):
    """A028: whom and what a superbruger may file for."""
    with app.app_context(), thrown_away():
        world = build(random, crosses_customers=False)
        persons = db.session.scalars(select(Person)).all()
        systems = db.session.execute(select(System.id, System.customer_id)).all()
        for id_ in world.people:
            who = load(id_)
            for other in persons:
                for system_id in [None, *(one.id for one in systems if one.customer_id == other.customer_id)]:
                    about = System.id == literal(system_id)
                    query = select(Person.id).select_from(Person).outerjoin(System, about).where(Person.id == other.id)
                    allowed = db.session.scalar(query.where(granted(MandatePermission.FILE_FOR, who))) is not None
                    asked: Any = SimpleNamespace(
                        customer_id=other.customer_id, unit_id=other.unit_id, system_id=system_id
                    )
                    lets = world.corps.lets_file(other.customer_id, system_id)
                    assert allowed == (lets and world.has_as_superbruger(id_, asked))
