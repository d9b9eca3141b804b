"""What steps name: persons, teams and systems, and whether there still is such a one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.cockpit.steps import Step
from servicedesk.core.db import Base, db
from servicedesk.core.errors import N_
from servicedesk.organisation.models import Person, Team
from servicedesk.systems.models import System


class Named(NamedTuple):
    """A row as steps speak of it."""

    name: str
    is_active: bool
    customer_id: int


@dataclass(frozen=True)
class Names:
    """All that some steps name, by id."""

    persons: Mapping[int, Named] = field(default_factory=dict)
    teams: Mapping[int, Named] = field(default_factory=dict)
    systems: Mapping[int, Named] = field(default_factory=dict)

    def faults(self, steps: Iterable[Step]) -> list[tuple[str, str]]:
        """What is not in use any more, as messages with the `name` that goes into them."""
        told = ((_GONE[kind], named) for step in steps for kind, named in self._of(step))
        return [(message, named.name if named else "?") for message, named in told if not named or not named.is_active]

    def strangers(self, steps: Iterable[Step], customer_id: int) -> bool:
        """Whether anything belongs to another customer."""
        return any(named and named.customer_id != customer_id for step in steps for _, named in self._of(step))

    def _of(self, step: Step) -> Iterable[tuple[str, Named | None]]:
        if step.person_id is not None:
            yield "person", self.persons.get(step.person_id)
        if step.team_id is not None:
            yield "team", self.teams.get(step.team_id)
        if step.system_id is not None:
            yield "system", self.systems.get(step.system_id)


_GONE: Mapping[str, str] = {
    "person": N_("%(name)s er ikke aktiv længere."),
    "team": N_("Teamet %(name)s er taget ud af brug."),
    "system": N_("Systemet %(name)s er taget ud af brug."),
}


def names_in(steps: Iterable[Step]) -> Names:
    """Three questions at most, however many steps."""
    kept = list(steps)
    return Names(
        _named(Person, {step.person_id for step in kept if step.person_id is not None}),
        _named(Team, {step.team_id for step in kept if step.team_id is not None}),
        _named(System, {step.system_id for step in kept if step.system_id is not None}),
    )


def _named(kind: type[Base], ids: set[int]) -> dict[int, Named]:
    if not ids:
        return {}
    table = kind.__table__.c
    rows = db.session.execute(select(table.id, table.name, table.is_active, table.customer_id).where(table.id.in_(ids)))
    return {id_: Named(*told) for id_, *told in rows}
