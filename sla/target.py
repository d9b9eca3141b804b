"""What is promised: how long, by which calendar, and what a ticket's states mean to the clock."""

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from typing import Literal

from sla.calendar import Calendar
from sla.errors import InvalidTargetError


@dataclass(frozen=True, slots=True)
class OpenTime:
    """An amount of open time. Never converted into days.

    >>> OpenTime(timedelta(hours=8)).amount
    datetime.timedelta(seconds=28800)
    """

    amount: timedelta

    def __post_init__(self) -> None:
        if not isinstance(self.amount, timedelta) or self.amount <= timedelta(0):
            raise InvalidTargetError(f"{self.amount!r} is no amount of time")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A number of working days: to the same time on the wall clock, or to the end of that day.

    Never converted into hours.

    >>> WorkingDays(2, end_of_day=True)
    WorkingDays(days=2, end_of_day=True)
    """

    days: int
    end_of_day: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.days, int) or isinstance(self.days, bool) or self.days < 1:
            raise InvalidTargetError(f"{self.days!r} is no number of working days")


@dataclass(frozen=True, slots=True)
class Share:
    """A warning when so many per cent of the target are used.

    >>> Share(80).key
    '80'
    """

    percent: int

    def __post_init__(self) -> None:
        if not isinstance(self.percent, int) or isinstance(self.percent, bool) or self.percent < 0:
            raise InvalidTargetError(f"{self.percent!r} is no whole number of per cent")

    @property
    def key(self) -> str:
        return str(self.percent)


@dataclass(frozen=True, slots=True)
class Before:
    """A warning when so much open time is left; at once, if the target is not longer than that.

    >>> Before(timedelta(hours=1, minutes=30)).key
    '-PT1H30M'
    """

    amount: timedelta

    def __post_init__(self) -> None:
        if not isinstance(self.amount, timedelta) or self.amount <= timedelta(0):
            raise InvalidTargetError(f"{self.amount!r} is no amount of time")

    @property
    def key(self) -> str:
        """In ISO 8601, with hours as the largest unit: a day of open time is no day."""
        minutes, seconds = divmod(self.amount, timedelta(minutes=1))
        hours, minutes = divmod(minutes, 60)
        left = f"{seconds.total_seconds():f}".rstrip("0").rstrip(".")
        parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{left}S" if seconds else "")
        return f"-PT{''.join(parts)}"


#: What a target amounts to, and what it warns of.
Length = OpenTime | WorkingDays
EarlyWarning = Share | Before


@dataclass(frozen=True)
class Target:
    """A promise about one clock of a ticket. Does not change; equal if it says the same.

    States are whatever identifies them to the caller.

    - `pauses`: while in these, time does not count.
    - `stops`: these fulfil the promise.
    - `ends`: these end the clock without a verdict, because the ticket was cancelled, merged or withdrawn.
    - `waits`: in these the clock has not begun; it begins at the first event in any other. A clock with
      `on_reopen="restart"` that has stopped is not reopened by them either.
    - `on_reopen`: after a stop go on with what was used (`"continue"`), or with the whole target anew (`"restart"`).
    - `on_change`: if this target replaces another, it is reckoned from the beginning of the period (`"filing"`), or
      from the change (`"change"`).
    - `warnings`: when somebody is to be told.

    >>> desk = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)})
    >>> Target("resolution", WorkingDays(2), desk, pauses={"waiting_user"}, stops={"resolved"}).pauses
    frozenset({'waiting_user'})

    Raises `InvalidTargetError` for a state that has two meanings and for a warning that is given twice.
    """

    name: str
    length: Length
    calendar: Calendar
    _: KW_ONLY
    pauses: Collection[str] = ()
    stops: Collection[str] = ()
    ends: Collection[str] = ()
    waits: Collection[str] = ()
    on_reopen: Literal["continue", "restart"] = "continue"
    on_change: Literal["filing", "change"] = "filing"
    warnings: Collection[EarlyWarning] = (Share(50), Share(80))

    def __post_init__(self) -> None:
        for name in ("pauses", "stops", "ends", "waits"):
            object.__setattr__(self, name, _states(name, getattr(self, name)))
        object.__setattr__(self, "warnings", tuple(self.warnings))
        self._check()

    def _check(self) -> None:
        if not isinstance(self.length, OpenTime | WorkingDays):
            raise InvalidTargetError(f"{self.length!r} is neither OpenTime nor WorkingDays")
        if self.on_reopen not in ("continue", "restart"):
            raise InvalidTargetError(f"on_reopen is 'continue' or 'restart', not {self.on_reopen!r}")
        if self.on_change not in ("filing", "change"):
            raise InvalidTargetError(f"on_change is 'filing' or 'change', not {self.on_change!r}")
        meanings = [state for states in (self.pauses, self.stops, self.ends) for state in states]
        if len(meanings) != len(set(meanings)):
            raise InvalidTargetError("a state can pause the clock, stop it or end it, but only one of these")
        keys = [warning.key for warning in self.warnings]
        if len(keys) != len(set(keys)):
            raise InvalidTargetError(f"a warning is given twice: {', '.join(keys)}")


def _states(name: str, given: Collection[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise InvalidTargetError(f"{name} is a set of states, not {given!r}")
    return frozenset(given)
