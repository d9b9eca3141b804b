"""The page that shows whether workers live and how their jobs go."""

from datetime import timedelta

from flask import Blueprint, current_app, render_template
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock
from servicedesk.core.access import actor, requires
from servicedesk.core.permissions import is_open
from servicedesk.notifications.policy import NotificationPermission
from servicedesk.organisation import administration
from servicedesk.upkeep import health
from servicedesk.upkeep.policy import HealthPermission
from servicedesk.upkeep.words import JOBS

bp = Blueprint("worker", __name__)

#: For how long it is told that a clock was put forward or back.
JUMP_SHOWN = timedelta(days=1)

administration.offer(
    administration.Card(
        _("Baggrundsarbejde"),
        _("Om mails bliver sendt, og frister bliver overvåget"),
        "worker.show",
        "refresh",
        HealthPermission.SEE,
        rank=75,
    )
)


@bp.get("/admin/worker")
@requires(HealthPermission.SEE)
def show() -> str:
    who, now = actor(), clock.now()
    seen = health.look(who, now=now)
    jumps = [worker.jumped_at for worker in seen.alive if worker.jumped_at]
    return render_template(
        "upkeep/workers.html",
        health=seen,
        jumped_at=max((jump for jump in jumps if abs(now - jump) < JUMP_SHOWN), default=None),
        is_ahead=any(one.standing is health.Standing.AHEAD for one in seen.workers),
        due_tickets=health.due_tickets(who, now=now),
        waiting_mails=health.waiting_mails(who),
        dead_mails=health.dead_mails(who),
        has_mail_server=bool(current_app.extensions["settings"].smtp_url),
        now=now,
        most_counted=health.MOST_COUNTED,
        hears_figures=health.runs_everything(who),
        opens_outbox=is_open(NotificationPermission.SEE_OUTBOX, who),
        job_in_words=lambda job: str(JOBS.get(job, job)),
        how_often=how_often,
        how_long=how_long,
    )


def how_often(every: timedelta) -> str:
    """How often a job runs, in the reader's words."""
    seconds = int(every.total_seconds())
    if seconds % 3600 == 0:
        return str(ngettext("Hver time", "Hver %(num)s. time", seconds // 3600))
    if seconds % 60 == 0:
        return str(ngettext("Hvert minut", "Hvert %(num)s. minut", seconds // 60))
    return str(ngettext("Hvert sekund", "Hvert %(num)s. sekund", seconds))


def how_long(seconds: float | None) -> str:
    """How long a run took, roughly."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return str(gettext("Under 1 sekund"))
    if seconds < 100:
        return str(ngettext("%(num)s sekund", "%(num)s sekunder", round(seconds)))
    return str(ngettext("%(num)s minut", "%(num)s minutter", round(seconds / 60)))
