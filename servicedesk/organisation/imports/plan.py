"""What an import would do."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from servicedesk.core.db import canonical_json
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.changes import Changes, FieldRefusedError
from servicedesk.organisation.imports.sheet import Row, Sheet

#: Beyond this share of deactivations somebody has to say that it is meant.
DRASTIC_SHARE = 0.05


class Kind(StrEnum):
    """What a file is a list of."""

    UNITS = "units"
    PERSONS = "persons"


class Action(StrEnum):
    """What happens to one unit or person."""

    MADE = "made"
    CHANGED = "changed"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Refusal:
    """A line that cannot be used, and why; `line` is empty when it is about the whole file."""

    line: int | None
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, line: int | None, error: RefusedError) -> "Refusal":
        return cls(line, error.message, error.values)


@dataclass(frozen=True)
class Step:
    """One unit or person that would be made, changed or deactivated."""

    action: Action
    external_id: str
    name: str
    changes: Changes
    line: int | None = None
    #: What is there already, and what the file says.
    row: Any = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Everything that an import would do; nothing of it when a line is refused."""

    kind: Kind
    steps: list[Step]
    refused: list[Refusal]
    unchanged: int
    #: Active rows that have come from files before.
    active_before: int
    unused_columns: list[str]

    def count(self, action: str) -> int:
        return Counter(step.action.value for step in self.steps)[action]

    @property
    def is_drastic(self) -> bool:
        return self.count(Action.DEACTIVATED) > DRASTIC_SHARE * self.active_before

    @property
    def deactivated_percent(self) -> int:
        """Rounded up, so that a little more than the limit does not look like the limit."""
        return -(-100 * self.count(Action.DEACTIVATED) // max(1, self.active_before))

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: what is carried out is what was shown."""
        told = [[step.action.value, step.external_id, step.changes] for step in self.steps]
        return hashlib.sha256(canonical_json(told).encode()).hexdigest()


def check_columns(sheet: Sheet, needed: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """Answers the columns that are not used; raises FieldRefusedError when one is missing."""
    missing = [column for column in needed if column not in sheet.columns]
    if missing:
        raise FieldRefusedError(
            "file",
            N_("Filen mangler kolonnerne %(missing)s. Den første linje skal være overskrifter: %(known)s."),
            missing=", ".join(missing),
            known=", ".join(known),
        )
    if not sheet.rows:
        raise FieldRefusedError("file", N_("Filen har kun overskrifter og ingen linjer."))
    return [column for column in sheet.columns if column and column not in known]


def usable(rows: list[Row], needed: tuple[str, ...], refused: list[Refusal]) -> dict[str, Row]:
    """The rows by their id; those without what is needed, and those that repeat an id, are refused."""
    found: dict[str, Row] = {}
    for row in rows:
        missing = [column for column in needed if not row.cells[column]]
        if row.is_too_long:
            refused.append(Refusal(row.line, N_("Linjen har flere felter end der er overskrifter.")))
        elif missing:
            refused.append(Refusal(row.line, N_("Feltet %(column)s er tomt."), {"column": missing[0]}))
        elif row.cells["id"] in found:
            first = found[row.cells["id"]].line
            refused.append(
                Refusal(
                    row.line, N_("id %(id)s står også på linje %(first)s."), {"id": row.cells["id"], "first": first}
                )
            )
        else:
            found[row.cells["id"]] = row
    return found
