"""Reading what is known about systems, always for a person."""

from servicedesk.systems.queries.disturbances import (
    Past,
    current_disturbances,
    ended_disturbances,
    get_disturbance,
    may_change_disturbance,
    updates_of,
)
from servicedesk.systems.queries.following import (
    Planned,
    calendar_link_of,
    followed,
    is_following,
    planned_maintenance,
    whose_calendar,
)
from servicedesk.systems.queries.history import stretches
from servicedesk.systems.queries.known import (
    get_known_error,
    known_errors,
    list_known_errors,
    may_change,
    people_behind,
)
from servicedesk.systems.queries.register import (
    Registered,
    choosable,
    find_owner,
    get_system,
    heard_of,
    may_inform,
    named_systems,
    owner_of,
    register,
    teams_to_choose,
    units_to_choose,
)

__all__ = [
    "Past",
    "Planned",
    "Registered",
    "calendar_link_of",
    "choosable",
    "current_disturbances",
    "ended_disturbances",
    "find_owner",
    "followed",
    "get_disturbance",
    "get_known_error",
    "get_system",
    "heard_of",
    "is_following",
    "known_errors",
    "list_known_errors",
    "may_change",
    "may_change_disturbance",
    "may_inform",
    "named_systems",
    "owner_of",
    "people_behind",
    "planned_maintenance",
    "register",
    "stretches",
    "teams_to_choose",
    "units_to_choose",
    "updates_of",
    "whose_calendar",
]
