"""The states of a ticket and the moves between them; pure."""

from collections.abc import Mapping
from enum import StrEnum

# What a ticket is and how much it matters is what an agreement promises by.
from servicedesk.agreements.terms import Kind as Kind
from servicedesk.agreements.terms import Priority as Priority
from servicedesk.core.causes import Cause as Cause
from servicedesk.core.errors import N_, ConflictError


class State(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING_USER = "waiting_user"
    WAITING_SUPPLIER = "waiting_supplier"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


#: States in which somebody still has work to do.
OPEN_STATES = frozenset({State.NEW, State.OPEN, State.WAITING_USER, State.WAITING_SUPPLIER})


class Move(StrEnum):
    """What can be done to a ticket's state."""

    TAKE = "take"
    ANSWER = "answer"
    USER_REPLY = "user_reply"
    WAIT_FOR_USER = "wait_for_user"
    WAIT_FOR_SUPPLIER = "wait_for_supplier"
    RESUME = "resume"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"


_WORK: Mapping[Move, State] = {
    Move.WAIT_FOR_USER: State.WAITING_USER,
    Move.WAIT_FOR_SUPPLIER: State.WAITING_SUPPLIER,
    Move.RESOLVE: State.RESOLVED,
    Move.MERGE: State.CLOSED,
}

MOVES: Mapping[tuple[State, Move], State] = {
    **{(state, move): after for state in OPEN_STATES for move, after in _WORK.items()},
    (State.NEW, Move.TAKE): State.OPEN,
    (State.NEW, Move.ANSWER): State.OPEN,
    (State.NEW, Move.USER_REPLY): State.NEW,
    (State.NEW, Move.CANCEL): State.CANCELLED,
    (State.OPEN, Move.TAKE): State.OPEN,
    (State.OPEN, Move.ANSWER): State.OPEN,
    (State.OPEN, Move.USER_REPLY): State.OPEN,
    (State.OPEN, Move.CANCEL): State.CANCELLED,
    (State.WAITING_USER, Move.TAKE): State.WAITING_USER,
    (State.WAITING_USER, Move.ANSWER): State.WAITING_USER,
    (State.WAITING_USER, Move.USER_REPLY): State.OPEN,
    (State.WAITING_USER, Move.RESUME): State.OPEN,
    (State.WAITING_SUPPLIER, Move.TAKE): State.WAITING_SUPPLIER,
    (State.WAITING_SUPPLIER, Move.ANSWER): State.WAITING_SUPPLIER,
    (State.WAITING_SUPPLIER, Move.USER_REPLY): State.WAITING_SUPPLIER,
    (State.WAITING_SUPPLIER, Move.RESUME): State.OPEN,
    (State.RESOLVED, Move.ANSWER): State.RESOLVED,
    (State.RESOLVED, Move.CONFIRM): State.CLOSED,
    (State.RESOLVED, Move.REOPEN): State.OPEN,
    (State.RESOLVED, Move.CLOSE): State.CLOSED,
}


class MoveRefusedError(ConflictError):
    """The ticket's state does not offer this move; it has perhaps moved on since the page was shown."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(N_("Det kan man ikke, som henvendelsen står nu. Den kan have flyttet sig, siden du så den."))
        self.state = state
        self.move = move


def after(state: State, move: Move) -> State:
    """The state that `move` leads to; raises MoveRefusedError."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise MoveRefusedError(state, move) from None


def moves_from(state: State) -> frozenset[Move]:
    """What a ticket in `state` offers."""
    return _OFFERED[state]


_OFFERED = {state: frozenset(move for of, move in MOVES if of is state) for state in State}


class Tier(StrEnum):
    """Who works on it: a superbruger out in the units, or the servicedesk."""

    LOCAL = "local"
    SERVICEDESK = "servicedesk"


class Secrecy(StrEnum):
    """Who may know of a ticket: the API's `class`."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    SECURITY = "security"


class Channel(StrEnum):
    """How a ticket reached the servicedesk."""

    WEB = "web"
    PHONE = "phone"


class Level(StrEnum):
    """A step of impact or urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LinkKind(StrEnum):
    """How a ticket stands to another, read from the first to the second."""

    PARENT = "parent"
    CHILD = "child"
    DUPLICATE = "duplicate"
    DUPLICATED = "duplicated"
    RELATED = "related"


#: The same link seen from the other ticket.
MIRRORED: Mapping[LinkKind, LinkKind] = {
    LinkKind.PARENT: LinkKind.CHILD,
    LinkKind.CHILD: LinkKind.PARENT,
    LinkKind.DUPLICATE: LinkKind.DUPLICATED,
    LinkKind.DUPLICATED: LinkKind.DUPLICATE,
    LinkKind.RELATED: LinkKind.RELATED,
}

Matrix = Mapping[tuple[Level, Level], Priority]

#: Priority by (impact, urgency) until a customer sets its own; ITIL's common table.
DEFAULT_MATRIX: Matrix = {
    (Level.HIGH, Level.HIGH): Priority.CRITICAL,
    (Level.HIGH, Level.MEDIUM): Priority.HIGH,
    (Level.HIGH, Level.LOW): Priority.MEDIUM,
    (Level.MEDIUM, Level.HIGH): Priority.HIGH,
    (Level.MEDIUM, Level.MEDIUM): Priority.MEDIUM,
    (Level.MEDIUM, Level.LOW): Priority.LOW,
    (Level.LOW, Level.HIGH): Priority.MEDIUM,
    (Level.LOW, Level.MEDIUM): Priority.LOW,
    (Level.LOW, Level.LOW): Priority.LOW,
}
