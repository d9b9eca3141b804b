"""Random organisations: every way to a ticket agrees with an oracle that shares no code with the policy."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.superbrugere.policy import MandatePermission
from servicedesk.superbrugere.rules import Leeway
from servicedesk.systems.models import System
from servicedesk.tickets import finding, lists, queries, search
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.models import Entry, EntryKind, Follower, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Secrecy, State, Tier
from tests.tickets.randomly_appointed import Corps, plant
from tests.tickets.reading import NOW, TODAY, a_ticket, load, permissions, thrown_away


@dataclass
class World:
    """An organisation in plain Python: what the oracle judges by."""

    #: Parent of each unit; a root has none.
    parents: dict[int, int | None] = field(default_factory=dict)
    #: (role, "all" | "unit" | "system", id, in force) of each person.
    grants: dict[int, list[tuple[Role, str, int, bool]]] = field(default_factory=dict)
    teams: dict[int, set[int]] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    followers: set[tuple[int, int]] = field(default_factory=set)
    corps: Corps = field(default_factory=Corps)

    @property
    def people(self) -> list[int]:
        """Those who can sign in."""
        return [person for person in self.grants if person not in self.corps.gone]

    def root(self, unit: int) -> int:
        parent = self.parents[unit]
        return unit if parent is None else self.root(parent)

    def is_below(self, unit: int | None, top: int) -> bool:
        while unit is not None:
            if unit == top:
                return True
            unit = self.parents[unit]
        return False

    def covers(self, person: int, ticket: Ticket, *roles: Role) -> bool:
        return any(
            in_force and role in roles and self.reaches(scope, id_, ticket)
            for role, scope, id_, in_force in self.grants[person]
        )

    def reaches(self, scope: str, id_: int, ticket: Ticket) -> bool:
        if scope == "unit":
            return self.is_below(ticket.unit_id, id_)
        return scope == "all" or ticket.system_id == id_

    def has_as_superbruger(self, person: int, ticket: Ticket) -> bool:
        """By appointment, or by a role from before there were appointments; one's own, or for somebody away."""
        for holder, grants in self.grants.items():
            for role, scope, id_, in_force in grants:
                is_ones = role is Role.SUPERBRUGER and in_force and self.reaches(scope, id_, ticket)
                if is_ones and person in self.corps.acting_for(holder, None):
                    return True
        return self.corps.has_by_appointment(person, ticket, self.is_below)

    def may(self, person: int, ticket: Ticket) -> set[TicketPermission]:
        """DESIGN's words on roles, relations and classes, one after the other."""
        p = TicketPermission
        is_user = person in (ticket.filer_id, ticket.affected_id)
        is_open_to_all = ticket.secrecy is Secrecy.ORDINARY
        staff = any(
            role in (Role.SUPPORTER, Role.SERVICEDESK_MANAGER) and in_force
            for role, _, _, in_force in self.grants[person]
        )
        desk = staff and ticket.team_id is not None and person in self.teams[ticket.team_id]
        granted: set[TicketPermission] = set()
        # A secret ticket is never with a superbruger, so there is nothing to escalate.
        is_local, lets = ticket.tier is Tier.LOCAL and is_open_to_all, self.corps.lets
        if is_user:
            granted |= {p.READ, p.REPLY, p.JUDGE, p.CANCEL, p.FOLLOW}
            granted |= {p.ESCALATE} if is_local else set()
        if is_open_to_all:
            desk = desk or self.covers(person, ticket, Role.SUPPORTER, Role.SERVICEDESK_MANAGER)
            if (ticket.id, person) in self.followers:
                granted |= {p.READ, p.FOLLOW}
            if self.covers(person, ticket, Role.MANAGER, Role.SYSTEM_OWNER):
                granted |= {p.READ, p.FOLLOW, p.OVERSEE}
            if lets(Leeway.FORWARD, ticket) and self.has_as_superbruger(person, ticket):
                granted |= {p.READ, p.FOLLOW, p.OVERSEE, p.READ_INTERNAL}
                granted |= {p.REPLY} if lets(Leeway.ANSWER, ticket) else set()
                if is_local:
                    granted |= {p.ESCALATE}
                    granted |= {p.WORK} if lets(Leeway.ANSWER, ticket) else set()
                    granted |= {p.RESOLVE} if lets(Leeway.SOLVE, ticket) else set()
        if desk:
            granted |= {p.READ, p.FOLLOW, p.OVERSEE, p.READ_INTERNAL, p.REPLY, p.CANCEL, p.WORK}
            granted |= {p.RESOLVE, p.DISPATCH} | ({p.ESCALATE} if is_local else set())
        return granted


def canary(ticket_id: int, kind: str) -> str:
    return f"kanarie{kind}{'abcdefghij'[ticket_id % 10]}{ticket_id:04}"


def build(random: Random, *, crosses_customers: bool) -> World:
    """Plants two or three customers with units, systems, teams, persons and tickets."""
    world = World()
    with transaction() as session:
        units: list[Unit] = []
        for number in range(random.randint(4, 9)):
            parent = None if number < 2 else random.choice([*units, None])
            unit = Unit(name=f"Enhed {number}", parent_id=parent.id if parent else None)
            session.add(unit)
            session.flush()
            unit.path = f"{parent.path if parent else '/'}{unit.id}/"
            unit.customer_id = parent.customer_id if parent else unit.id
            world.parents[unit.id] = unit.parent_id
            units.append(unit)
        roots = [unit for unit in units if unit.parent_id is None]
        systems = [System(name=f"System {n}", customer_id=random.choice(roots).id) for n in range(3)]
        teams = [
            Team(name=f"Team {n}", customer_id=random.choice(roots).id, is_closed=random.random() < 0.4)
            for n in range(4)
        ]
        session.add_all([*systems, *teams])
        homes = [random.choice(units) for _ in range(7)]
        persons = [
            Person(name=f"P {n}", initials=f"w{n}", customer_id=home.customer_id, unit_id=home.id)
            for n, home in enumerate(homes)
        ]
        session.add_all(persons)
        session.flush()
        world.teams = {team.id: set() for team in teams}
        for person in persons:
            world.grants[person.id] = [_grant(random, person, units, systems) for _ in range(random.randint(0, 2))]
            for team in teams:
                is_own = team.customer_id == person.customer_id
                if random.random() < 0.3 and (is_own or crosses_customers):
                    world.teams[team.id].add(person.id)
                    session.add(TeamMember(team_id=team.id, person_id=person.id, since=NOW))
        world.corps = plant(random, units, systems, persons)
        for _ in range(14):
            _plant_ticket(random, world, units, systems, teams, persons)
    return world


def _grant(random: Random, person: Person, units: Any, systems: Any) -> tuple[Role, str, int, bool]:
    role, in_force = random.choice(list(Role)), random.random() < 0.8
    scope = random.choice(["unit", "unit", "unit", "system", "all"])
    over = random.choice(units if scope == "unit" else systems)
    when = random.choice([{}, {"ends_on": TODAY}, {"starts_on": TODAY}])
    late = random.choice([{"starts_on": TODAY + timedelta(days=1)}, {"ends_on": TODAY - timedelta(days=1)}])
    where = {} if scope == "all" else {f"{scope}_id": over.id}
    period = {"starts_on": date(2020, 1, 1), **(when if in_force else late)}
    db.session.add(RoleGrant(person_id=person.id, role=role, **where, **period))
    return role, scope, over.id, in_force


def _plant_ticket(random: Random, world: World, units: Any, systems: Any, teams: Any, persons: Any) -> None:
    unit = random.choice(units)
    own = lambda rows: [None, *(row for row in rows if row.customer_id == unit.customer_id)]  # noqa: E731
    system, team = random.choice(own(systems)), random.choice(own(teams))
    ticket = a_ticket(
        customer_id=unit.customer_id,
        unit_id=unit.id,
        system_id=system.id if system else None,
        team_id=team.id if team else None,
        filer_id=random.choice(persons).id,
        affected_id=random.choice(persons).id,
        secrecy=random.choice([Secrecy.ORDINARY, *Secrecy]),
        tier=random.choice(list(Tier)),
        kind=random.choice(list(Kind)),
        state=random.choice([State.NEW, State.NEW, *State]),
    )
    db.session.add(ticket)
    db.session.flush()
    world.tickets.append(ticket)
    for person in persons:
        if random.random() < 0.15:
            world.followers.add((ticket.id, person.id))
            db.session.add(Follower(ticket_id=ticket.id, person_id=person.id))
    for seq, (kind, sight) in enumerate([("aaben", Visibility.PUBLIC), ("intern", Visibility.INTERNAL)], start=1):
        said = {"body": canary(ticket.id, kind), "is_answer": True}
        common = {"ticket_id": ticket.id, "customer_id": unit.customer_id, "at": NOW, "state": ticket.state}
        kind_ = EntryKind.REPLIED if sight is Visibility.PUBLIC else EntryKind.NOTED
        db.session.add(Entry(seq=seq, kind=kind_, visibility=sight, data=said, digest="", **common))
    public, internal = canary(ticket.id, "aaben"), canary(ticket.id, "intern")
    search.add(ticket.id, public=f"faelles {public}", internal=internal, is_new=True)


#: A failure is shown as it was found: making it smaller would take minutes.
RANDOMLY = settings(
    max_examples=settings().max_examples // 12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


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
