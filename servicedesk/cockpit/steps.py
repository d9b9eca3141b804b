"""What can be done to a ticket as values: one step, or a list of them that a macro or many tickets are given; pure.

A step is checked when it is made, a list of steps against the workflow. They are carried out by `doing`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import Any, Self

from servicedesk.core.errors import N_, RefusedError
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import MOVES, OPEN_STATES, Cause, Kind, Level, Move, State

#: More steps than a person can overlook are no macro.
MOST_STEPS = 12
MOST_TEXT = 20_000
MOST_NAME = 200


class Deed(StrEnum):
    """What a step does; in this order where somebody only says which."""

    REOPEN = "reopen"
    RESUME = "resume"
    MOVE = "move"
    TAKE = "take"
    ASSIGN = "assign"
    CHANGE = "change"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    NOTE = "note"
    REPLY = "reply"
    ASK = "ask"
    AWAIT_SUPPLIER = "await_supplier"
    RESOLVE = "resolve"
    CLOSE = "close"
    CANCEL = "cancel"


class StepError(RefusedError):
    """A step, or a list of them, that makes no sense; `field` says what to mend."""

    def __init__(self, message: str, field: str = "form", **values: Any) -> None:
        super().__init__(message, **values)
        self.field = field


#: What each deed must be told and what it may be told.
_NEEDS: Mapping[Deed, tuple[str, ...]] = {
    Deed.REOPEN: ("text",),
    Deed.MOVE: ("team_id",),
    Deed.NOTE: ("text",),
    Deed.REPLY: ("text",),
    Deed.ASK: ("text",),
    Deed.AWAIT_SUPPLIER: ("supplier",),
    Deed.RESOLVE: ("text", "cause"),
}
_MAY: Mapping[Deed, tuple[str, ...]] = {
    #: Without a person: to nobody.
    Deed.ASSIGN: ("person_id",),
    Deed.CHANGE: ("kind", "impact", "urgency", "system_id", "without_system"),
    Deed.AWAIT_SUPPLIER: ("text",),
    Deed.CANCEL: ("text",),
}
_MISSING: Mapping[tuple[Deed, str], str] = {
    (Deed.REOPEN, "text"): N_("Skriv, hvad der ikke virker."),
    (Deed.MOVE, "team_id"): N_("Vælg et team."),
    (Deed.NOTE, "text"): N_("Skriv en note."),
    (Deed.REPLY, "text"): N_("Skriv et svar."),
    (Deed.ASK, "text"): N_("Skriv, hvad brugeren skal svare på."),
    (Deed.AWAIT_SUPPLIER, "supplier"): N_("Skriv, hvilken leverandør der ventes på."),
    (Deed.RESOLVE, "text"): N_("Skriv, hvordan det blev løst. Brugeren kan læse det."),
    (Deed.RESOLVE, "cause"): N_("Vælg, hvad der var årsagen."),
}
_MEMBERS: Mapping[str, type[Enum]] = {"cause": Cause, "kind": Kind, "impact": Level, "urgency": Level}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One deed with what it has to be told. Raises StepError when something is missing or does not belong."""

    deed: Deed
    text: str = ""
    supplier: str = ""
    cause: Cause | None = None
    person_id: int | None = None
    team_id: int | None = None
    kind: Kind | None = None
    impact: Level | None = None
    urgency: Level | None = None
    system_id: int | None = None
    without_system: bool = False

    def __post_init__(self) -> None:
        told = set(self.told)
        for name in _NEEDS.get(self.deed, ()):
            if name not in told:
                raise StepError(_MISSING[self.deed, name], name)
        strange = told - {*_NEEDS.get(self.deed, ()), *_MAY.get(self.deed, ())}
        if strange:
            raise StepError(N_("Det hører ikke til den handling."), min(strange))
        if self.deed is Deed.CHANGE and not told:
            raise StepError(N_("Vælg, hvad der skal rettes."))
        if len(self.text) > MOST_TEXT or len(self.supplier) > MOST_NAME:
            raise StepError(N_("Teksten er for lang."), "text" if len(self.text) > MOST_TEXT else "supplier")

    @property
    def told(self) -> dict[str, Any]:
        """What it is told besides its deed, by name."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self) if field.name != "deed")
        return {name: value for name, value in pairs if not _is_blank(value)}

    def written(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"deed": self.deed.value, **self.told}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """From JSON; raises StepError when it cannot be one."""
        try:
            return cls(**_members({**_MEMBERS, "deed": Deed}, written))
        except (KeyError, TypeError, ValueError):
            raise StepError(N_("Et af trinene findes ikke længere.")) from None


def _members(kinds: Mapping[str, type[Enum]], written: Mapping[str, Any]) -> dict[str, Any]:
    return {name: kinds[name](value) if name in kinds else value for name, value in written.items()}


def _is_blank(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, str) and not value.strip())


# ------------------------------------------------------------------------------------------------ the workflow

_MOVES: Mapping[Deed, Move] = {
    Deed.REOPEN: Move.REOPEN,
    Deed.RESUME: Move.RESUME,
    Deed.TAKE: Move.TAKE,
    Deed.REPLY: Move.ANSWER,
    Deed.ASK: Move.WAIT_FOR_USER,
    Deed.AWAIT_SUPPLIER: Move.WAIT_FOR_SUPPLIER,
    Deed.RESOLVE: Move.RESOLVE,
    Deed.CLOSE: Move.CLOSE,
    Deed.CANCEL: Move.CANCEL,
}
_WHILE_OPEN = frozenset({Deed.ASSIGN, Deed.MOVE, Deed.CHANGE})

#: Why a ticket in some state refuses a deed.
WHY_NOT: Mapping[Deed, str] = {
    Deed.REOPEN: N_("Kun en løst henvendelse kan genåbnes."),
    Deed.RESUME: N_("Henvendelsen venter ikke på nogen."),
    Deed.REPLY: N_("Henvendelsen er afsluttet."),
    Deed.CLOSE: N_("Kun en løst henvendelse kan lukkes."),
    Deed.CANCEL: N_("Kun en ny henvendelse eller en under behandling kan annulleres."),
    **dict.fromkeys(
        (*_WHILE_OPEN, Deed.TAKE, Deed.ASK, Deed.AWAIT_SUPPLIER, Deed.RESOLVE),
        N_("Henvendelsen er løst eller afsluttet."),
    ),
}

PERMISSIONS: Mapping[Deed, TicketPermission] = {
    **dict.fromkeys(Deed, TicketPermission.WORK),
    Deed.NOTE: TicketPermission.READ_INTERNAL,
    Deed.REPLY: TicketPermission.REPLY,
    Deed.CANCEL: TicketPermission.CANCEL,
    **dict.fromkeys((Deed.RESOLVE, Deed.CLOSE), TicketPermission.RESOLVE),
    **dict.fromkeys((Deed.ASSIGN, Deed.MOVE), TicketPermission.DISPATCH),
    Deed.FOLLOW: TicketPermission.FOLLOW,
    Deed.UNFOLLOW: TicketPermission.READ,
}


def after(state: State, deed: Deed) -> State | None:
    """The state that the deed leads to; None where the workflow has no such move."""
    if deed in _MOVES:
        return MOVES.get((state, _MOVES[deed]))
    return None if deed in _WHILE_OPEN and state not in OPEN_STATES else state


def refused(state: State, steps: Iterable[Step]) -> Step | None:
    """The first step that a ticket in `state` would not take."""
    for step in steps:
        following = after(state, step.deed)
        if following is None:
            return step
        state = following
    return None


def fitting(steps: Sequence[Step]) -> frozenset[State]:
    """The states of tickets on which all the steps can be done, one after the other."""
    return frozenset(state for state in State if refused(state, steps) is None)


def checked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps, when they make sense together; raises StepError with a sentence about what does not."""
    kept = tuple(steps)
    if not kept:
        raise StepError(N_("Vælg mindst én ting, der skal ske."))
    if len(kept) > MOST_STEPS:
        raise StepError(N_("Der er plads til %(most)s trin."), most=MOST_STEPS)
    _check_once(kept)
    _check_order(kept)
    if not fitting(kept):
        raise StepError(
            N_("“%(step)s” kan ikke lade sig gøre efter det, der sker før. Fjern en af delene."), step=_misfit(kept)
        )
    return kept


def _check_once(steps: Sequence[Step]) -> None:
    deeds = [step.deed for step in steps]
    twice = {deed for deed in deeds if deeds.count(deed) > 1}
    if twice:
        raise StepError(N_("“%(step)s” står der to gange."), step=min(twice))
    if {Deed.TAKE, Deed.ASSIGN} <= set(deeds):
        raise StepError(N_("Henvendelsen kan ikke både tages og tildeles en anden."))


def _check_order(steps: Sequence[Step]) -> None:
    """Another team chooses for itself who takes it, so what was said of that before is lost."""
    deeds = [step.deed for step in steps]
    if Deed.MOVE in deeds and any(deed in (Deed.TAKE, Deed.ASSIGN) for deed in deeds[: deeds.index(Deed.MOVE)]):
        raise StepError(N_("Flyt til team, før du tildeler: et nyt team får henvendelsen uden ansvarlig."))


def _misfit(steps: Sequence[Step]) -> Deed:
    """The first step before which everything was still possible."""
    return next(step.deed for number, step in enumerate(steps) if not fitting(steps[: number + 1]))


# ------------------------------------------------------------------------------------------------ taking it back


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What of a ticket steps can change and take back."""

    state: State
    team_id: int | None
    assignee_id: int | None
    kind: Kind
    impact: Level
    urgency: Level
    system_id: int | None
    is_followed: bool = False

    def written(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        return cls(**_members({**_MEMBERS, "state": State}, written))


#: Said is said, and what has ended stays so.
LASTING = frozenset({Deed.NOTE, Deed.REPLY, Deed.ASK, Deed.CLOSE, Deed.CANCEL})
_FINAL = frozenset({Deed.CLOSE, Deed.CANCEL})


def can_be_undone(steps: Iterable[Step]) -> bool:
    """Whether anything of it can be taken back."""
    deeds = {step.deed for step in steps}
    return not deeds & _FINAL and bool(deeds - LASTING | deeds & {Deed.ASK})


def lasting(steps: Iterable[Step]) -> list[Deed]:
    """What stays after everything else was taken back."""
    return [step.deed for step in steps if step.deed in LASTING]


def undoing(before: Facts, now: Facts, reason: str) -> list[Step]:
    """The steps that lead from `now` back to `before`, as far as the workflow goes back; none where it does not."""
    steps: list[Step] = []
    if now.state is State.RESOLVED and before.state in OPEN_STATES:
        steps.append(Step(deed=Deed.REOPEN, text=reason))
    elif now.state not in OPEN_STATES:
        return []
    elif now.state is not State.OPEN and before.state in (State.NEW, State.OPEN):
        steps.append(Step(deed=Deed.RESUME))
    return [*steps, *_placing(before, now), *_changing(before, now), *_leaving(before, now)]


def _placing(before: Facts, now: Facts) -> Iterable[Step]:
    assignee_id = now.assignee_id
    if before.team_id is not None and before.team_id != now.team_id:
        yield Step(deed=Deed.MOVE, team_id=before.team_id)
        assignee_id = None
    if before.assignee_id != assignee_id:
        yield Step(deed=Deed.ASSIGN, person_id=before.assignee_id)


def _changing(before: Facts, now: Facts) -> Iterable[Step]:
    names = [name for name in ("kind", "impact", "urgency") if getattr(before, name) is not getattr(now, name)]
    told: dict[str, Any] = {name: getattr(before, name) for name in names}
    if before.system_id != now.system_id:
        told |= {"system_id": before.system_id} if before.system_id else {"without_system": True}
    if told:
        yield Step(deed=Deed.CHANGE, **told)


def _leaving(before: Facts, now: Facts) -> Iterable[Step]:
    if now.is_followed and not before.is_followed:
        yield Step(deed=Deed.UNFOLLOW)
