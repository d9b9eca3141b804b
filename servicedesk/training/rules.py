"""Kinds and states of training, and what follows from them; pure."""

from enum import StrEnum


class CourseKind(StrEnum):
    """How a course is taken."""

    #: In a room, at a session with seats.
    CLASSROOM = "classroom"
    #: At an address on the net.
    ELEARNING = "elearning"
    #: Shown on the spot by a superbruger.
    LOCAL = "local"
    #: A guideline for safe use of IT that is read and signed.
    GUIDELINE = "guideline"


class SignUpState(StrEnum):
    """Where somebody is with a session."""

    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class Source(StrEnum):
    """How it is known that somebody has learnt it."""

    ATTENDANCE = "attendance"
    #: A superbruger showed it on the spot.
    INSTRUCTION = "instruction"
    IMPORT = "import"
    SIGNATURE = "signature"
    EXEMPTION = "exemption"
    MANUAL = "manual"


class Status(StrEnum):
    """How somebody stands with what is required; the worst first."""

    #: Place in that order. An attribute, since a dictionary of members takes longer to look into than all the rest.
    rank: int

    def __new__(cls, value: str) -> "Status":
        member = str.__new__(cls, value)
        member._value_, member.rank = value, len(cls.__members__)
        return member

    MISSING = "missing"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    EXEMPT = "exempt"
    TRAINED = "trained"


#: There is something to do.
GAPS = frozenset({Status.MISSING, Status.EXPIRED})
