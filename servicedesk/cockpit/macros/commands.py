"""Making, changing and deleting macros. Running one is `doing.carry_out` with its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from servicedesk.cockpit import doing
from servicedesk.cockpit.macros import queries
from servicedesk.cockpit.macros.models import MOST_DESCRIPTION, MOST_NAME, Audience, Macro
from servicedesk.cockpit.macros.policy import MacroPermission
from servicedesk.cockpit.naming import names_in
from servicedesk.cockpit.steps import Step, StepError, checked
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Team

#: For so long one that was deleted can be taken back.
KEPT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class MacroText:
    """What a person says that a macro is; raises StepError for what makes no sense."""

    name: str
    steps: Sequence[Step]
    description: str = ""
    audience: Audience = Audience.OWN
    team_id: int | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise StepError(N_("Giv makroen et navn."), "name")
        if len(self.name) > MOST_NAME:
            raise StepError(N_("Navnet er for langt: der er plads til %(most)s tegn."), "name", most=MOST_NAME)
        if len(self.description) > MOST_DESCRIPTION:
            most = MOST_DESCRIPTION
            raise StepError(N_("Beskrivelsen er for lang: der er plads til %(most)s tegn."), "description", most=most)
        if self.audience is Audience.TEAM and self.team_id is None:
            raise StepError(N_("Vælg, hvilket team der skal have makroen."), "team")
        checked(self.steps)


def add(new: MacroText, *, by: Actor, now: datetime) -> Macro:
    """Raises StepError when it names what is not there, NotAllowedError when `by` may not share it so widely."""
    with transaction() as session:
        assert by.customer_id is not None
        assert by.id is not None
        macro = Macro(customer_id=by.customer_id, owner_id=by.id)
        _write(macro, new, by, now)
        session.add(macro)
        session.flush()
        _check_own(macro, by)
        _record("macro_added", macro, by, now)
    return macro


def change(macro_id: int, new: MacroText, *, by: Actor, now: datetime) -> Macro:
    with transaction() as session:
        macro = queries.get(macro_id, by, MacroPermission.EDIT)
        if new.audience is Audience.OWN and macro.audience is not Audience.OWN:
            assert by.id is not None
            macro.owner_id = by.id
        _write(macro, new, by, now)
        session.flush()
        _check_own(macro, by)
        _record("macro_changed", macro, by, now)
    return macro


def delete(macro_id: int, *, by: Actor, now: datetime) -> Macro:
    with transaction():
        macro = queries.get(macro_id, by, MacroPermission.EDIT)
        macro.deleted_at = now
        _record("macro_deleted", macro, by, now)
    return macro


def restore(macro_id: int, *, by: Actor, now: datetime) -> Macro:
    """Takes a deletion back; said twice, once. Raises ConflictError when it is too long ago."""
    with transaction():
        macro = queries.get_deleted(macro_id, by)
        if macro.deleted_at is None:
            return macro
        if now - macro.deleted_at > KEPT:
            raise ConflictError(N_("Makroen blev slettet for længe siden."))
        macro.deleted_at = None
        _record("macro_restored", macro, by, now)
    return macro


def run(macro_id: int, ticket_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> doing.Done:
    """All of its steps on one ticket, or none of them. Raises ConflictError when it names what is no longer in use."""
    with transaction():
        steps = sound_steps(queries.get(macro_id, by))
        return doing.carry_out(ticket_id, steps, by=by, now=now, seen=seen)


def sound_steps(macro: Macro) -> list[Step]:
    """Its steps; raises ConflictError with what is wrong when it cannot be run any more."""
    steps = queries.readable_steps(macro)
    for message, name in queries.faults(macro, names_in(steps)):
        raise ConflictError(message, name=name)
    return steps


def _write(macro: Macro, new: MacroText, by: Actor, now: datetime) -> None:
    _check_names(new.steps, macro.customer_id)
    macro.name, macro.description = " ".join(new.name.split()), new.description.strip()
    macro.audience = new.audience
    macro.team_id = _own_team(new.team_id, by) if new.audience is Audience.TEAM else None
    macro.steps = [step.written() for step in new.steps]
    macro.changed_at = now


def _check_names(steps: Iterable[Step], customer_id: int) -> None:
    kept = list(steps)
    names = names_in(kept)
    for message, name in names.faults(kept):
        raise StepError(message, name=name)
    if names.strangers(kept, customer_id):
        raise StepError(N_("Makroen kan kun nævne personer, teams og systemer i din egen organisation."))


def _own_team(team_id: int | None, by: Actor) -> int | None:
    team = select(Team.id).where(Team.id == team_id, Team.is_active, Team.customer_id == by.customer_id)
    if db.session.scalar(team) is None:
        raise StepError(N_("Vælg, hvilket team der skal have makroen."), "team")
    return team_id


def _check_own(macro: Macro, by: Actor) -> None:
    """Nobody makes what he or she could not change afterwards."""
    mine = select(Macro.id).where(Macro.id == macro.id, granted(MacroPermission.EDIT, by))
    if db.session.scalar(mine) is None:
        raise NotAllowedError(N_("Du kan ikke dele en makro så bredt."))


def _record(action: str, macro: Macro, by: Actor, now: datetime) -> None:
    deeds = [written["deed"] for written in macro.steps]
    facts = {"name": macro.name, "audience": macro.audience.value, "deeds": deeds}
    audit.record(action, by=by, now=now, subject=("macro", macro.id), customer_id=macro.customer_id, **facts)
