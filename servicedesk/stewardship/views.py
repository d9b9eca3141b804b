"""The page of those who answer for a system, and its yearly review."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, labels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import ConflictError
from servicedesk.notifications import bell
from servicedesk.organisation.forms import attempt
from servicedesk.stewardship import checklist, commands, deliveries, reviews, standing
from servicedesk.stewardship.checklist import Answer, Point
from servicedesk.stewardship.forms import ReviewForm
from servicedesk.systems import queries, running_well
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import LOOKING_BACK, Criticality, KnownErrorState, Phase
from servicedesk.tickets.filters import Filters

bp = Blueprint("stewardship", __name__, url_prefix="/systems")


@bp.get("/<int:system_id>/owner")
@requires(SystemPermission.KEEP)
def owner(system_id: int) -> str:
    who, now, today, found = actor(), clock.now(), clock.today(), _kept(system_id)
    open_ones = queries.current_disturbances(who, now, system_id, ahead=now + LOOKING_BACK)
    return render_template(
        "stewardship/owner.html",
        system=found,
        details=queries.details_of(found),
        tickets=standing.open_tickets(found, who, now),
        kept=standing.kept(found, who, now),
        running=[one for one in open_ones if one.phase(now) is Phase.RUNNING],
        planned=[one for one in open_ones if one.phase(now) is Phase.PLANNED],
        uptime=running_well.history(found, None, who, now).totals,
        coverage=checklist.coverage_of(found, today),
        known=queries.list_known_errors(who, system_id=system_id, state=KnownErrorState.ACTIVE),
        waiting=_waiting(found),
        reviews=reviews.of_system(found),
        queue=_queue,
        today=today,
        now=now,
    )


def _queue(filters: Filters) -> str:
    return url_for("cockpit.queue", **filters.address())


def _waiting(system: System) -> list[deliveries.Waiting]:
    """What waits for the system's supplier, for whoever may follow that one."""
    who = actor()
    own = [one for one in deliveries.suppliers(who) if one.id == system.supplier_id]
    return deliveries.waiting(own[0], who, clock.now(), system_id=system.id) if own else []


@bp.get("/<int:system_id>/review")
@requires(SystemPermission.KEEP)
def review(system_id: int) -> str:
    bell.opened(f"review-{system_id}")
    return _review_page(_kept(system_id))


@bp.post("/<int:system_id>/review")
@requires(SystemPermission.KEEP)
def sign(system_id: int) -> ResponseReturnValue:
    form, found = ReviewForm(), _kept(system_id)
    try:
        errors = attempt(form, lambda: _sign(system_id, form))
    except ConflictError as changed:
        return _review_page(found, form.data, {"seen": web.refusal(changed)}), 409
    if errors:
        return _review_page(_kept(system_id), form.data, errors), 422
    flash(gettext("Gennemgangen er underskrevet. Den næste er om et år."), "success")
    return web.see_other("stewardship.owner", system_id=system_id)


def _sign(system_id: int, form: ReviewForm) -> None:
    commands.sign_review(
        system_id,
        answers=form.answers(),
        note=form.note.data or "",
        seen=form.seen.data or "",
        today=clock.today(),
        by=actor(),
        now=clock.now(),
    )


@bp.get("/reviews/<int:review_id>")
@requires(SystemPermission.KEEP)
def signed(review_id: int) -> str:
    row, system = reviews.get(review_id, actor())
    points = [(Point(key), _in_words(Point(key), values)) for key, values in row.snapshot]
    answers = {Point(key): Answer(value) for key, value in row.answers.items()}
    return render_template(
        "stewardship/signed.html", review=row, system=system, points=points, answers=answers, WRONG=Answer.WRONG
    )


def _kept(system_id: int) -> System:
    return queries.get_system(system_id, actor(), SystemPermission.KEEP)


def _review_page(system: System, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    said = checklist.said_of(system, clock.today(), clock.now())
    return render_template(
        "stewardship/review.html",
        system=system,
        points=[(one.point, _in_words(one.point, one.values)) for one in said],
        seen=reviews.digest(said),
        options=labels.options(Answer),
        may_sign=queries.may(SystemPermission.SIGN, system, actor()),
        typed=typed or {},
        errors=errors or {},
        today=clock.today(),
    )


def _in_words(point: Point, values: Sequence[str]) -> list[str]:
    """What was kept, as it is read."""
    if point is Point.CRITICALITY:
        return [labels.in_words(Criticality(value)) for value in values]
    if point is Point.SUPERBRUGERE and values:
        covered, _slash, using = values[0].partition("/")
        told = gettext("%(covered)s af %(using)s enheder er dækket", covered=covered, using=using)
        lacking = gettext("Mangler: %(units)s", units=", ".join(values[1:]))
        return [told, lacking] if values[1:] else [told]
    if point is Point.UNITS and not values:
        return [gettext("Hele organisationen")]
    return list(values)
