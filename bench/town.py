"""The municipality that files the tickets: made with the application's own models."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from flask import Flask
from sqlalchemy.orm import Session

from servicedesk.core.actor import Role
from servicedesk.core.db import transaction
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.signin.models import SignIn
from servicedesk.signin.queries import token_digest
from servicedesk.systems.models import System

UNITS, PEOPLE, SYSTEMS, TEAMS, SUPPORTERS, LEADERS = 60, 2_000, 80, 6, 30, 20
#: One ticket in ten belongs to a second, smaller customer.
SHARE_OF_HOME = 0.9

_FIRST = "Anne Bo Camilla David Emma Gitte Hans Ida Jens Kirsten Lars Maja Niels Ole Pia Rasmus Sofie Tine Ulla"
_LAST = "Jensen Nielsen Hansen Pedersen Andersen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kjær Lund"


@dataclass
class Customer:
    """A root with everything that a ticket of it needs."""

    root: Unit
    units: list[Unit]
    people: list[Person]
    systems: list[System]
    teams: list[Team]
    closed: Team
    supporters: list[Person] = field(default_factory=list)


def build(app: Flask, now: datetime) -> list[Customer]:
    """Makes the municipality and the smaller customer, in a database that has only its schema."""
    with app.app_context():
        return [
            _customer("Storby Kommune", SHARE_OF_HOME, now, Random(1)),
            _customer("Småby Forsyning", 1 - SHARE_OF_HOME, now, Random(2)),
        ]


def _customer(name: str, share: float, now: datetime, draw: Random) -> Customer:
    with transaction() as session:
        root = _plant(session, Unit(name=name), None)
        units = [root]
        for number in range(1, round(UNITS * share)):
            units.append(_plant(session, Unit(name=f"Enhed {number} {name}"), draw.choice(units[:8])))
        people = [_person(name, number, draw.choice(units), draw) for number in range(round(PEOPLE * share))]
        teams = [
            Team(name=f"Team {number}", customer_id=root.id, is_first_line=number == 1) for number in range(1, TEAMS)
        ]
        closed = Team(name="Lukket team", customer_id=root.id, is_closed=True, receives_confidential=True)
        session.add_all([*people, *teams, closed])
        session.flush()
        systems = [_system(number, root, draw.choice([*teams, None])) for number in range(round(SYSTEMS * share))]
        session.add_all(systems)
        customer = Customer(root, units, people, systems, teams, closed, people[:SUPPORTERS])
        _make_supporters(session, customer, now)
        _make_managers(session, customer)
        session.add_all(_sign_in(person, now) for person in people)
    return customer


def _plant(session: Session, unit: Unit, parent: Unit | None) -> Unit:
    unit.parent_id = parent.id if parent else None
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    unit.customer_id = parent.customer_id if parent else unit.id
    return unit


def _person(customer: str, number: int, unit: Unit, draw: Random) -> Person:
    return Person(
        customer_id=unit.customer_id,
        unit_id=unit.id,
        name=f"{draw.choice(_FIRST.split())} {draw.choice(_LAST.split())} {draw.choice(_LAST.split())}",
        initials=f"p{number}",
        email=f"p{number}@{customer[:3].lower()}.example",
        phone="12345678",
    )


def _system(number: int, root: Unit, team: Team | None) -> System:
    return System(customer_id=root.id, name=f"System {number}", team_id=team.id if team else None)


def _make_supporters(session: Session, customer: Customer, now: datetime) -> None:
    for number, person in enumerate(customer.supporters):
        team = customer.teams[number % len(customer.teams)]
        session.add(TeamMember(team_id=team.id, person_id=person.id, since=now))
        session.add(
            RoleGrant(person_id=person.id, role=Role.SUPPORTER, unit_id=customer.root.id, starts_on=date(2000, 1, 1))
        )


def _make_managers(session: Session, customer: Customer) -> None:
    """One for the desk, and leaders each of whom answers for a unit and what lies below it."""
    chief, *leaders = customer.people[SUPPORTERS : SUPPORTERS + 1 + LEADERS]
    held = {"starts_on": date(2000, 1, 1)}
    session.add(RoleGrant(person_id=chief.id, role=Role.SERVICEDESK_MANAGER, unit_id=customer.root.id, **held))
    session.add_all(RoleGrant(person_id=one.id, role=Role.MANAGER, unit_id=one.unit_id, **held) for one in leaders)


def token_of(person_id: int) -> str:
    """What the browser of that person keeps."""
    return f"bench-{person_id}"


def _sign_in(person: Person, now: datetime) -> SignIn:
    return SignIn(digest=token_digest(token_of(person.id)), person_id=person.id, started_at=now, seen_at=now)
