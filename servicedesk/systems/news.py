"""What is told of disturbances and planned maintenance: to each once, whatever makes him or her hear of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from servicedesk.core.actor import Actor
from servicedesk.notifications.commands import News, tell_all
from servicedesk.systems import events
from servicedesk.systems.models import Announcement, Disturbance, DisturbanceUpdate
from servicedesk.systems.receivers import Concerned, concerned_by, following, joined, those_who_may_hear
from servicedesk.systems.rules import DisturbanceKind, UpdateKind

_EVENTS = {UpdateKind.TOLD: events.TOLD, UpdateKind.ENDED: events.ENDED, UpdateKind.RESUMED: events.TOLD}


def tell_of_begin(row: Disturbance, *, by: Actor, now: datetime) -> None:
    """Those who follow a system hear that something is wrong with it."""
    systems = concerned_by(row)
    _tell(row, systems, [following(systems)], events.BEGUN, "begun", {}, {}, by, now)


def tell_of_line(row: Disturbance, line: DisturbanceUpdate, *, by: Actor, now: datetime) -> None:
    """Those who notice it and those who follow a system hear what was written, once. `line` has its id.

    Of planned maintenance that is not announced yet nobody has heard.
    """
    if row.told_from > now or row.withdrawn_at is not None:
        return
    is_planned = row.kind is DisturbanceKind.MAINTENANCE
    said = {
        "is_planned": is_planned,
        "is_resumed": line.kind is UpdateKind.RESUMED,
        "is_called_off": line.kind is UpdateKind.ENDED and row.starts_at > now,
    }
    systems = concerned_by(row)
    wanted = [joined(row), following(systems)]
    _tell(row, systems, wanted, _EVENTS[line.kind], str(line.id), said, {"body": line.body}, by, now)


def announce(row: Disturbance, announcement: Announcement, *, by: Actor, now: datetime) -> None:
    """Those who follow a system hear of what is planned for it."""
    systems = concerned_by(row)
    said = {"stage": announcement.stage.value}
    source = f"announced-{announcement.stage.value}"
    _tell(row, systems, [following(systems)], events.ANNOUNCED, source, said, {"body": row.advice}, by, now)


def _tell(
    row: Disturbance,
    systems: Sequence[Concerned],
    wanted: Sequence[Select[Any]],
    event: str,
    what: str,
    said: dict[str, Any],
    texts: dict[str, str],
    by: Actor,
    now: datetime,
) -> None:
    thread = f"disturbance-{row.id}"
    groups = those_who_may_hear(wanted, systems, now)
    told = [
        (
            News(
                event=event,
                thread=thread,
                source=f"{thread}:{what}",
                path=f"/status/{row.id}",
                customer_id=row.customer_id,
                facts=said,
                template=event,
                mail={**said, **_mail(row, heard), **texts},
            ),
            ids,
        )
        for heard, ids in groups.items()
    ]
    tell_all(told, by=by, now=now)


def _mail(row: Disturbance, heard: Sequence[Concerned]) -> dict[str, Any]:
    """Nobody learns from a mail that another system is down with the own one."""
    return {
        "number": ", ".join(one.name for one in heard),
        "subject": row.message,
        "url": f"/status/{row.id}",
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.expected_end_at.isoformat() if row.expected_end_at and not row.ended_at else None,
    }
