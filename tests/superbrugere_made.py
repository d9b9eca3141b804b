"""Superbrugere and guidelines for tests, made by the commands that people's own are made by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.causes import Cause
from servicedesk.superbrugere import commands
from servicedesk.superbrugere.rules import AppointmentKind, GuidelineTerms

if TYPE_CHECKING:
    from servicedesk.organisation.models import Person, Unit
    from servicedesk.superbrugere.models import Appointment
    from servicedesk.systems.models import System
    from tests.desk import Desk


def appoint(
    desk: Desk, person: Person, *units: Unit, systems: Any = (), below: bool = True, **terms: Any
) -> Appointment:
    """Makes the person a superbruger for those units, `systems` narrows it; `deputy` may be a row."""
    if "deputy" in terms:
        terms["deputy_id"] = terms.pop("deputy").id
    told = {"kind": AppointmentKind.SYSTEM if systems else AppointmentKind.IT, "starts_on": date(2020, 1, 1), **terms}
    agreed = commands.Terms(units={unit.id: below for unit in units}, systems=tuple(one.id for one in systems), **told)
    with desk.app.app_context():
        return commands.appoint(person.id, agreed, by=SYSTEM, now=clock.now())


def give(desk: Desk, person: Person, unit: Unit, **told: Any) -> int:
    """Makes the person a superbruger for the unit, and the id of help that he or she then gave there."""
    appoint(desk, person, unit)
    help_ = commands.Help(**{"unit_id": unit.id, "system_id": None, "cause": Cause.FAULT, **told})
    with desk.app.app_context():
        return commands.give_help(help_, form_id="b" * 32, by=desk.actor(person), now=clock.now()).id


def publish(
    desk: Desk, system: System | None = None, *, seen: int = 0, body: str = "Hjælp kollegerne.", **terms: Any
) -> int:
    """Publishes a guideline of the home customer, in general or for one system; the id of its version."""
    with desk.app.app_context():
        version = commands.publish_guideline(
            desk.home.id,
            GuidelineTerms(**terms),
            body=body,
            system_id=system.id if system else None,
            seen=seen,
            by=SYSTEM,
            now=clock.now(),
        )
        return version.id
