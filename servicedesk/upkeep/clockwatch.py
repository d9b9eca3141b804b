"""Whether the machine's clock goes as time does, told by a second clock that nobody can set."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

#: Clocks are put right by less than this all the time.
TOLERANCE = timedelta(seconds=30)


def elapsed() -> float:
    """Seconds since some beginning; goes on while the machine sleeps, where the system can tell."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class ClockWatch:
    """Compares the clock on the wall with the time that passes, at each look."""

    def __init__(self, now: Callable[[], datetime], passed: Callable[[], float] = elapsed) -> None:
        self._now, self._passed = now, passed
        self._last = now(), passed()
        self._even_since = self._last[1]
        #: By how much the clock was put forward (or back, when negative) the last time.
        self.jump: timedelta | None = None

    def look(self) -> bool:
        """Whether the clock was put forward or back since the last look."""
        wall, passed = self._now(), self._passed()
        jump = (wall - self._last[0]) - timedelta(seconds=passed - self._last[1])
        self._last = wall, passed
        if abs(jump) < TOLERANCE:
            return False
        self.jump, self._even_since = jump, passed
        return True

    @property
    def even_for(self) -> float:
        """Seconds since the clock was last put forward or back, or since the watch began."""
        return self._passed() - self._even_since
