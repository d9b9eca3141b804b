"""What an agreement says, as a value: read from and written to plain dictionaries (JSON in a row, TOML in a file).

Calendars are named by a key: the row's id in the database, the calendar's name in a file.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any, Literal, Self

from servicedesk.core.errors import N_, RefusedError
from sla import Before, Calendar, OpenTime, Share, SlaError, Target, WorkingDays
from sla.target import EarlyWarning, Length

CalendarKey = int | str


class Kind(StrEnum):
    """What a ticket is, in the field's words."""

    INCIDENT = "incident"
    REQUEST = "request"


class Priority(IntEnum):
    """1 is the most pressing."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class Promise(StrEnum):
    """The clocks that an agreement sets for a ticket."""

    #: From filing to the first answer that the user sees.
    RESPONSE = "response"
    #: From filing until it is solved.
    RESOLUTION = "resolution"
    #: From the user's first unanswered word to the answer, each time.
    UPDATE = "update"
    #: How long a superbruger may keep it.
    LOCAL = "local"


class TermsError(RefusedError):
    """The terms cannot be used; the sentence says what in them."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The targets for tickets of one kind (None: every kind) and priority."""

    kind: Kind | None
    priority: Priority
    response: Length | None = None
    resolution: Length | None = None
    update: Length | None = None
    #: Its own calendar; None for the agreement's.
    calendar: CalendarKey | None = None

    def length(self, promise: Promise) -> Length | None:
        found: Length | None = getattr(self, promise.value, None)
        return found


#: Ten working days for the user to say that it does not work after all.
AUTO_CLOSE = WorkingDays(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of an agreement."""

    calendar: CalendarKey
    goals: tuple[Goal, ...] = ()
    #: Ids of the systems that it is about; empty for all.
    systems: frozenset[int] = frozenset()
    pauses_for_supplier: bool = False
    on_reopen: Literal["continue", "restart"] = "continue"
    on_change: Literal["filing", "change"] = "filing"
    warnings: tuple[EarlyWarning, ...] = (Share(50), Share(80))
    #: A solved ticket closes by itself after so long.
    auto_close: WorkingDays = AUTO_CLOSE
    #: How long a ticket may stay with a superbruger.
    local: Length | None = None

    def goal(self, kind: Kind, priority: Priority) -> Goal | None:
        """The targets for such a ticket: a line for its kind goes before a line for every kind."""
        found = [goal for goal in self.goals if goal.priority == priority and goal.kind in (kind, None)]
        return min(found, key=lambda goal: goal.kind is None, default=None)

    def calendar_keys(self) -> set[CalendarKey]:
        return {self.calendar, *(goal.calendar for goal in self.goals if goal.calendar is not None)}

    def target(
        self, promise: Promise, kind: Kind, priority: Priority, calendars: Mapping[CalendarKey, Calendar]
    ) -> Target | None:
        """The clock that is promised for such a ticket; None when nothing is."""
        goal = self.goal(kind, priority)
        if goal is None:
            return None
        length = self.local if promise is Promise.LOCAL else goal.length(promise)
        if length is None:
            return None
        return Target(
            promise.value,
            length,
            calendars[self.calendar if goal.calendar is None else goal.calendar],
            on_change=self.on_change,
            warnings=self.warnings,
            **self._rules(promise),
        )

    def _rules(self, promise: Promise) -> Mapping[str, Any]:
        ends = {"cancelled", "merged", "withdrawn"}
        match promise:
            case Promise.RESPONSE:
                return {"stops": {"answered"}, "ends": ends}
            case Promise.RESOLUTION:
                pauses = {"waiting_user", "waiting_supplier"} if self.pauses_for_supplier else {"waiting_user"}
                return {"pauses": pauses, "stops": DONE, "ends": ends, "on_reopen": self.on_reopen}
            case Promise.UPDATE:
                return {"waits": {"quiet"}, "stops": {"answered"}, "ends": ends, "on_reopen": "restart"}
            case Promise.LOCAL:
                return LOCAL_RULES

    # ------------------------------------------------------------------------------------ reading and writing

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """From a dictionary; raises TermsError for the first thing in it that cannot be used."""
        _known(told, _KEYS)
        try:
            return cls(
                calendar=told["calendar"],
                goals=_goals(told.get("targets", ())),
                systems=frozenset(int(one) for one in told.get("systems", ())),
                pauses_for_supplier=_yes_or_no(told, "pauses_for_supplier", False),
                on_reopen=_one_of(told, "on_reopen", ("continue", "restart")),
                on_change=_one_of(told, "on_change", ("filing", "change")),
                warnings=tuple(read_warning(one) for one in told.get("warnings", ("50 %", "80 %"))),
                auto_close=_days(told.get("auto_close", "10 working days")),
                local=read_length(told["local"]) if told.get("local") else None,
            )
        except (KeyError, ValueError, TypeError, SlaError) as error:
            raise TermsError(N_("Aftalen kan ikke læses: %(what)s."), what=str(error)) from error

    def write(self) -> dict[str, Any]:
        """The dictionary that `read` would read back."""
        return {
            "calendar": self.calendar,
            "targets": [_written(goal) for goal in self.goals],
            "systems": sorted(self.systems),
            "pauses_for_supplier": self.pauses_for_supplier,
            "on_reopen": self.on_reopen,
            "on_change": self.on_change,
            "warnings": [write_warning(one) for one in self.warnings],
            "auto_close": write_length(self.auto_close),
            "local": write_length(self.local) if self.local else None,
        }


#: A ticket in these states needs no more work.
DONE = frozenset({"resolved", "closed"})

#: How long a superbruger may keep a ticket: passing it on stops the clock, and handing it back gives the time anew.
LOCAL_RULES: Mapping[str, Any] = {
    "waits": {"elsewhere"},
    "pauses": {"waiting_user"},
    "stops": DONE | {"passed_on"},
    "ends": {"cancelled", "merged", "withdrawn"},
    "on_reopen": "restart",
}

#: Clocks of somebody who has the ticket for a while: a team, a supplier. What was used is kept.
HELD_RULES: Mapping[str, Any] = {
    "waits": {"elsewhere"},
    "pauses": {"elsewhere", "waiting_user"},
    "stops": DONE,
    "ends": {"cancelled", "merged", "withdrawn"},
}

_KEYS = frozenset("calendar targets systems pauses_for_supplier on_reopen on_change warnings auto_close local".split())
_GOAL_KEYS = frozenset("kind priority response resolution update calendar".split())


def _known(told: Mapping[str, Any], keys: frozenset[str]) -> None:
    for name in told:
        if name not in keys:
            raise TermsError(N_("Aftalen siger noget, som ikke kendes: %(what)s."), what=name)


def _goals(told: Iterable[Mapping[str, Any]]) -> tuple[Goal, ...]:
    goals = tuple(map(_goal, told))
    cells = [(goal.kind, goal.priority) for goal in goals]
    if len(cells) != len(set(cells)):
        raise TermsError(N_("Aftalen har to linjer for den samme prioritet."))
    return tuple(sorted(goals, key=lambda goal: (goal.priority, goal.kind or "")))


def _goal(told: Mapping[str, Any]) -> Goal:
    _known(told, _GOAL_KEYS)
    lengths = {name: read_length(told[name]) for name in ("response", "resolution", "update") if told.get(name)}
    kind = Kind(told["kind"]) if told.get("kind") else None
    return Goal(kind, Priority(told["priority"]), calendar=told.get("calendar"), **lengths)


def _written(goal: Goal) -> dict[str, Any]:
    lengths = {name: getattr(goal, name) for name in ("response", "resolution", "update")}
    told: dict[str, Any] = {"kind": goal.kind.value if goal.kind else None, "priority": int(goal.priority)}
    return {
        **told,
        **{name: write_length(length) if length else None for name, length in lengths.items()},
        "calendar": goal.calendar,
    }


def _yes_or_no(told: Mapping[str, Any], name: str, usual: bool) -> bool:
    value = told.get(name, usual)
    if not isinstance(value, bool):
        raise ValueError(f"{name} = {value!r}")
    return value


def _one_of(told: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> Any:
    value = told.get(name, choices[0])
    if value not in choices:
        raise ValueError(f"{name} = {value!r}")
    return value


def _days(text: str) -> WorkingDays:
    length = read_length(text)
    if not isinstance(length, WorkingDays):
        raise ValueError(text)
    return length


_LENGTH = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|working days?)(, end of day)?")


def read_length(text: str) -> Length:
    """From "15 minutes", "4 hours", "2 working days" or "2 working days, end of day"; raises ValueError."""
    found = _LENGTH.fullmatch(str(text).strip().lower())
    if not found or (found[3] and not found[2].startswith("working")):
        raise ValueError(f"{text!r} is no length such as '4 hours' or '2 working days'")
    amount = int(found[1])
    if amount == 0:
        raise ValueError(f"{text!r} is no time at all")
    if found[2].startswith("working"):
        return WorkingDays(amount, end_of_day=bool(found[3]))
    return OpenTime(timedelta(minutes=amount) if found[2].startswith("m") else timedelta(hours=amount))


def write_length(length: Length) -> str:
    """The text that `read_length` would read back."""
    if isinstance(length, WorkingDays):
        days = "1 working day" if length.days == 1 else f"{length.days} working days"
        return f"{days}, end of day" if length.end_of_day else days
    return _amount(length.amount)


def _amount(amount: timedelta) -> str:
    minutes = amount // timedelta(minutes=1)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_SHARE = re.compile(r"(\d{1,2})\s*%")
_BEFORE = re.compile(r"(.+) before")


def read_warning(text: str) -> EarlyWarning:
    """From "80 %" (of the target) or "1 hour before" (open time before it is due); raises ValueError."""
    if found := _SHARE.fullmatch(str(text).strip()):
        return Share(int(found[1]))
    if found := _BEFORE.fullmatch(str(text).strip()):
        length = read_length(found[1])
        if isinstance(length, OpenTime):
            return Before(length.amount)
    raise ValueError(f"{text!r} is no warning such as '80 %' or '1 hour before'")


def write_warning(warning: EarlyWarning) -> str:
    """The text that `read_warning` would read back."""
    return f"{warning.percent} %" if isinstance(warning, Share) else f"{_amount(warning.amount)} before"
