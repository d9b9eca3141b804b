"""Opening hours as people type them: "8-12, 12.30–16" is two intervals, an empty line is a day that is closed."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from servicedesk.core.errors import N_

#: So many intervals a day has at most.
MOST = 3
ROUND_THE_CLOCK = [["00:00", "24:00"]]

MALFORMED = N_("Skriv tider som 08:00-12:00, 12:30-16:00, døgnet, eller lad feltet være tomt, når der er lukket.")
TOO_MANY = N_("Skriv højst tre tidsrum på en dag.")
REVERSED = N_("Et tidsrum skal slutte, efter at det er begyndt. Del det ved midnat: 22:00-24:00 og 00:00-06:00.")
OVERLAPPING = N_("Tidsrummene må ikke overlappe hinanden.")

_CLOSED = {"", "-", "lukket", "closed"}
_ALWAYS = {"døgnet", "døgnet rundt", "hele døgnet", "døgnåbent", "24 timer", "around the clock"}
_TIME = r"(?:kl\.?\s*)?(\d{1,2})(?:[:.]?(\d{2}))?"
_INTERVAL = re.compile(rf"{_TIME}\s*(?:-|–|—|til|to)\s*{_TIME}")


def read_intervals(text: str) -> list[list[str]]:
    """The intervals of a day, earliest first; raises ValueError with a sentence for the field."""
    said = " ".join(text.casefold().split()).rstrip(".")
    if said in _CLOSED:
        return []
    if said in _ALWAYS:
        return [list(one) for one in ROUND_THE_CLOCK]
    found = sorted(_read(one.strip()) for one in re.split(r"[,;+&]|\bog\b|\band\b", said) if one.strip())
    if not found:
        raise ValueError(MALFORMED)
    if len(found) > MOST:
        raise ValueError(TOO_MANY)
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise ValueError(OVERLAPPING)
    return found


def _read(text: str) -> list[str]:
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise ValueError(MALFORMED)
    start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    end = end or 24 * 60  # until midnight
    if start >= end:
        raise ValueError(REVERSED)
    return [_clock(start), _clock(end)]


def _minutes(hour: str, minute: str | None) -> int:
    minutes = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or minutes > 24 * 60:
        raise ValueError(MALFORMED)
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def write_intervals(intervals: Iterable[Sequence[str]]) -> str:
    """The text that `read_intervals` would read back."""
    return ", ".join(f"{start}-{end}" for start, end in intervals)
