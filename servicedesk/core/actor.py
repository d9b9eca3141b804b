"""Who acts: a person as the policy sees him or her, loaded once for a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person may be besides an employee, which everybody is."""

    SUPERBRUGER = "superbruger"
    SUPPORTER = "supporter"
    MANAGER = "manager"
    SYSTEM_OWNER = "system_owner"
    TRAINING_COORDINATOR = "training_coordinator"
    SERVICEDESK_MANAGER = "servicedesk_manager"
    ADMINISTRATOR = "administrator"
    #: Sees who has looked at what, and changes nothing.
    DATA_PROTECTION_OFFICER = "data_protection_officer"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in force today: over units, over a system, over a system in some units, or over everything."""

    role: Role
    #: The root of the subtree's customer; None only when the grant is over everything.
    customer_id: int | None = None
    #: Path of the subtree's top unit, such as "/1/4/"; None for a grant over a system or over everything.
    path: str | None = None
    system_id: int | None = None
    #: The units below the top one are meant as well.
    has_subunits: bool = True
    #: The appointment as a superbruger that it follows from, the person's own or that of whom he or she stands in for.
    appointment_id: int | None = None

    @property
    def unit_id(self) -> int | None:
        """The top unit."""
        return int(self.path.rstrip("/").rpartition("/")[2]) if self.path else None

    def reaches(self, path: str, system_id: int | None) -> bool:
        """Whether that unit with that system lies within it; without a system only where every one does."""
        return self.covers(path) and self.system_id in (None, system_id)

    def covers(self, path: str) -> bool:
        """Whether that unit lies within it, for one system at least."""
        return self.path is not None and (path.startswith(self.path) if self.has_subunits else path == self.path)

    @property
    def is_over_all(self) -> bool:
        return self.path is None and self.system_id is None

    @property
    def is_over_customer(self) -> bool:
        """The subtree is a whole customer: its path has one step."""
        return self.path is not None and self.path.count("/") == 2 and self.has_subunits


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or the system itself."""

    id: int | None
    name: str
    customer_id: int | None = None
    unit_id: int | None = None
    initials: str = ""
    email: str | None = None
    locale: str = "da"
    grants: tuple[Grant, ...] = ()
    team_ids: frozenset[int] = field(default_factory=frozenset)
    #: A team may work for another customer than the person's own.
    team_customer_ids: frozenset[int] = field(default_factory=frozenset)
    #: What he or she has chosen, as stored; read with `core.preferences`. Says nothing of what the person may do, so
    #: statements kept for a person are the same whatever stands in it.
    preferences: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def granted(self, *roles: Role) -> list[Grant]:
        return [grant for grant in self.grants if grant.role in roles]

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    @property
    def customer_ids(self) -> frozenset[int]:
        """Every customer that this person has anything to do with."""
        own = {self.customer_id} if self.customer_id is not None else set()
        own |= self.team_customer_ids
        return frozenset(own | {grant.customer_id for grant in self.grants if grant.customer_id is not None})


#: Who acts when nobody does: imports, sweeps, automatic closing.
SYSTEM = Actor(id=None, name="Servicedesk")
