"""Why somebody needed help: said of a ticket when it is solved, and of help that was given on the floor."""

from enum import StrEnum


class Cause(StrEnum):
    """Why the help was needed."""

    FAULT = "fault"
    COMPETENCE = "missing_competence"
    CHANGE = "change"
    WISH = "wish"
    SECURITY = "security"
    OTHER = "other"
