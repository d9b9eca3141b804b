"""What the engine refuses, each with a sentence that can be shown to the person who asked."""


class SlaError(Exception):
    """Everything that this package raises on purpose."""


class NaiveDatetimeError(SlaError):
    """A datetime without a zone: it names no instant."""


class OutOfRangeError(SlaError):
    """An instant outside 2 January of year 1 to 31 December 9999, where every zone still has a date for it."""


class InvalidCalendarError(SlaError):
    """Opening hours that cannot be: overlapping, reversed, empty, malformed, or in a zone that does not exist."""


class NeverOpensError(SlaError):
    """A calendar that does not open, at all or within ten years of where the search stood."""


class InvalidTargetError(SlaError):
    """A target that cannot be: no time at all, a state with two meanings, a warning twice."""


class UnorderedEventsError(SlaError):
    """An event before the one that precedes it in the list."""
