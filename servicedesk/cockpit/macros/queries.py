"""Reading macros, always for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, select

from servicedesk.cockpit.macros.models import Macro
from servicedesk.cockpit.macros.policy import MacroPermission
from servicedesk.cockpit.naming import Names, names_in
from servicedesk.cockpit.steps import Step, StepError
from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.core.permissions import is_open as is_open
from servicedesk.organisation.models import Person, Team


@dataclass(frozen=True)
class Listed:
    """A macro as a list shows it."""

    macro: Macro
    owner: str
    team: str | None
    steps: Sequence[Step]
    #: Why it cannot be run any more: messages with the name that goes into them.
    faults: Sequence[tuple[str, str]]
    may_edit: bool


def get(macro_id: int, who: Actor, permission: MacroPermission = MacroPermission.USE) -> Macro:
    """Raises NotFoundError, also for one that was deleted."""
    macro = db.session.scalar(
        select(Macro).where(Macro.id == macro_id, Macro.deleted_at.is_(None), granted(permission, who))
    )
    if macro is None:
        raise NotFoundError
    return macro


def get_deleted(macro_id: int, who: Actor) -> Macro:
    """One that was deleted, or has been taken back already."""
    macro = db.session.scalar(select(Macro).where(Macro.id == macro_id, granted(MacroPermission.EDIT, who)))
    if macro is None:
        raise NotFoundError
    return macro


def usable(who: Actor) -> list[tuple[int, str, str]]:
    """What the person can run, by name: (id, name, description)."""
    return [(id_, name, description) for id_, name, description in bare(_usable(who))]


# Made once for a person: the queue and each ticket ask it.
@lru_cache(maxsize=500)
def _usable(who: Actor) -> Select[int, str, str]:
    found = select(Macro.id, Macro.name, Macro.description).where(
        Macro.deleted_at.is_(None), granted(MacroPermission.USE, who)
    )
    return found.order_by(Macro.name)


def listed(who: Actor) -> tuple[list[Listed], Names]:
    """All macros that the person has, by name, and what their steps name."""
    query = (
        select(Macro, Person.name, Team.name, granted(MacroPermission.EDIT, who).label("may_edit"))
        .join(Person, Person.id == Macro.owner_id)
        .outerjoin(Team, Team.id == Macro.team_id)
        .where(Macro.deleted_at.is_(None), granted(MacroPermission.USE, who))
        .order_by(Macro.name, Macro.id)
    )
    rows = db.session.execute(query).all()
    steps = [readable_steps(row[0]) for row in rows]
    names = names_in(step for some in steps for step in some)
    return [
        Listed(macro, owner, team, some, faults(macro, names), bool(may_edit))
        for (macro, owner, team, may_edit), some in zip(rows, steps, strict=True)
    ], names


def readable_steps(macro: Macro) -> list[Step]:
    """Its steps; none when a later version has no such steps any more, which `faults` tells."""
    try:
        return macro.deeds
    except StepError:
        return []


def faults(macro: Macro, names: Names) -> list[tuple[str, str]]:
    try:
        return names.faults(macro.deeds)
    except StepError as error:
        return [(error.message, "")]
