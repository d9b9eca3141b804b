"""Meetings of networks: called, changed, called off, answered, and fetched by calendars."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from servicedesk.config import Settings
from servicedesk.core import clock, markup, web
from servicedesk.core.access import actor, public, requires, signed_in
from servicedesk.core.errors import ConflictError, NotFoundError
from servicedesk.core.labels import options
from servicedesk.core.language import gettext
from servicedesk.organisation.forms import attempt
from servicedesk.superbrugere.networks import calendar_file, commands, queries
from servicedesk.superbrugere.networks.forms import AnswerForm, MeetingForm
from servicedesk.superbrugere.networks.models import Coming, Meeting, Network
from servicedesk.superbrugere.networks.policy import NetworkPermission
from servicedesk.superbrugere.views import bp
from servicedesk.systems import commands as systems
from servicedesk.systems.queries import whose_calendar

#: A token is 43 signs; longer ones are not looked for.
_MOST_SIGNS = 100


@bp.get("/networks/<int:network_id>/meetings/new")
@requires(NetworkPermission.COORDINATE)
def new_meeting(network_id: int) -> str:
    return _form_page(queries.get(network_id, actor(), NetworkPermission.COORDINATE), {}, {})


@bp.post("/networks/<int:network_id>/meetings/new")
@requires(NetworkPermission.COORDINATE)
def add_meeting(network_id: int) -> ResponseReturnValue:
    network, form = queries.get(network_id, actor(), NetworkPermission.COORDINATE), MeetingForm()
    made = list[Meeting]()
    errors = attempt(form, lambda: made.append(_call(network, form)))
    if errors:
        return _form_page(network, request.form, errors), 422
    flash(gettext("Der er indkaldt til mødet. Alle i netværket har fået en invitation."), "success")
    return web.see_other("superbrugere.meeting", meeting_id=made[0].id)


def _call(network: Network, form: MeetingForm) -> Meeting:
    return commands.call_meeting(network.id, form.terms(), by=actor(), now=clock.now())


@bp.get("/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> str:
    who, now = actor(), clock.now()
    one = queries.get_meeting(meeting_id, who)
    told = queries.answers(one)
    return render_template(
        "superbrugere/meeting.html",
        one=one,
        network=one.network,
        agenda=markup.render(one.agenda),
        answers=[(choice, [each.name for each in told if each.answer is choice]) for choice in Coming],
        own=queries.own_answers([one.id], who).get(one.id),
        choices=options(Coming),
        is_to_come=one.cancelled_at is None and one.ends_at > now,
        may_coordinate=queries.may(one.network, who, NetworkPermission.COORDINATE),
    )


@bp.get("/meetings/<int:meeting_id>/edit")
@requires(NetworkPermission.COORDINATE)
def edit_meeting(meeting_id: int) -> str:
    one = queries.get_meeting(meeting_id, actor(), NetworkPermission.COORDINATE)
    return _form_page(one.network, _told(one), {}, one)


@bp.post("/meetings/<int:meeting_id>/edit")
@requires(NetworkPermission.COORDINATE)
def change_meeting(meeting_id: int) -> ResponseReturnValue:
    one, form = queries.get_meeting(meeting_id, actor(), NetworkPermission.COORDINATE), MeetingForm()
    try:
        errors = attempt(form, lambda: _change(meeting_id, form))
    except ConflictError as error:
        one = queries.get_meeting(meeting_id, actor(), NetworkPermission.COORDINATE)
        given = {**request.form.to_dict(), "seen": one.sequence}
        return _form_page(one.network, given, {"title": web.refusal(error)}, one), error.status
    if errors:
        return _form_page(one.network, request.form, errors, one), 422
    flash(gettext("Mødet er ændret, og alle i netværket har fået besked."), "success")
    return web.see_other("superbrugere.meeting", meeting_id=meeting_id)


def _change(meeting_id: int, form: MeetingForm) -> None:
    commands.change_meeting(meeting_id, form.terms(), seen=form.seen.data, by=actor(), now=clock.now())


@bp.post("/meetings/<int:meeting_id>/calling-off")
@requires(NetworkPermission.COORDINATE)
def call_off_meeting(meeting_id: int) -> ResponseReturnValue:
    commands.call_off(meeting_id, by=actor(), now=clock.now())
    flash(gettext("Mødet er aflyst, og alle i netværket har fået besked."), "success")
    return web.see_other("superbrugere.meeting", meeting_id=meeting_id)


@bp.post("/meetings/<int:meeting_id>/answer")
@signed_in
def answer_meeting(meeting_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate():
        queries.get_meeting(meeting_id, actor())
        flash(gettext("Vælg, om du kommer."), "error")
    else:
        commands.answer(meeting_id, Coming(form.coming.data or ""), by=actor(), now=clock.now())
        flash(gettext("Dit svar er gemt."), "success")
    return web.see_other("superbrugere.meeting", meeting_id=meeting_id)


def _form_page(
    network: Network, given: Mapping[str, Any], errors: Mapping[str, str], one: Meeting | None = None
) -> str:
    return render_template("superbrugere/meeting_form.html", network=network, one=one, given=given, errors=errors)


def _told(one: Meeting) -> dict[str, Any]:
    return {
        "title": one.title,
        "place": one.place,
        "agenda": one.agenda,
        "starts": f"{one.starts_at.astimezone(clock.own_zone()):%Y-%m-%dT%H:%M}",
        "ends": f"{one.ends_at.astimezone(clock.own_zone()):%Y-%m-%dT%H:%M}",
        "seen": one.sequence,
    }


# ------------------------------------------------------------------------------------------------ calendars


@bp.get("/meetings/<int:meeting_id>.ics")
@signed_in
def meeting_file(meeting_id: int) -> Response:
    one = queries.get_meeting(meeting_id, actor())
    return _calendar(calendar_file.written([one], one.title, _address_of), f"moede-{one.id}.ics", "attachment")


@bp.post("/networks/calendar")
@signed_in
def make_meetings_link() -> str:
    """The page itself rather than the way to it: the secret is shown once and stands in no address."""
    token = systems.make_calendar_link(by=actor(), now=clock.now())
    return render_template("superbrugere/meetings_link.html", token=token)


@bp.get("/networks/calendar/<token>.ics")
@public
def meetings_calendar(token: str) -> Response:
    """Fetched by a calendar, which cannot sign in: whoever has the secret sees the meetings of its person."""
    if len(token) > _MOST_SIGNS:
        raise NotFoundError
    who = whose_calendar(token, today=clock.today())
    with force_locale(who.locale):
        found = queries.in_calendar(who, clock.now())
        text = calendar_file.written(found, gettext("Superbrugernes møder"), _address_of)
    return _calendar(text, "superbrugere.ics", "inline")


def _address_of(one: Meeting) -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url + url_for("superbrugere.meeting", meeting_id=one.id)


def _calendar(text: str, name: str, how: str) -> Response:
    headers = {"Content-Disposition": f"{how}; filename={name}", "Referrer-Policy": "no-referrer"}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)
