"""Where a person chooses what to hear of, how, and when."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.notifications import choices, commands, events
from servicedesk.notifications.choices import Way
from servicedesk.notifications.forms import HabitForm, read_ways
from servicedesk.notifications.models import ByMail
from servicedesk.notifications.rules import Habit
from servicedesk.notifications.views import bp

DAYS = (_("Mandag"), _("Tirsdag"), _("Onsdag"), _("Torsdag"), _("Fredag"), _("Lørdag"), _("Søndag"))


@bp.get("/me/notices")
@signed_in
def choosing() -> str:
    chosen = choices.own_ways(actor())
    ways = {event.key: choices.way(event, chosen.get(event.key)) for event in _offered()}
    return _page(ways, _as_typed(choices.own_habit(actor())), {})


@bp.post("/me/notices")
@signed_in
def choose() -> ResponseReturnValue:
    form = HabitForm()
    ways = read_ways(request.form, _offered())
    if not form.validate():
        return _page(ways, form.data, form.first_errors()), 422
    commands.choose(ways, form.habit(), by=actor(), now=clock.now())
    flash(gettext("Dine valg er gemt."), "success")
    return web.see_other(".choosing")


def _offered() -> list[events.Event]:
    return [event for group in events.offered(actor()).values() for event in group]


def _as_typed(habit: Habit) -> dict[str, Any]:
    first, *more = habit.digest_times
    return {
        "digest_time": first,
        "second_time": more[0] if more else "",
        "digest_days": habit.digest_days,
        "is_quiet": habit.is_quiet,
        "quiet_from": habit.quiet_from,
        "quiet_to": habit.quiet_to,
    }


def _page(ways: dict[str, Way], typed: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "notifications/choosing.html",
        groups=events.offered(actor()),
        ways=ways,
        mail_ways=list(ByMail),
        days=list(enumerate(DAYS)),
        typed=typed,
        errors=errors,
    )
