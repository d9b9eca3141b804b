"""A session: where and when, signing up and off, and noting who came."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.config import Settings
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.errors import ConflictError
from servicedesk.core.language import gettext as _
from servicedesk.organisation import choosing
from servicedesk.organisation.forms import attempt
from servicedesk.superbrugere.networks import calendar_file
from servicedesk.training import commands, invitations, queries
from servicedesk.training.commands.signing_up import BEFORE_START
from servicedesk.training.forms import AttendanceForm, PersonForm, SessionForm
from servicedesk.training.models import Course, Session
from servicedesk.training.policy import CoursePermission, LearnerPermission, SessionPermission
from servicedesk.training.rules import SignUpState
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import person_id_of

_MANAGE = SessionPermission.MANAGE
#: Suggestions that fit on a screen.
SHOWN = 8


@bp.get("/training/sessions/<int:session_id>")
@signed_in
def session(session_id: int) -> str:
    return _page(queries.get_session(session_id, actor()), {}, {})


def _page(one: Session, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    who, now = actor(), clock.now()
    may_hold = queries.may_hold(one, who)
    own = queries.own_sign_ups([one.id], who).get(one.id)
    return render_template(
        "training/session.html",
        one=one,
        seating=queries.seating_of(one, who),
        own=own,
        place_in_line=queries.in_line(one, who) if own is SignUpState.WAITING else 0,
        may_hold=may_hold,
        may_manage=queries.may_manage_session(one, who),
        is_own_customers=who.customer_id == one.customer_id,
        people=queries.participants(one) if may_hold else [],
        is_to_come=one.starts_at > now and one.cancelled_at is None,
        can_note=one.starts_at - BEFORE_START <= now and one.cancelled_at is None,
        is_over=one.ends_at <= now,
        given=given,
        errors=errors,
    )


@bp.post("/training/sessions/<int:session_id>/sign-up")
@signed_in
def sign_up(session_id: int) -> ResponseReturnValue:
    own = commands.sign_up(session_id, by=actor(), now=clock.now())
    if own.state is SignUpState.WAITING:
        flash(_("Kurset er fuldt. Du står på ventelisten og får besked, hvis der bliver en plads."), "info")
    else:
        flash(_("Du er tilmeldt. Invitationen er på vej med mail."), "success")
    return web.see_other("training.session", session_id=session_id)


@bp.post("/training/sessions/<int:session_id>/sign-off")
@signed_in
def sign_off(session_id: int) -> ResponseReturnValue:
    commands.sign_off(session_id, by=actor(), now=clock.now())
    flash(_("Du er meldt fra, og pladsen er givet videre."), "success")
    return web.see_other("training.session", session_id=session_id)


@bp.post("/training/sessions/<int:session_id>/participants")
@signed_in
def add_participant(session_id: int) -> ResponseReturnValue:
    queries.get_session(session_id, actor(), SessionPermission.HOLD)
    form = PersonForm()
    errors = attempt(form, lambda: _add(session_id, form))
    if errors:
        return _page(queries.get_session(session_id, actor()), request.form, errors), 422
    flash(_("Deltageren er tilføjet."), "success")
    return web.see_other("training.session", session_id=session_id)


def _add(session_id: int, form: PersonForm) -> None:
    who = actor()
    typed = (form.person.data or "").strip()
    key = form.person_id.data or _colleague(typed, session_id)
    commands.add_participant(session_id, key or 0, by=who, now=clock.now())


def _colleague(typed: str, session_id: int) -> int | None:
    """By initials or the whole name: whoever holds a course need not have anybody else in reach."""
    one = queries.colleague_named(typed, queries.get_session(session_id, actor(), SessionPermission.HOLD))
    return one.id if one else None


@bp.post("/training/sessions/<int:session_id>/attendance")
@signed_in
def take_attendance(session_id: int) -> ResponseReturnValue:
    one, form = queries.get_session(session_id, actor(), SessionPermission.HOLD), AttendanceForm()
    present = list[int]()
    errors = attempt(form, lambda: present.append(_note(session_id, form)))
    if errors:
        return _page(one, request.form, errors), 422
    flash(_("Fremmødet er gemt: %(num)s mødte, og de har nu kursusbevis.", num=present[0]), "success")
    return web.see_other("training.session", session_id=session_id)


def _note(session_id: int, form: AttendanceForm) -> int:
    return commands.take_attendance(session_id, form.present.data or (), by=actor(), now=clock.now())


@bp.get("/training/sessions/<int:session_id>.ics")
@signed_in
def session_file(session_id: int) -> Response:
    one = queries.get_session(session_id, actor())
    settings: Settings = current_app.extensions["settings"]
    address = settings.base_url + url_for("training.session", session_id=one.id)
    own = queries.sign_up_of(one, actor())
    text = calendar_file.written([invitations.occasion(one, own)], one.course.name, lambda _one: address)
    headers = {"Content-Disposition": f"attachment; filename=kursus-{one.id}.ics"}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


# ------------------------------------------------------------------------------------------------ planning


@bp.get("/training/people/suggestions")
@requires(LearnerPermission.KEEP)
def suggestions() -> str:
    """Options of a list, for the fields that name a person: names, and nothing of what anybody has learnt."""
    found = choosing.choose(web.text_in_address("q", 100), actor(), LearnerPermission.KEEP, limit=SHOWN)
    return render_template("organisation/_people_options.html", people=found)


@bp.get("/training/courses/<int:course_id>/sessions/new")
@requires(CoursePermission.MANAGE)
def new_session(course_id: int) -> str:
    return _form_page(queries.get_course(course_id, actor(), CoursePermission.MANAGE), {"seats": 12}, {})


@bp.post("/training/courses/<int:course_id>/sessions/new")
@requires(CoursePermission.MANAGE)
def plan_session(course_id: int) -> ResponseReturnValue:
    course, form = queries.get_course(course_id, actor(), CoursePermission.MANAGE), SessionForm()
    made = list[Session]()
    errors = attempt(form, lambda: made.append(_plan(course_id, form)))
    if errors:
        return _form_page(course, request.form, errors), 422
    flash(_("Kurset er sat på kalenderen, og folk kan melde sig til."), "success")
    return web.see_other("training.session", session_id=made[0].id)


def _plan(course_id: int, form: SessionForm) -> Session:
    return commands.plan_session(course_id, form.terms(_instructor(form)), by=actor(), now=clock.now())


@bp.get("/training/sessions/<int:session_id>/edit")
@requires(_MANAGE)
def edit_session(session_id: int) -> str:
    one = queries.get_session(session_id, actor(), _MANAGE)
    return _form_page(one.course, _told(one), {}, one)


@bp.post("/training/sessions/<int:session_id>/edit")
@requires(_MANAGE)
def change_session(session_id: int) -> ResponseReturnValue:
    one, form = queries.get_session(session_id, actor(), _MANAGE), SessionForm()
    try:
        errors = attempt(form, lambda: _change(session_id, form))
    except ConflictError as error:
        one = queries.get_session(session_id, actor(), _MANAGE)
        given = {**request.form.to_dict(), "seen": one.sequence}
        return _form_page(one.course, given, {"starts": web.refusal(error)}, one), error.status
    if errors:
        return _form_page(one.course, request.form, errors, one), 422
    flash(_("Ændringen er gemt, og de tilmeldte har fået besked."), "success")
    return web.see_other("training.session", session_id=session_id)


def _change(session_id: int, form: SessionForm) -> None:
    terms = form.terms(_instructor(form))
    commands.change_session(session_id, terms, seen=form.seen.data, by=actor(), now=clock.now())


@bp.post("/training/sessions/<int:session_id>/cancellation")
@requires(_MANAGE)
def cancel_session(session_id: int) -> ResponseReturnValue:
    commands.cancel_session(session_id, by=actor(), now=clock.now())
    flash(_("Kurset er aflyst, og de tilmeldte har fået besked."), "success")
    return web.see_other("training.session", session_id=session_id)


def _instructor(form: SessionForm) -> int | None:
    given = form.instructor_id.data, form.instructor.data
    return person_id_of(*given, actor(), "instructor", LearnerPermission.KEEP)


def _told(one: Session) -> dict[str, Any]:
    return {
        "starts": f"{one.starts_at.astimezone(clock.own_zone()):%Y-%m-%dT%H:%M}",
        "ends": f"{one.ends_at.astimezone(clock.own_zone()):%Y-%m-%dT%H:%M}",
        "seats": one.seats,
        "place": one.place,
        "instructor_id": one.instructor_id,
        "instructor": one.instructor.name if one.instructor else "",
        "seen": one.sequence,
    }


def _form_page(course: Course, given: Mapping[str, Any], errors: Mapping[str, str], one: Session | None = None) -> str:
    return render_template(
        "training/session_form.html", course=course, one=one, given=given, errors=errors, action=request.path
    )
