"""The employee's own page: what there is to learn, by when, and what he or she has."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, navigation, panels
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.training import own, queries
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import places

#: Before "Administration", after what one works with from day to day.
navigation.offer(navigation.Item(_("Uddannelse"), "training.mine", rank=48, owns=("training.",)))

#: What is spoken of on the start page.
AT_START = 3


@bp.get("/me/training")
@signed_in
def mine() -> str:
    who, today, now = actor(), clock.today(), clock.now()
    tasks = own.tasks(who, today, now)
    coming = queries.seatings(who, now, ids=queries.own_sessions(who, now))
    return render_template(
        "training/mine.html",
        places=places(who),
        to_do=[task for task in tasks if task.is_to_do and task.need.is_mandatory],
        recommended=[task for task in tasks if task.is_to_do and not task.need.is_mandatory],
        done=[task for task in tasks if not task.is_to_do],
        coming=coming,
        holding=[one for one in queries.of_instructor(who, now) if one.session.ends_at > now],
        records=queries.of_person(who.id, who) if who.id is not None else [],
        today=today,
    )


def _at_start(_nothing: Any, who: Actor) -> str | None:
    """For those who are behind, or soon are."""
    today = clock.today()
    if who.id is None or who.customer_id is None or not queries.requires_of(who.customer_id, today):
        return None
    tasks = [one for one in own.tasks(who, today, clock.now()) if one.is_to_do and one.need.is_mandatory]
    if not tasks:
        return None
    return render_template("training/_at_start.html", tasks=tasks[:AT_START], more=len(tasks) - AT_START, today=today)


panels.offer(panels.Place.START, _at_start, rank=55)
