"""Where counts of tries are kept: in the database, so that all processes and hosts count together."""

from typing import Any

from limits.storage import Storage
from sqlalchemy import delete, select, text, update

from servicedesk.core import clock
from servicedesk.core.db import db, transaction
from servicedesk.signin.models import RateCount

#: Both databases understand this; a window that is over is begun anew by the same statement.
_COUNT = text(
    "INSERT INTO rate_count (key, count, expires_at) VALUES (:key, :amount, :expires_at) "
    "ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN rate_count.expires_at <= :now THEN excluded.count ELSE rate_count.count + excluded.count END, "
    "expires_at = CASE WHEN rate_count.expires_at <= :now THEN excluded.expires_at ELSE rate_count.expires_at END "
    "RETURNING count"
)


class DatabaseStorage(Storage):
    """A storage for `limits`: each count is one row, raised by one statement."""

    STORAGE_SCHEME = ["servicedesk"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = _now()
        with transaction() as session:
            given: dict[str, Any] = {"key": key, "amount": amount, "expires_at": now + expiry, "now": now}
            return int(session.scalar(_COUNT, given) or 0)

    def give_back(self, key: str) -> None:
        """Undoes one `incr` of a window that is not over."""
        with transaction() as session:
            counted = update(RateCount).where(RateCount.key == key, RateCount.count > 0, RateCount.expires_at > _now())
            session.execute(counted.values(count=RateCount.count - 1))

    def get(self, key: str) -> int:
        return (
            db.session.scalar(select(RateCount.count).where(RateCount.key == key, RateCount.expires_at > _now())) or 0
        )

    def get_expiry(self, key: str) -> float:
        return db.session.scalar(select(RateCount.expires_at).where(RateCount.key == key)) or _now()

    def check(self) -> bool:
        return db.session.scalar(select(1)) == 1

    def reset(self) -> int | None:
        with transaction() as session:
            return session.query(RateCount).delete()

    def clear(self, key: str) -> None:
        with transaction() as session:
            session.execute(delete(RateCount).where(RateCount.key == key))


def _now() -> float:
    return clock.now().timestamp()
