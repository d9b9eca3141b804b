"""Who may do what: permissions as data, used both for one row and for whole lists.

A permission is a list of ways; a way is a list of tests that all hold; a test is a condition on the row for a
given person. The condition that loads one ticket is the condition that filters the queue, so the two cannot
differ. A test that can never hold for a person answers `false()`, and a permission with no open way is closed
to that person whatever the row: that is how routes are guarded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.sql.elements import AsBoolean, False_

from servicedesk.core.actor import SYSTEM, Actor


class Permission(Enum):
    """Base of each capability's permissions.

    A plain enum: members of two StrEnums with the same text are equal, and one permission would pass for another.
    """


Test = Callable[[Actor], ColumnElement[bool]]
Ways = Sequence[Sequence[Test]]
Policy = Mapping[Permission, Ways]

_declared: dict[Permission, Ways] = {}


def declare(policy: Policy) -> Policy:
    """Adds a capability's part to the whole policy."""
    _declared.update(policy)
    _granted.cache_clear()
    return policy


def extend(policy: Policy) -> None:
    """Adds ways to permissions that a capability below has declared, from what lies above it."""
    for permission, ways in policy.items():
        _declared[permission] = [*_declared[permission], *ways]
    _granted.cache_clear()


def granted(permission: Permission, who: Actor) -> ColumnElement[bool]:
    """The rows on which `who` has this permission, as a condition for a query; the system itself may do all."""
    return true() if who is SYSTEM else _granted(permission, who)


# A page needs a dozen, and putting them together takes longer than asking the database. They say nothing of any
# row, and who acts is loaded anew for each request, so there is nothing in them to go out of date.
@lru_cache(maxsize=2_000)
def _granted(permission: Permission, who: Actor) -> ColumnElement[bool]:
    ways = ([test(who) for test in way] for way in _declared[permission])
    return or_(false(), *(and_(*tests) for tests in ways if not any(map(_is_never, tests))))


def is_open(permission: Permission, who: Actor) -> bool:
    """Whether there is any row at all on which `who` could have this permission."""
    return not _is_never(granted(permission, who))


def _is_never(condition: ColumnElement[bool]) -> bool:
    """SQLAlchemy wraps what is left of `or_(false())`."""
    return isinstance(condition.element if isinstance(condition, AsBoolean) else condition, False_)


def described() -> Iterator[tuple[str, str]]:
    """Every permission with its ways in words, for `servicedesk policy show`."""
    for permission, ways in sorted(_declared.items(), key=lambda item: _name(item[0])):
        yield (
            _name(permission),
            " | ".join(" & ".join(test.__name__ for test in way) for way in ways),
        )


def _name(permission: Permission) -> str:
    return f"{type(permission).__name__.removesuffix('Permission').lower()}.{permission.value}"
