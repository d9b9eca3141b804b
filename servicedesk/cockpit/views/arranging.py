"""A person's own arrangement of the queue: the row of tabs with how many there are in each, and the columns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.cockpit import commands, queries
from servicedesk.cockpit.shape import Shape, of_address
from servicedesk.cockpit.tabs import View, find_view, row_of_tabs
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.language import gettext as _
from servicedesk.tickets import soon
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.lists import COUNT_CAP
from servicedesk.tickets.policy import TicketPermission

#: Figures beside tabs may be so old. Each process keeps its own; losing them costs one statement.
COUNTS_LAST = timedelta(seconds=10)
MOST_KEPT = 500

#: What was counted for whom, and when.
COUNTED: dict[tuple[Actor, tuple[Filters, ...]], tuple[datetime, list[int]]] = {}


def tabs(desk: queries.Desk, who: Actor, current: View | None, counts: Mapping[str, int] | None = None) -> list[Any]:
    """The person's row: (name, address, whether it is the present one, how many)."""
    row = row_of_tabs(desk, who)
    if current and all(view.key != current.key for view in row):
        row.append(current)
    shown = [(view, url_for("cockpit.queue", view=view.key)) for view in row]
    is_current = current.key if current else None
    if counts is None:
        return [(view.name, address, view.key == is_current) for view, address in shown]
    return [(view.name, address, view.key == is_current, _short(counts.get(view.key))) for view, address in shown]


def _short(count: int | None) -> str:
    if count is None:
        return ""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


@bp.get("/queue/counts")
@requires(TicketPermission.OVERSEE)
def counts() -> ResponseReturnValue:
    """The row of tabs again, with how many tickets are in each view: asked for when the page is there already."""
    who = actor()
    desk = queries.desk_of(who)
    current = find_view(request.args.get("view", ""), desk)
    row = row_of_tabs(desk, who)
    if current and all(view.key != current.key for view in row):
        row.append(current)
    figures = dict(zip((view.key for view in row), _count(row, who), strict=True))
    return render_template("cockpit/_tabs.html", tabs=tabs(desk, who, current, figures))


def _count(row: list[View], who: Actor) -> list[int]:
    wanted, now = tuple(view.shape.filters for view in row), clock.now()
    at, kept = COUNTED.get((who, wanted), (None, []))
    if at is None or not timedelta(0) <= now - at < COUNTS_LAST:
        kept = queries.count_all([soon.told(filters, who, now) for filters in wanted], who)
        if len(COUNTED) >= MOST_KEPT:
            COUNTED.clear()
        COUNTED[who, wanted] = (now, kept)
    return kept


@bp.post("/queue/tabs")
@requires(TicketPermission.OVERSEE)
def arrange() -> ResponseReturnValue:
    """Puts a view in the row of tabs, takes it out, moves it, or lets the queue open with it."""
    who, form = actor(), request.form
    desk = queries.desk_of(who)
    view = find_view(form.get("key", ""), desk)
    if view is None:
        flash(_("Den visning findes ikke længere."), "error")
    elif form.get("do") in ("first", "not_first"):
        commands.open_with(view.key if form["do"] == "first" else None, by=who)
    else:
        row = [one.key for one in row_of_tabs(desk, who)]
        commands.arrange_tabs(_rearranged(row, view.key, form.get("do", "")), by=who)
    return redirect(web.safe_next(form.get("next")) or url_for("cockpit.views"), 303)


def _rearranged(row: list[str], key: str, do: str) -> list[str]:
    others = [one for one in row if one != key]
    if do == "unpin":
        return others
    if key not in row:
        return [*row, key]
    at = row.index(key) + {"left": -1, "right": 1}.get(do, 0)
    others.insert(max(0, at), key)
    return others


@bp.post("/queue/columns")
@requires(TicketPermission.OVERSEE)
def choose_columns() -> ResponseReturnValue:
    """The columns that are shown become the person's own, in every view that says nothing else."""
    sent = of_address(request.form.get("address", ""))
    shape = Shape.read(sent)
    is_reset = request.form.get("do") == "usual"
    commands.choose_columns(() if is_reset else shape.columns, by=actor())
    flash(_("Du ser igen de almindelige kolonner.") if is_reset else _("Kolonnerne gælder nu alle dine visninger."))
    view = next(iter(sent.getlist("view")), None)
    return redirect(url_for("cockpit.queue", view=view), 303)
