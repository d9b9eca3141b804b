"""Guidelines for safe use of IT: read, signed, and published in new versions."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, markup, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.errors import ConflictError, NotFoundError
from servicedesk.core.language import gettext as _
from servicedesk.organisation.forms import attempt
from servicedesk.training import commands, queries
from servicedesk.training.forms import SignForm, TextForm
from servicedesk.training.models import Course
from servicedesk.training.policy import CoursePermission
from servicedesk.training.rules import CourseKind, Source
from servicedesk.training.views import bp


@bp.get("/training/guidelines/<int:signed_id>")
@signed_in
def guideline(signed_id: int) -> str:
    return _page(_get(signed_id), {})


@bp.post("/training/guidelines/<int:signed_id>/signature")
@signed_in
def sign_guideline(signed_id: int) -> ResponseReturnValue:
    one, form = _get(signed_id), SignForm()
    try:
        errors = attempt(form, lambda: _sign(signed_id, form))
    except ConflictError as error:
        return _page(one, {"has_read": web.refusal(error)}), error.status
    if errors:
        return _page(one, errors), 422
    flash(_("Tak. Din underskrift er gemt."), "success")
    return web.see_other("training.mine")


def _sign(course_id: int, form: SignForm) -> None:
    version = form.version.data or 0
    commands.sign(course_id, version=version, today=clock.today(), by=actor(), now=clock.now())


@bp.get("/training/guidelines/<int:signed_id>/versions/new")
@requires(CoursePermission.MANAGE)
def new_text(signed_id: int) -> str:
    one = _get(signed_id, CoursePermission.MANAGE)
    text = queries.get_text(one)
    return _form_page(one, {"body": text.body if text else "", "seen": one.version}, {})


@bp.post("/training/guidelines/<int:signed_id>/versions/new")
@requires(CoursePermission.MANAGE)
def publish_text(signed_id: int) -> ResponseReturnValue:
    one, form = _get(signed_id, CoursePermission.MANAGE), TextForm()
    try:
        errors = attempt(form, lambda: _publish(signed_id, form))
    except ConflictError as error:
        return _form_page(one, {**form.data, "seen": one.version}, {"body": web.refusal(error)}), error.status
    if errors:
        return _form_page(one, form.data, errors), 422
    flash(_("Den nye version er udgivet. Alle, der skal skrive under, bliver spurgt igen."), "success")
    return web.see_other("training.guideline", signed_id=signed_id)


def _publish(course_id: int, form: TextForm) -> None:
    said = {"body": form.body.data or "", "news": form.news.data or ""}
    commands.publish(course_id, **said, seen=form.seen.data, by=actor(), now=clock.now())


def _get(course_id: int, permission: CoursePermission = CoursePermission.READ) -> Course:
    one = queries.get_course(course_id, actor(), permission)
    if one.kind is not CourseKind.GUIDELINE:
        raise NotFoundError
    return one


def _page(one: Course, errors: Mapping[str, str]) -> str:
    who = actor()
    records = queries.of_person(who.id, who) if who.id is not None else []
    signed = [each for each in records if each.course_id == one.id and each.source is Source.SIGNATURE]
    texts = queries.texts(one)
    return render_template(
        "training/guideline.html",
        one=one,
        texts=[(text, markup.render(text.body)) for text in texts],
        signed={each.version: each for each in signed},
        may_manage=queries.may_manage(one, who),
        errors=errors,
    )


def _form_page(one: Course, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template("training/guideline_form.html", one=one, given=given, errors=errors, action=request.path)
