"""Views under a name: saved, shared, renamed, copied, deleted and brought back."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from servicedesk.cockpit import commands, queries
from servicedesk.cockpit.commands import ShareWith
from servicedesk.cockpit.models import SavedView
from servicedesk.cockpit.policy import may_share_with_all
from servicedesk.cockpit.shape import of_address
from servicedesk.cockpit.tabs import USUAL, open_view, row_of_tabs
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Role
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.tickets.policy import TicketPermission


def _shown() -> dict[str, list[str]]:
    """What the page showed that the form was sent from."""
    who = actor()
    sent = of_address(request.form.get("address", ""))
    return open_view(sent, queries.desk_of(who), who).shape.stored()


def _here() -> str:
    """The page that the form was sent from."""
    return web.safe_next(request.form.get("address")) or url_for("cockpit.views")


def _done(change: Callable[[], SavedView], told: Callable[[SavedView], str]) -> ResponseReturnValue:
    """To the view after a change, or back with why not."""
    try:
        view = change()
    except NotFoundError:
        raise
    except RefusedError as error:
        web.note_refusal(error)
        flash(web.refusal(error), "error")
        return redirect(_here(), 303)
    flash(told(view), "success")
    return redirect(url_for("cockpit.queue", view=view.id), 303)


@bp.post("/queue/views")
@requires(TicketPermission.OVERSEE)
def save_new() -> ResponseReturnValue:
    """What is shown gets a name, and a place in the row of tabs."""
    form, who, now = request.form, actor(), clock.now()
    row = [view.key for view in row_of_tabs(queries.desk_of(who), who)]

    def change() -> SavedView:
        share = ShareWith(form.get("share", ""))
        view = commands.save_new(form.get("name", ""), _shown(), share=share, by=who, now=now)
        commands.arrange_tabs([*row, str(view.id)], by=who)
        return view

    return _done(change, lambda view: _("Visningen “%(name)s” er gemt.", name=view.name))


@bp.post("/queue/views/<int:view_id>")
@requires(TicketPermission.OVERSEE)
def save(view_id: int) -> ResponseReturnValue:
    """A changed view becomes the view."""
    return _done(
        lambda: commands.save(view_id, _shown(), by=actor(), now=clock.now()),
        lambda view: _("Visningen “%(name)s” er gemt.", name=view.name),
    )


@bp.get("/queue/views")
@requires(TicketPermission.OVERSEE)
def views() -> ResponseReturnValue:
    """All views within reach: what each is called, who uses it, and the person's own row of tabs."""
    who = actor()
    desk = queries.desk_of(who)
    row = row_of_tabs(desk, who)
    pinned = {view.key for view in row}
    return render_template(
        "cockpit/views.html",
        row=row,
        first=desk.first,
        given_first=queries.first_for(queries.Desk(desk.views), who),
        usual=[(key, str(name)) for key, (name, _shape) in USUAL.items() if key not in pinned],
        saved=list(desk.views.values()),
        pinned=pinned,
        changeable=queries.changeable(who),
        owners=queries.names_of(view.owner_id for view in desk.views.values()),
        teams=queries.own_teams(who),
        shares_with_all=may_share_with_all(who, who.customer_id),
        roles=[role for role in Role if role is not Role.ADMINISTRATOR],
        most_name=commands.MAX_NAME,
    )


@bp.post("/queue/views/<int:view_id>/edit")
@requires(TicketPermission.OVERSEE)
def describe(view_id: int) -> ResponseReturnValue:
    form = request.form
    first = form.get("first", "")
    details: dict[str, Any] = {
        "is_first": bool(first),
        "first_role": Role(first) if first in set(Role) else None,
    }

    def change() -> SavedView:
        share = ShareWith(form.get("share", ""))
        return commands.describe(view_id, form.get("name", ""), share, **details, by=actor(), now=clock.now())

    return _done(change, lambda view: _("Visningen “%(name)s” er gemt.", name=view.name))


@bp.post("/queue/views/<int:view_id>/copy")
@requires(TicketPermission.OVERSEE)
def copy(view_id: int) -> ResponseReturnValue:
    who = actor()
    original = queries.get_view(view_id, who)
    name = _("%(name)s (min)", name=original.name)[: commands.MAX_NAME]
    row = [view.key for view in row_of_tabs(queries.desk_of(who), who)]

    def change() -> SavedView:
        view = commands.copy(view_id, name, by=who, now=clock.now())
        commands.arrange_tabs([*row, str(view.id)], by=who)
        return view

    return _done(change, lambda view: _("Du har nu din egen kopi: “%(name)s”.", name=view.name))


@bp.post("/queue/views/<int:view_id>/delete")
@requires(TicketPermission.OVERSEE)
def delete(view_id: int) -> ResponseReturnValue:
    who = actor()
    view = commands.delete(view_id, by=who, now=clock.now())
    told = _("Visningen “%(name)s” er slettet.", name=view.name)
    undo = render_template("cockpit/_undo.html", told=told, view=view) if view.owner_id == who.id else told
    flash(Markup(undo), "success") if view.owner_id == who.id else flash(told, "success")  # noqa: S704  a template
    return web.see_other("cockpit.views")


@bp.post("/queue/views/<int:view_id>/restore")
@requires(TicketPermission.OVERSEE)
def restore(view_id: int) -> ResponseReturnValue:
    return _done(
        lambda: commands.restore(view_id, by=actor(), now=clock.now()),
        lambda view: _("Visningen “%(name)s” er tilbage.", name=view.name),
    )
