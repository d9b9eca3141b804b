"""A system with an owner, a supplier under contract, and tickets that wait for it."""

from types import SimpleNamespace

import pytest

from servicedesk.agreements import commands as agreements
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Priority, Terms
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause
from tests.agreements_made import LONG_AGO, ZONE, make_hours


@pytest.fixture
def place(desk, at) -> SimpleNamespace:
    at("2026-03-02 09:00")
    hours = make_hours(desk)
    with desk.app.app_context():
        supplier = agreements.add_supplier(desk.home.id, name="Nordsoft", by=SYSTEM, now=LONG_AGO)
        goals = [{"kind": None, "priority": int(one), "resolution": "8 hours"} for one in Priority]
        agreements.add_agreement(
            desk.home.id,
            kind=AgreementKind.SUPPLIER,
            name="Kontrakt med Nordsoft",
            supplier_id=supplier.id,
            terms=Terms.read({"calendar": hours, "targets": goals}),
            starts_on=clock.local_date(LONG_AGO, ZONE),
            by=SYSTEM,
            now=LONG_AGO,
        )
    owner = desk.person(name="Peter Vang", initials="peva")
    system = desk.system("Aula", owner=owner, supplier_id=supplier.id)
    desk.grant(owner, Role.SYSTEM_OWNER, over=system)
    other = desk.system("Nexus", supplier_id=supplier.id)
    return SimpleNamespace(
        supplier=supplier,
        system=system,
        other=other,
        owner=owner,
        manager=desk.person(Role.SERVICEDESK_MANAGER),
        supporter=desk.person(Role.SUPPORTER),
        employee=desk.person(),
        stranger=desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer()),
    )


@pytest.fixture
def act(desk, place):
    """`act("resolve", ticket, …)` at the time that it is."""

    def act(name, ticket, **told):
        if name == "resolve":
            told |= {"solution": "Rettet hos leverandøren", "cause": Cause.FAULT}
        with desk.app.app_context():
            getattr(commands, name)(ticket, by=desk.actor(place.supporter), now=clock.now(), **told)

    return act
