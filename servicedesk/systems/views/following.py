"""What people say for themselves about how systems run: me too, follow, and the calendar of what is planned."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from servicedesk.config import Settings
from servicedesk.core import clock, web
from servicedesk.core.access import actor, public, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext
from servicedesk.core.panels import Place, offer
from servicedesk.notifications.mails import own_host
from servicedesk.systems import calendar_file, commands, queries
from servicedesk.systems.models import Disturbance
from servicedesk.systems.views.status import bp

#: More systems in one form is nonsense.
_MOST = 1_000
#: A token is 43 signs; longer ones are not looked for.
_MOST_SIGNS = 100


@bp.post("/<int:disturbance_id>/me-too")
@signed_in
def join(disturbance_id: int) -> ResponseReturnValue:
    commands.join_disturbance(disturbance_id, by=actor(), now=clock.now())
    return _said(disturbance_id, gettext("Du er meldt på og får besked, når der er nyt."))


@bp.post("/<int:disturbance_id>/me-too/undo")
@signed_in
def leave(disturbance_id: int) -> ResponseReturnValue:
    commands.leave_disturbance(disturbance_id, by=actor(), now=clock.now())
    return _said(disturbance_id, gettext("Du er ikke meldt på længere."))


def _said(disturbance_id: int, message: str) -> ResponseReturnValue:
    """The piece of the page that it was said on, or without JavaScript that page."""
    if request.headers.get("HX-Request") == "true":
        row: Disturbance = queries.get_disturbance(disturbance_id, actor())
        return render_template(
            "systems/_me_too_said.html",
            one=row,
            now=clock.now(),
            back=request.form.get("next"),
            is_in_form="in_form" in request.args,
        )
    flash(message, "success")
    back = web.safe_next(request.form.get("next"))
    return redirect(back or url_for("status.show", disturbance_id=disturbance_id), 303)


@bp.post("/systems/<int:system_id>/following")
@signed_in
def follow(system_id: int) -> ResponseReturnValue:
    system = commands.follow_system(system_id, by=actor(), now=clock.now())
    flash(
        gettext("Du følger %(system)s og får besked, når noget er galt eller planlagt.", system=system.name), "success"
    )
    return web.see_other("status.system", system_id=system_id)


@bp.post("/systems/<int:system_id>/following/end")
@signed_in
def unfollow(system_id: int) -> ResponseReturnValue:
    system = commands.unfollow_system(system_id, by=actor(), now=clock.now())
    flash(gettext("Du følger ikke %(system)s længere.", system=system.name), "success")
    return web.see_other("status.system", system_id=system_id)


@bp.get("/following")
@signed_in
def following() -> str:
    return _following_page(None)


@bp.post("/following")
@signed_in
def choose() -> ResponseReturnValue:
    keys = (read_key(text) for text in request.form.getlist("systems")[:_MOST])
    commands.choose_systems({key for key in keys if key is not None}, by=actor(), now=clock.now())
    flash(gettext("Dine valg er gemt."), "success")
    return web.see_other("status.following")


@bp.post("/calendar")
@signed_in
def make_link() -> ResponseReturnValue:
    """The page itself rather than the way to it: the secret is shown once and stands in no address."""
    return _following_page(commands.make_calendar_link(by=actor(), now=clock.now()))


@bp.post("/calendar/end")
@signed_in
def end_link() -> ResponseReturnValue:
    commands.revoke_calendar_link(by=actor(), now=clock.now())
    flash(gettext("Kalenderens adresse virker ikke længere."), "success")
    return web.see_other("status.following")


@bp.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """Fetched by a calendar, which cannot sign in: whoever has the secret sees what its person may hear of."""
    if len(token) > _MOST_SIGNS:
        raise NotFoundError
    settings: Settings = current_app.extensions["settings"]
    who, now = queries.whose_calendar(token, today=clock.today()), clock.now()
    with force_locale(who.locale):
        text = calendar_file.written(
            queries.planned_maintenance(who, now),
            gettext("Driftsstatus, %(organisation)s", organisation=settings.organisation),
            own_host(settings),
            lambda row: settings.base_url + url_for("status.show", disturbance_id=row.id),
        )
    headers = {"Content-Disposition": "inline; filename=driftsstatus.ics", "Referrer-Policy": "no-referrer"}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


def _following_page(token: str | None) -> str:
    who, settings = actor(), current_app.extensions["settings"]
    return render_template(
        "systems/following.html",
        systems=[(one.id, one.name) for one in queries.named_systems(who)],
        followed=queries.followed(who),
        link_made_at=queries.calendar_link_of(who),
        address=settings.base_url + url_for("status.calendar", token=token) if token else None,
    )


def _on_profile(_thing: object, who: Actor) -> str | None:
    return render_template("systems/_following_card.html", number=len(queries.followed(who)))


offer(Place.PROFILE, _on_profile, rank=25)
