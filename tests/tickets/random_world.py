"""Random organisations, and an oracle of who may do what in them that shares no code with the policy."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.superbrugere.rules import Leeway
from servicedesk.systems.models import System
from servicedesk.tickets import search
from servicedesk.tickets.models import Entry, EntryKind, Follower, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Secrecy, State, Tier
from tests.tickets.randomly_appointed import Corps, plant
from tests.tickets.reading import NOW, TODAY, a_ticket


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
    system, team, tier = random.choice(own(systems)), random.choice(own(teams)), random.choice(list(Tier))
    if tier is Tier.LOCAL:
        team = None  # it comes to one when it is passed on
    ticket = a_ticket(
        customer_id=unit.customer_id,
        unit_id=unit.id,
        system_id=system.id if system else None,
        team_id=team.id if team else None,
        filer_id=random.choice(persons).id,
        affected_id=random.choice(persons).id,
        secrecy=random.choice([Secrecy.ORDINARY, *Secrecy]),
        tier=tier,
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
