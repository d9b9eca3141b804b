"""When digests go and when quiet hours end: times on a wall clock, turned into instants before anything is compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Habit:
    """When a person wants mails. Times are like "08:00", on the wall where the installation is; day 0 is Monday."""

    #: Neither of them is ever empty.
    digest_times: tuple[str, ...] = ("08:00",)
    digest_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    is_quiet: bool = False
    #: "17:00" to "07:00" is over midnight.
    quiet_from: str = "17:00"
    quiet_to: str = "07:00"

    def next_digest(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first digest that goes later than `after`."""
        return min(at for at in self._digests(after.astimezone(zone).date(), zone) if at > after)

    def end_of_quiet(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at`, or the end of the quiet hours when it lies in them."""
        local = at.astimezone(zone)
        wall = f"{local:%H:%M}"
        if not self.is_quiet or not self.is_quiet_at(wall):
            return at
        ends_on = local.date() + DAY if wall >= self.quiet_to else local.date()
        return max(at, _instant(ends_on, self.quiet_to, zone))

    def is_quiet_at(self, wall: str) -> bool:
        """Whether that time of day lies in the quiet hours, on or off."""
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= wall < self.quiet_to
        return wall >= self.quiet_from or wall < self.quiet_to

    def _digests(self, first: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Those of that day and the eight after it: at least one comes later than any time of the first day."""
        for number in range(9):
            on = first + number * DAY
            if on.weekday() in self.digest_days:
                yield from (_instant(on, wall, zone) for wall in self.digest_times)


def _instant(on: date, wall: str, zone: ZoneInfo) -> datetime:
    """A wall time that comes twice counts the first time; one that is jumped over counts as long after the jump."""
    return datetime.combine(on, time.fromisoformat(wall), zone).astimezone(UTC)
