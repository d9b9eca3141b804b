"""Makes what a test needs, with a default for everything that the test does not mention."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import func, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import Base, transaction
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.signin import passwords, queries
from servicedesk.signin.models import Identity, SignIn
from servicedesk.systems.models import System, SystemUnit

Someone = Person | int
Row = TypeVar("Row", bound=Base)

LOCAL_ZONE = "Europe/Copenhagen"

#: Given as `over`: the role holds for every customer.
EVERYTHING = "everything"


def local_today() -> date:
    """The date on the wall where the installation is; in UTC it is another one for an hour or two every night."""
    return clock.local_date(clock.now(), LOCAL_ZONE)


class Desk:
    """Builders for one test. Rows come back detached: their columns can be read, their relationships cannot."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = count(1)
        self._home: Unit | None = None
        self._session: Any = None

    # ------------------------------------------------------------------------------------------ the organisation

    @property
    def home(self) -> Unit:
        """The customer to whom everything belongs for which no other is named."""
        if self._home is None:
            self._home = self.customer(name="Testby Kommune")
        return self._home

    def customer(self, name: str = "") -> Unit:
        return self._plant(Unit(name=name or f"Kommune {next(self._numbers)}"), None)

    def unit(self, parent: Unit | None = None, name: str = "", **fields: Any) -> Unit:
        return self._plant(Unit(name=name or f"Enhed {next(self._numbers)}", **fields), parent or self.home)

    def _plant(self, unit: Unit, parent: Unit | None) -> Unit:
        with self.writing() as session:
            unit.parent_id = parent.id if parent else None
            session.add(unit)
            session.flush()
            unit.path = f"{parent.path if parent else '/'}{unit.id}/"
            unit.customer_id = parent.customer_id if parent else unit.id
        return unit

    def person(
        self,
        *roles: Role,
        unit: Unit | None = None,
        team: Team | None = None,
        over: Unit | System | str | None = None,
        email: str | None = "",
        password: str | None = None,
        **fields: Any,
    ) -> Person:
        """A person with roles over the whole customer, or over the unit or system (or EVERYTHING) that `over` names.

        With a `password`, the person signs in by his or her initials.
        """
        unit = unit or self.home
        number = next(self._numbers)
        given = {"name": f"Person {number}", "initials": f"p{number}", "customer_id": unit.customer_id, **fields}
        person = Person(unit_id=unit.id, email=f"p{number}@testby.example" if email == "" else email, **given)
        with self.writing() as session:
            session.add(person)
            session.flush()
            if team is not None:
                session.add(TeamMember(team_id=team.id, person_id=person.id, since=clock.now()))
            if password is not None:
                secret = passwords.digest(password)
                session.add(
                    Identity(person_id=person.id, subject=person.initials, secret=secret, changed_at=clock.now())
                )
            for role in roles:
                self.grant(person, role, over=over)
        return person

    def grant(self, person: Person, role: Role, over: Unit | System | str | None = None, **period: date) -> RoleGrant:
        """`starts_on` and `ends_on` give the period; without them it is and stays in force."""
        if over is None:
            scope = {"unit_id": person.customer_id}
        elif isinstance(over, str):
            scope = {}
        else:
            scope = {"system_id" if isinstance(over, System) else "unit_id": over.id}
        return self.add(RoleGrant(person_id=person.id, role=role, **{"starts_on": date(2000, 1, 1), **scope, **period}))

    def team(self, members: Iterable[Someone] = (), customer: Unit | None = None, **fields: Any) -> Team:
        customer = customer or self.home
        team = Team(customer_id=customer.id, **{"name": f"Team {next(self._numbers)}", **fields})
        with self.writing() as session:
            session.add(team)
            session.flush()
            for member in members:
                session.add(TeamMember(team_id=team.id, person_id=id_of(member), since=clock.now()))
        return team

    def system(self, name: str = "", customer: Unit | None = None, **fields: Any) -> System:
        """`owner`, `manager`, `deputy` and `team` may be given as rows; `unit` or `units` are those that use it."""
        for link in ("owner", "manager", "deputy", "team"):
            if link in fields:
                fields[f"{link}_id"] = fields.pop(link).id
        units = [*fields.pop("units", ()), *([fields.pop("unit")] if "unit" in fields else [])]
        customer = customer or self.home
        made = System(name=name or f"System {next(self._numbers)}", customer_id=customer.id, **fields)
        with self.writing() as session:
            session.add(made)
            session.flush()
            session.add_all(SystemUnit(system_id=made.id, unit_id=unit.id) for unit in units)
        return made

    # ------------------------------------------------------------------------------------------ who acts

    def actor(self, person: Someone) -> Actor:
        """The person as the commands and the policy see him or her, loaded afresh."""
        with self.app.app_context():
            found = load_actor(id_of(person), today=local_today())
        assert found is not None
        return found

    def sign_in(self, person: Someone) -> str:
        """Signs a browser in, and answers the token that it has to keep."""
        token = f"token-{next(self._numbers)}-{id_of(person)}"
        digest, now = queries.token_digest(token), clock.now()
        self.add(SignIn(digest=digest, person_id=id_of(person), started_at=now, seen_at=now, device="Test"))
        return token

    # ------------------------------------------------------------------------------------------ tickets

    def ticket(self, state: str = "new", **fields: Any) -> int:
        """The id of a ticket that has come to `state` by the commands that people use. See tests.tickets_made."""
        from tests.tickets_made import make_ticket

        return make_ticket(self, state, **fields)

    def look(self, ticket_id: int) -> Any:
        """The ticket's row as it stands now."""
        from servicedesk.tickets.models import Ticket

        return self.get(Ticket, ticket_id)

    def journal(self, ticket_id: int) -> list[Any]:
        """Its entries, oldest first."""
        from tests.tickets_made import journal_of

        return journal_of(self, ticket_id)

    # ------------------------------------------------------------------------------------------ any table

    def add(self, row: Row) -> Row:
        with self.writing() as session:
            session.add(row)
        return row

    def get(self, kind: type[Row], key: Any) -> Row:
        """The row as the database has it now; fails when there is none."""
        with self.writing() as session:
            row: Row | None = session.get(kind, key)
        assert row is not None, f"no {kind.__name__} {key}"
        return row

    def all(self, kind: type[Row], **filters: Any) -> list[Row]:
        """Every row of a table, or those whose columns have the values given, in the order of their keys."""
        with self.writing() as session:
            asked = select(kind).filter_by(**filters).order_by(*kind.__table__.primary_key)
            return list(session.scalars(asked))

    def count(self, kind: type[Base], **filters: Any) -> int:
        with self.writing() as session:
            return session.scalar(select(func.count()).select_from(kind).filter_by(**filters)) or 0

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A session whose changes are saved at the end; an application context for just as long.

        What is made inside another `writing` is saved with it: many rows are made faster so.
        """
        if self._session is not None:
            yield self._session
            self._session.flush()
            return
        with self.app.app_context(), transaction() as session:
            self._session = session
            try:
                yield session
            finally:
                self._session = None


def id_of(person: Someone) -> int:
    return person if isinstance(person, int) else person.id
