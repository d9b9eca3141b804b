"""What somebody was offered with a solution: yes, please, or no, thanks."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from servicedesk.competence import commands, offers
from servicedesk.competence.forms import AcceptForm
from servicedesk.competence.offers import Offered
from servicedesk.competence.views import bp
from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import RefusedError
from servicedesk.core.language import gettext
from servicedesk.core.markup import render
from servicedesk.training import queries as training
from servicedesk.training.rules import CourseKind


@bp.get("/competence/offers/<int:offer_id>")
@signed_in
def offer(offer_id: int) -> str:
    return _page(offers.get(offer_id, actor()))


def _page(one: Offered, error: str = "") -> str:
    course = one.course
    is_held = course is not None and course.kind is CourseKind.CLASSROOM
    coming = training.seatings(actor(), clock.now(), course_ids=[course.id]) if course and is_held else []
    return render_template(
        "competence/offer.html",
        one=one,
        offer=one.offer,
        course=course,
        known=one.known,
        sessions=[each for each in coming if each.session.cancelled_at is None],
        description=render(course.description) if course else "",
        workaround=render(one.known.workaround) if one.known else "",
        error=error,
    )


@bp.post("/competence/offers/<int:offer_id>/yes")
@signed_in
def accept(offer_id: int) -> ResponseReturnValue:
    one, form = offers.get(offer_id, actor()), AcceptForm()
    if not form.validate():
        return _page(one, gettext("Vælg et af de hold, der er på listen.")), 422
    try:
        commands.accept(offer_id, session_id=form.session.data, by=actor(), now=clock.now())
    except RefusedError as refusal:
        if refusal.status == 404:
            raise
        return _page(offers.get(offer_id, actor()), web.refusal(refusal)), refusal.status
    if one.course is not None and one.course.kind is CourseKind.ELEARNING and one.course.link:
        return redirect(one.course.link, 303)
    flash(_said_yes(one, form.session.data), "success")
    return web.see_other("competence.offer", offer_id=offer_id)


def _said_yes(one: Offered, session_id: int | None) -> str:
    if one.known is not None:
        return gettext("Godt, at det hjalp.")
    if session_id is not None:
        return gettext("Du er tilmeldt. Se på siden om dine kurser, om du har en plads eller står på venteliste.")
    return gettext("Tak. Vi har noteret, at du gerne vil.")


@bp.post("/competence/offers/<int:offer_id>/no")
@signed_in
def decline(offer_id: int) -> ResponseReturnValue:
    one = offers.get(offer_id, actor())
    commands.decline(offer_id, by=actor(), now=clock.now())
    flash(gettext("Helt i orden. Vi foreslår det ikke igen."), "success")
    return web.see_other("tickets.show", ticket_id=one.offer.ticket_id)
