"""The bell: on every page how much there is that is new, on its own page what."""

from datetime import UTC, datetime

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.notifications import bell, commands, events, lists, things, together
from servicedesk.notifications.lists import Place
from servicedesk.notifications.views import bp

bp.add_app_template_global(bell.unread, "unread_notices")
bp.add_app_template_global(events.said, "said")
bp.add_app_template_global(events.said_of_many, "said_of_many")
bp.add_app_template_filter(datetime.fromisoformat, "instant")


@bp.get("/notices")
@signed_in
def notices() -> str:
    now, after = clock.now(), Place.read(request.args.get("after", ""))
    lines, following = lists.bell(actor(), now=now, after=after)
    return render_template(
        "notifications/notices.html",
        lines=lines,
        now=now,
        latest=url_for(".notices") if after else None,
        older=url_for(".notices", after=str(following)) if following else None,
    )


@bp.get("/notices/together-<int:bundle>")
@signed_in
def several(bundle: int) -> str:
    """What happened to several things in one go, as far as the reader knows of them now."""
    lines = lists.together(f"{together.TOGETHER}-{bundle}", actor())
    bell.opened(f"{together.TOGETHER}-{bundle}")
    return render_template("notifications/several.html", lines=lines)


@bp.post("/notices/read")
@signed_in
def read() -> ResponseReturnValue:
    """All that there is about one thing."""
    thread, place = request.form.get("thread", ""), Place.read(request.form.get("after", ""))
    if things.is_thread(thread):
        commands.read(thread, by=actor(), now=clock.now())
    return web.see_other(".notices", after=str(place) if place else None)


@bp.post("/notices/read-all")
@signed_in
def read_all() -> ResponseReturnValue:
    """All that there was when the page was made."""
    now = clock.now()
    commands.read_all(_instant(request.form.get("until", "")) or now, by=actor(), now=now)
    flash(gettext("Alt er markeret som læst."), "success")
    return web.see_other(".notices")


def _instant(text: str) -> datetime | None:
    """Nonsense counts as nothing."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
