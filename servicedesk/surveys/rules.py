"""What can be answered and asked, and for how long; pure."""

from datetime import date, timedelta
from enum import IntEnum, StrEnum

#: Fewer answers are never told of; a customer may ask for more, never for fewer.
FEWEST = 5
#: Nobody is asked to rate a ticket more often.
BETWEEN_RATINGS = timedelta(days=30)
#: For so long a ticket can be rated.
RATING_LASTS = timedelta(days=14)
#: Who has not answered a survey is reminded after so long, once.
REMIND_AFTER = timedelta(days=7)
#: A team of fewer is a person, and figures are of teams.
FEWEST_IN_TEAM = 3
#: At most so low, an answer is followed up.
LOW = 2
WORDS_LENGTH = 2_000
MOST_QUESTIONS = 40
MOST_OPTIONS = 20


class Step(IntEnum):
    """How the help was: the five steps, the best first."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    NEITHER = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1


class Outcome(StrEnum):
    """What came of it when a closed ticket was looked at."""

    ASKED = "asked"
    #: The customer asks only about a share of them.
    NOT_CHOSEN = "not_chosen"
    #: The person was asked about another lately.
    TOO_SOON = "too_soon"


class Reason(StrEnum):
    """Why a rating is followed up."""

    LOW = "low"
    #: The person asks to be contacted.
    CONTACT = "contact"


class Kind(StrEnum):
    """How a question is answered."""

    STEPS = "steps"
    NPS = "nps"
    YES_NO = "yes_no"
    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"


#: Of these it is the person who builds the survey who says what can be answered.
WITH_OPTIONS = frozenset({Kind.ONE, Kind.SEVERAL})


class Sampling(StrEnum):
    """Who is asked."""

    ALL = "all"
    SHARE = "share"
    NUMBER = "number"


class SurveyState(StrEnum):
    DRAFT = "draft"
    #: Opens by itself on its first day.
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class About(StrEnum):
    """What a figure is of."""

    UNIT = "unit"
    TEAM = "team"
    SYSTEM = "system"


def values_of(kind: Kind, options: list[str]) -> list[str]:
    """What can be answered, as it is kept, in the order in which it is shown; nothing for free text."""
    match kind:
        case Kind.STEPS:
            return [str(step.value) for step in Step]
        case Kind.NPS:
            return [str(number) for number in range(11)]
        case Kind.YES_NO:
            return ["yes", "no"]
        case Kind.TEXT:
            return []
        case _:
            return [str(place) for place in range(len(options))]


def quarter_of(on: date) -> date:
    """The first day of the quarter."""
    return date(on.year, on.month - (on.month - 1) % 3, 1)


def next_quarter(starts_on: date) -> date:
    return quarter_of(starts_on + timedelta(days=95))


def previous_quarter(starts_on: date) -> date:
    return quarter_of(starts_on - timedelta(days=1))
