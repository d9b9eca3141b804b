"""Answering a survey: by the link of a mail, and signed in."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import web
from servicedesk.core.access import actor, public, signed_in
from servicedesk.core.forms import stripped
from servicedesk.core.keys import read_key
from servicedesk.notifications import bell
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.surveys.commands import answering as commands
from servicedesk.surveys.errors import AnsweredError, LinkUsedError
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.queries.surveys import ToAnswer
from servicedesk.surveys.rules import WORDS_LENGTH
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.guarding import SECRET_ADDRESS, by_link, gone
from servicedesk.surveys.views.showing import shown


@bp.get("/survey/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    try:
        found = by_link(lambda: surveys.of_token(token))
    except LinkUsedError:
        return gone()
    return _by_mail(found, token), SECRET_ADDRESS


@bp.post("/survey/<token>")
@public
def give_answer(token: str) -> ResponseReturnValue:
    try:
        found = by_link(lambda: surveys.of_token(token))
        commands.answer(token, _typed())
    except LinkUsedError:
        return gone()
    except FieldRefusedError as wrong:
        return _by_mail(found, token, {wrong.field: web.refusal(wrong)}), 422, SECRET_ADDRESS
    except AnsweredError as again:
        return _by_mail(surveys.of_token(token), token), again.status, SECRET_ADDRESS
    return web.see_other("surveys.answer", token=token)


@bp.post("/survey/<token>/keep")
@public
def keep_answer(token: str) -> ResponseReturnValue:
    try:
        by_link(lambda: commands.keep(token, _typed()))
    except LinkUsedError:
        return gone()
    return _kept("surveys.answer", token=token)


@bp.get("/surveys/<int:survey_id>/answer")
@signed_in
def own_answer(survey_id: int) -> str:
    found = surveys.of_person(survey_id, actor())
    bell.opened(f"survey-{survey_id}")
    return _signed_in(found)


@bp.post("/surveys/<int:survey_id>/answer")
@signed_in
def give_own_answer(survey_id: int) -> ResponseReturnValue:
    found = surveys.of_person(survey_id, actor())
    try:
        commands.answer_signed_in(survey_id, _typed(), by=actor())
    except FieldRefusedError as wrong:
        return _signed_in(found, {wrong.field: web.refusal(wrong)}), 422
    except AnsweredError as again:
        return _signed_in(surveys.of_person(survey_id, actor())), again.status
    return web.see_other("surveys.own_answer", survey_id=survey_id)


@bp.post("/surveys/<int:survey_id>/keep")
@signed_in
def keep_own_answer(survey_id: int) -> ResponseReturnValue:
    commands.keep_signed_in(survey_id, _typed(), by=actor())
    return _kept("surveys.own_answer", survey_id=survey_id)


def _kept(endpoint: str, **values: Any) -> ResponseReturnValue:
    """The page itself, which keeps while one answers, shows that in its own way."""
    if "X-Keep" in request.headers:
        return "", 204
    flash(gettext("Dine svar er gemt. Du kan gøre dem færdige senere."), "success")
    return web.see_other(endpoint, **values)


def _typed() -> dict[int, list[str]]:
    """By question; fields of other names are none of ours."""
    found: dict[int, list[str]] = {}
    for name, values in request.form.lists():
        key = read_key(name[1:]) if name.startswith("q") else None
        if key is not None:
            found[key] = [stripped(value) for value in values]
    return found


def _by_mail(found: ToAnswer, token: str, errors: dict[str, str] | None = None) -> str:
    doors = (url_for("surveys.give_answer", token=token), url_for("surveys.keep_answer", token=token))
    return _page("layouts/bare.html", found, *doors, errors)


def _signed_in(found: ToAnswer, errors: dict[str, str] | None = None) -> str:
    key = found.survey.id
    doors = (url_for("surveys.give_own_answer", survey_id=key), url_for("surveys.keep_own_answer", survey_id=key))
    return _page("layouts/page.html", found, *doors, errors)


def _page(layout: str, found: ToAnswer, action: str, keep: str, errors: dict[str, str] | None) -> str:
    kept: dict[str, Any] = {f"q{key}": said for key, said in (found.invitation.kept or {}).items()}
    typed = {f"q{key}": values for key, values in _typed().items()} if errors else kept
    return render_template(
        "surveys/answer.html",
        layout=layout,
        survey=found.survey,
        is_answered=found.invitation.is_answered,
        questions=shown(surveys.questions_of(found.survey.id)),
        typed=typed,
        errors=errors or {},
        action=action,
        keep=None if found.survey.is_anonymous else keep,
        least=found.survey.least,
        most=WORDS_LENGTH,
    )
