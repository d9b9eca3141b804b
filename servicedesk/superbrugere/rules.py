"""What an appointment, a guideline and help on the floor are; pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from servicedesk.core.causes import Cause


class AppointmentKind(StrEnum):
    """What a superbruger is asked about."""

    #: Knows some systems and the work that is done in them.
    SYSTEM = "system"
    #: Helps with machines, printers, sign-in and whatever the unit uses.
    IT = "it"


class Leeway(StrEnum):
    """How far a superbruger may go with a ticket, least first; each step allows those before it but `NEVER`."""

    #: Not to be touched or seen: it goes to the servicedesk.
    NEVER = "never"
    #: Only to pass on, with what the servicedesk needs to know.
    FORWARD = "forward"
    #: To answer and ask, but not to solve.
    ANSWER = "answer"
    SOLVE = "solve"

    def includes(self, other: "Leeway") -> bool:
        return _STEPS.index(self) >= _STEPS.index(other)


_STEPS = tuple(Leeway)


def at_least(leeway: Leeway) -> tuple[Leeway, ...]:
    """Every step that includes that one."""
    return tuple(one for one in _STEPS if one.includes(leeway))


def floor_leeway(cause: Cause, *, incident: Leeway, request: Leeway) -> Leeway:
    """How far a guideline lets a superbruger go with what is met on the floor: a wish is a request, all else an
    incident, and what is about security is the servicedesk's whatever a guideline says."""
    if cause is Cause.SECURITY:
        return Leeway.NEVER
    return request if cause is Cause.WISH else incident


#: A form that had no connection is taken for so long after the help was given.
MOST_LATE = timedelta(hours=24)
#: For so long a superbruger can correct what he or she wrote down, and take it back.
MENDABLE = timedelta(days=7)
#: At one time on the floor.
MOST_HELPED = 200
MOST_FLOOR_MINUTES = 480
MOST_FLOOR_NOTE = 500


class Fact(StrEnum):
    """What an escalation must tell."""

    TRIED = "tried"
    AFFECTED = "affected"
    SCREENSHOT = "screenshot"


class GuidelineTerms(NamedTuple):
    """What one version of a guideline says, apart from its text."""

    incident: Leeway = Leeway.SOLVE
    request: Leeway = Leeway.ANSWER
    #: Superbrugere may file for colleagues.
    files_for: bool = True
    #: They are instructed in its known errors, and may write and mark them.
    writes_known: bool = False
    #: How long a ticket may stay local: a length in open time, such as "4 hours"; None sends all to the servicedesk.
    local: str | None = "4 hours"
    #: What an escalation must tell.
    facts: tuple[Fact, ...] = (Fact.TRIED,)
    #: Words in a subject that send a new ticket straight to the servicedesk.
    words: tuple[str, ...] = ()

    def leeway(self, kind: str) -> Leeway:
        """For a ticket of that kind: "incident" or "request"."""
        return self.incident if kind == "incident" else self.request

    def write(self) -> dict[str, Any]:
        return {
            "incident": self.incident.value,
            "request": self.request.value,
            "files_for": self.files_for,
            "writes_known": self.writes_known,
            "local": self.local,
            "facts": [fact.value for fact in self.facts],
            "words": list(self.words),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "GuidelineTerms":
        return cls(
            incident=Leeway(told["incident"]),
            request=Leeway(told["request"]),
            files_for=bool(told["files_for"]),
            # What was published before there was a choice said nothing of it.
            writes_known=bool(told.get("writes_known", False)),
            local=told["local"],
            facts=tuple(Fact(one) for one in told["facts"]),
            words=tuple(told["words"]),
        )
