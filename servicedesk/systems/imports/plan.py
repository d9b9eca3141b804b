"""What an import would do, line by line."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import canonical_json, db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.changes import Changes
from servicedesk.organisation.imports.plan import Action, Refusal
from servicedesk.systems import needs
from servicedesk.systems.imports.cells import Cells, cells_of
from servicedesk.systems.imports.directory import Directory
from servicedesk.systems.imports.wishes import SEVERAL, SINGLE, Wish, Wishes
from servicedesk.systems.models import System

_NEW: Cells = {**dict.fromkeys(SINGLE, ""), **{one: [] for one in SEVERAL}, "criticality": "ordinary"}


@dataclass(frozen=True)
class Step:
    """A system that would be added or changed."""

    action: Action
    line: int
    #: What it is known by elsewhere; "" for nothing.
    key: str
    name: str
    changes: Changes
    #: All that the register would say of it from then on.
    cells: Cells
    system_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that an import would do; nothing of it when a line is refused."""

    steps: list[Step]
    refused: list[Refusal]
    #: What is left out of lines that are used, with their numbers.
    left_out: list[Refusal]
    unchanged: int
    unused_columns: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        return Counter(step.action.value for step in self.steps)[action]

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: what is carried out is what was shown."""
        told = [[step.action.value, step.key, step.name, step.changes] for step in self.steps]
        return hashlib.sha256(canonical_json(told).encode()).hexdigest()


class _Planning:
    def __init__(self, wishes: Wishes, customer_id: int, by: Actor) -> None:
        query = select(System).where(System.customer_id == customer_id).options(selectinload(System.units))
        self._systems = list(db.session.scalars(query))
        self._cells = cells_of(self._systems, customer_id)
        self._by_key = {one.external_key: one for one in self._systems if one.external_key}
        self._by_name = {one.name.casefold(): one for one in self._systems}
        self._by, self._wishes = by, wishes
        self.directory = Directory(customer_id, [(wish.key, wish.name) for wish in wishes.wishes])
        self.left_out: list[Refusal] = []
        self._used: dict[object, int] = {}

    def step(self, wish: Wish) -> Step | None:
        """None when nothing would change; raises RefusedError."""
        if wish.is_broken:
            raise RefusedError(N_("Linjen har flere felter end der er overskrifter."))
        if not wish.name:
            raise RefusedError(N_("Feltet %(column)s er tomt."), column="name")
        system = self._known(wish)
        self._use(wish, system)
        before = self._cells[system.id] if system else _NEW
        after = {**before, **self._told(wish, before)}
        if system is None or system.name.casefold() != wish.name.casefold():
            self._check_name(wish, system)
        if after["owner"] != before["owner"] and after["owner"] == self._by.initials:
            raise RefusedError(N_("Du kan ikke gøre dig selv til systemejer. Bed en anden om det."))
        changes = {name: [_shown(before[name]), _shown(after[name])] for name in after if after[name] != before[name]}
        if wish.key and (system is None or system.external_key != wish.key):
            changes["external_id"] = [system.external_key if system else None, wish.key]
        if system is None:
            return Step(Action.MADE, wish.line, wish.key, wish.name, changes, after)
        return Step(Action.CHANGED, wish.line, wish.key, wish.name, changes, after, system.id) if changes else None

    def _known(self, wish: Wish) -> System | None:
        named = self._by_name.get(wish.name.casefold())
        if not wish.key:
            return named
        found = self._by_key.get(wish.key)
        return found or (named if named and not named.external_key else None)

    def _use(self, wish: Wish, system: System | None) -> None:
        for known_as in {system.id if system else wish.name.casefold(), wish.key or wish.name.casefold()}:
            if known_as in self._used:
                message = N_("%(name)s står også på linje %(first)s.")
                raise RefusedError(message, name=wish.name, first=self._used[known_as])
        for known_as in {system.id if system else wish.name.casefold(), wish.key or wish.name.casefold()}:
            self._used[known_as] = wish.line

    def _check_name(self, wish: Wish, system: System | None) -> None:
        other = self._by_name.get(wish.name.casefold())
        if other is not None and other is not system:
            raise RefusedError(N_("Der er allerede et system med det navn."))

    def _told(self, wish: Wish, before: Cells) -> Cells:
        """The fields that the file speaks of, in the register's own names."""
        told: Cells = {}
        for name, value in wish.single.items():
            self._take(told, name, [value], wish, [before[name]])
        for name, values in wish.several.items():
            self._take(told, name, values, wish, before[name])
        return told

    def _take(self, told: Cells, name: str, values: list[str], wish: Wish, before: list[str]) -> None:
        """What stands there already may stay, also when whoever it is has left meanwhile."""
        found = []
        stays = {one.casefold(): one for one in before if name != "name"}
        for value in values:
            try:
                found.append(stays.get(value.casefold()) or self.directory.read(name, value))
            except RefusedError as error:
                if self._wishes.is_strict:
                    raise
                self.left_out.append(Refusal.of(wish.line, error))
        if name in SEVERAL:
            told[name] = in_order(dict.fromkeys(found), lambda one: one)
        elif found:
            told[name] = found[0]


def plan(wishes: Wishes, customer_id: int, by: Actor) -> Plan:
    planning = _Planning(wishes, customer_id, by)
    steps: list[Step] = []
    refused: list[Refusal] = []
    unchanged = 0
    for wish in wishes.wishes:
        try:
            step = planning.step(wish)
        except RefusedError as error:
            refused.append(Refusal.of(wish.line, error))
        else:
            unchanged += step is None
            steps.extend([step] if step else [])
    refused += _circles(steps, planning._cells)
    return Plan(steps, sorted(refused, key=_line), planning.left_out, unchanged, wishes.unused_columns)


def _line(refusal: Refusal) -> int:
    return refusal.line or 0


def _circles(steps: Iterable[Step], known: Mapping[int, Cells]) -> list[Refusal]:
    """Systems that would need each other, with what the register says of the others."""
    changed = {step.system_id for step in steps}
    said = [cells for id_, cells in known.items() if id_ not in changed] + [step.cells for step in steps]
    numbers = {cells["name"]: number for number, cells in enumerate(said)}
    links = {numbers[cells["name"]]: {numbers[one] for one in cells["needs"] if one in numbers} for cells in said}
    found = []
    for step in steps:
        own = numbers[step.cells["name"]]
        if step.cells["needs"] and own in needs.reached(links, [own]):
            message = N_("%(name)s ville komme til at afhænge af sig selv gennem andre.")
            found.append(Refusal(step.line, message, {"name": step.name}))
    return found


def _shown(value: Any) -> str | None:
    return (", ".join(value) if isinstance(value, list) else value) or None


def without_needs(step: Step) -> Step:
    """For the first round, when the systems that it needs may not be there yet."""
    return replace(step, cells={**step.cells, "needs": []})
