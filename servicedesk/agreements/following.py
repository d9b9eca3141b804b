"""What lies above and follows agreements registers here; tickets do.

Agreements know no tickets, yet a change shows beforehand what it would do to them, and an agreement that is withdrawn
takes their clocks along in the same transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from servicedesk.agreements.book import Book
from servicedesk.agreements.models import Agreement


@dataclass(frozen=True)
class Shift:
    """An open ticket whose time would change; empty where no clock runs."""

    number: str
    subject: str
    url: str
    before: datetime | None
    after: datetime | None


@dataclass
class Effects:
    """What a change would do to open tickets."""

    #: How many were looked at, and how many there are.
    looked_at: int = 0
    total: int = 0
    earlier: int = 0
    later: int = 0
    #: Would be late at once, and are not now; and the other way round.
    newly_late: int = 0
    no_longer_late: int = 0
    #: The ones that change most, first.
    examples: list[Shift] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        return self.looked_at - self.earlier - self.later


class Follower(Protocol):
    """Reckons with agreements from above."""

    def effects(self, before: Book, after: Book, agreement_id: int | None, now: datetime) -> Effects:
        """What open tickets would show at `now` under the one and the other."""

    def withdraw(self, agreement: Agreement, now: datetime) -> int:
        """Ends the clocks that the agreement set, in the caller's transaction; answers for how many tickets."""


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def effects(before: Book, after: Book, agreement_id: int | None, now: datetime) -> Effects:
    """See Follower.effects; `agreement_id` is the agreement that changes, None for a calendar."""
    return _followers[0].effects(before, after, agreement_id, now) if _followers else Effects()


def withdraw(agreement: Agreement, now: datetime) -> int:
    return sum(follower.withdraw(agreement, now) for follower in _followers)
