"""Rating the help: by the link of a mail, and signed in. Looking never counts, as mail scanners look at every link."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, public, signed_in
from servicedesk.notifications import bell
from servicedesk.organisation.forms import attempt
from servicedesk.surveys.commands import rating as commands
from servicedesk.surveys.errors import AnsweredError, LinkUsedError
from servicedesk.surveys.forms import StepForm, WordsForm
from servicedesk.surveys.models import Rating
from servicedesk.surveys.queries import ratings
from servicedesk.surveys.rules import WORDS_LENGTH, Step
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.guarding import SECRET_ADDRESS, by_link, gone

# ------------------------------------------------------------------------------------------------ by a mail


@bp.get("/rating/<token>")
@public
def rate(token: str) -> ResponseReturnValue:
    try:
        found = by_link(lambda: ratings.of_token(token, now=clock.now()))
    except LinkUsedError:
        return gone()
    return _by_mail(found, token), SECRET_ADDRESS


@bp.post("/rating/<token>")
@public
def give_rating(token: str) -> ResponseReturnValue:
    form, now = StepForm(), clock.now()
    try:
        found = by_link(lambda: ratings.of_token(token, now=now))
        errors = attempt(form, lambda: commands.rate(token, form.chosen(), now=now))
    except LinkUsedError:
        return gone()
    except AnsweredError as again:
        return _by_mail(_anew(token), token, refused=web.refusal(again)), again.status, SECRET_ADDRESS
    if errors:
        return _by_mail(found, token, errors=errors), 422, SECRET_ADDRESS
    return web.see_other("surveys.rate", token=token)


@bp.post("/rating/<token>/words")
@public
def add_words(token: str) -> ResponseReturnValue:
    form, now = WordsForm(), clock.now()
    try:
        found = by_link(lambda: ratings.of_token(token, now=now))
        told: dict[str, Any] = {"wants_contact": bool(form.wants_contact.data), "now": now}
        errors = attempt(form, lambda: commands.add_words(token, form.words.data or "", **told))
    except LinkUsedError:
        return gone()
    except AnsweredError as again:
        return _by_mail(_anew(token), token, refused=web.refusal(again)), again.status, SECRET_ADDRESS
    if errors:
        return _by_mail(found, token, errors=errors, typed=form.data), 422, SECRET_ADDRESS
    return web.see_other("surveys.rate", token=token)


def _anew(token: str) -> Rating:
    return ratings.of_token(token, now=clock.now())


def _by_mail(rating: Rating, token: str, **more: Any) -> str:
    doors = (url_for("surveys.give_rating", token=token), url_for("surveys.add_words", token=token))
    return _page("layouts/bare.html", rating, *doors, **more)


# ------------------------------------------------------------------------------------------------ signed in


@bp.get("/tickets/<int:rated_id>/rating")
@signed_in
def own_rating(rated_id: int) -> str:
    found = ratings.of_person(rated_id, actor())
    bell.opened(f"ticket-{rated_id}")
    return _signed_in(found)


@bp.post("/tickets/<int:rated_id>/rating")
@signed_in
def give_own_rating(rated_id: int) -> ResponseReturnValue:
    form, found = StepForm(), ratings.of_person(rated_id, actor())
    try:
        errors = attempt(form, lambda: commands.rate_signed_in(rated_id, form.chosen(), by=actor(), now=clock.now()))
    except (AnsweredError, LinkUsedError) as refused:
        return _signed_in(ratings.of_person(rated_id, actor()), refused=web.refusal(refused)), refused.status
    if errors:
        return _signed_in(found, errors=errors), 422
    return web.see_other("surveys.own_rating", rated_id=rated_id)


@bp.post("/tickets/<int:rated_id>/rating/words")
@signed_in
def add_own_words(rated_id: int) -> ResponseReturnValue:
    form, found = WordsForm(), ratings.of_person(rated_id, actor())
    told: dict[str, Any] = {"wants_contact": bool(form.wants_contact.data), "by": actor(), "now": clock.now()}
    try:
        errors = attempt(form, lambda: commands.add_words_signed_in(rated_id, form.words.data or "", **told))
    except (AnsweredError, LinkUsedError) as refused:
        return _signed_in(ratings.of_person(rated_id, actor()), refused=web.refusal(refused)), refused.status
    if errors:
        return _signed_in(found, errors=errors, typed=form.data), 422
    flash(gettext("Tak. Det er sendt."), "success")
    return web.see_other("surveys.own_rating", rated_id=rated_id)


def _signed_in(rating: Rating, **more: Any) -> str:
    doors = (
        url_for("surveys.give_own_rating", rated_id=rating.ticket_id),
        url_for("surveys.add_own_words", rated_id=rating.ticket_id),
    )
    return _page("layouts/page.html", rating, *doors, **more)


def _page(
    layout: str,
    rating: Rating,
    action: str,
    words_action: str,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None,
    refused: str | None = None,
) -> str:
    return render_template(
        "surveys/rate.html",
        layout=layout,
        rating=rating,
        asked=ratings.asked_of(rating),
        given=Step(rating.step) if rating.step else None,
        answer=ratings.answer_to(rating),
        steps=list(Step),
        # What the mail's link names is where one stands, and nothing more.
        pointed=request.args.get("step", ""),
        action=action,
        words_action=words_action,
        is_open=rating.expires_at > clock.now(),
        most=WORDS_LENGTH,
        errors=errors or {},
        typed=typed or {},
        refused=refused,
    )
