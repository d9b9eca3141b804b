"""The queue: one table whose address is the view."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from servicedesk.cockpit import commands, queries
from servicedesk.cockpit.policy import may_share_with_all
from servicedesk.cockpit.shape import USUAL_COLUMNS, Column, Grouping
from servicedesk.cockpit.tabs import Opened, open_view
from servicedesk.cockpit.views import bp, chips
from servicedesk.cockpit.views.arranging import tabs
from servicedesk.cockpit.views.preview import previewed
from servicedesk.cockpit.views.rows import Page, came_from, listed, read
from servicedesk.core import looking, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.formats import number
from servicedesk.core.labels import in_words, options
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import is_open
from servicedesk.tickets import choices
from servicedesk.tickets.filters import ME, NOBODY, Filters, Place
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Priority, State, Tier

Choices = chips.Choices

#: Tickets of a view that are taken home as a file: more than people read, less than would keep a process busy for long.
MOST_IN_A_FILE = 20_000


@bp.get("/queue")
@requires(TicketPermission.OVERSEE)
def queue() -> ResponseReturnValue:
    who = actor()
    desk = queries.desk_of(who)
    opened = _without_usual_columns(open_view(request.args, desk, who), desk)
    if moved := _moved(opened, desk):
        return redirect(moved)
    known = choices.offered_to(who)
    offered = choices_of(known)
    opened, gone = _without_gone(opened, offered, who)
    after = Place.read(request.args.get("after"))
    page = read(opened, desk, who, after)
    looking.note_search(request.args.get("q", ""))
    return render_template(
        "cockpit/queue.html",
        may_work=is_open(TicketPermission.WORK, who),
        list=listed(page),
        known=known,
        as_deputy=_as_deputy(opened, page, who),
        opened=opened,
        gone=gone,
        filter_boxes=_filter_boxes(opened.shape.filters, offered),
        chosen=chips.chosen(opened, offered, who),
        tabs=tabs(desk, who, opened.view),
        groupings=options(Grouping),
        offered_columns=_offered_columns(opened, desk),
        teams=[(id_, name) for id_, name in offered["team"] if id_ in who.team_ids],
        shares_with_all=may_share_with_all(who, who.customer_id),
        may_change=_may_change(opened, who),
        most_name=commands.MAX_NAME,
        most_in_a_file=number(MOST_IN_A_FILE),
        address=url_for("cockpit.queue", **opened.address()),
        preview=previewed(who, came_from(opened)),
    )


def _may_change(opened: Opened, who: Actor) -> bool:
    if opened.view is None or opened.view.saved is None or not opened.is_changed:
        return False
    return opened.view.saved.id in queries.changeable(who)


def _as_deputy(opened: Opened, page: Page, who: Actor) -> str | None:
    """Address of the person's own tickets with those of whoever he or she stands in for, unless it is shown already."""
    both = Filters(assignees=(ME, *(str(one.person_id) for one in page.stood_for)))
    if not page.stood_for or opened.shape.filters == both:
        return None
    return url_for("cockpit.queue", **both.address())


# ------------------------------------------------------------------------------------------------------------- columns


def _without_usual_columns(opened: Opened, desk: queries.Desk) -> Opened:
    """The form sends every column that is ticked; the reader's own are no choice for this view."""
    is_own = opened.shape.columns == (desk.columns or USUAL_COLUMNS)
    says_nothing = opened.view is None or not opened.view.shape.columns
    return replace(opened, shape=replace(opened.shape, columns=())) if is_own and says_nothing else opened


def _moved(opened: Opened, desk: queries.Desk) -> str | None:
    """Where to go after a press on one of the arrows beside a column."""
    name, _colon, by = request.args.get("move", "").partition(":")
    if name not in set(Column) or by not in ("-1", "1"):
        return None
    shape = opened.shape.moved(Column(name), int(by), desk.columns or USUAL_COLUMNS)
    return url_for("cockpit.queue", **opened.address(shape), arrange=1)


def _offered_columns(opened: Opened, desk: queries.Desk) -> list[tuple[Column, str, bool]]:
    """(column, name, whether it is shown), in the order in which they stand."""
    shown = opened.shape.columns or desk.columns or USUAL_COLUMNS
    others = [column for column in Column if column not in shown]
    return [(column, in_words(column), column in shown) for column in (*shown, *others)]


# ------------------------------------------------------------------------------------------------------------- filters


def choices_of(known: choices.Offered) -> Choices:
    """What each filter offers."""
    return {
        "state": tuple((state.value, in_words(state)) for state in State),
        "priority": tuple((int(priority), in_words(priority)) for priority in Priority),
        "kind": tuple((kind.value, in_words(kind)) for kind in Kind),
        "tier": tuple((tier.value, in_words(tier)) for tier in Tier),
        "team": ((ME, _("Mine teams")), (NOBODY, _("Intet team")), *known.teams),
        "assignee": ((ME, _("Mig")), (NOBODY, _("Ingen")), *known.colleagues),
        "system": tuple(known.systems),
        "unit": tuple(known.units),
        "show": (
            ("all", _("Vis også afsluttede")),
            ("unanswered", _("Kun ubesvarede")),
            ("soon", _("Forfalder inden for 4 åbningstimer eller er overskredet")),
        ),
    }


def _filter_boxes(filters: Filters, offered: Choices) -> list[Markup]:
    names = {
        "state": _("Tilstand"),
        "priority": _("Prioritet"),
        "kind": _("Slags"),
        "tier": _("Hvem har den"),
        "team": _("Team"),
        "assignee": _("Ansvarlig"),
        "system": _("System"),
        "unit": _("Enhed"),
        "show": _("Mere"),
    }
    address = filters.address()
    return [
        _filter_box(name, names[name], values, tuple(map(str, address.get(name, ()))), web.current_locale())
        for name, values in offered.items()
    ]


# A list of eighty systems takes longer to write than all the tickets, and is the same each time.
@lru_cache(maxsize=500)
def _filter_box(
    name: str, label: str, values: tuple[tuple[Any, str], ...], chosen: tuple[str, ...], _locale: str
) -> Markup:
    box = get_template_attribute("components/filters.html", "filter_choice")
    return Markup(box(name, label, values, chosen))  # noqa: S704  a macro escapes what it is given


def _without_gone(opened: Opened, offered: Choices, who: Actor) -> tuple[Opened, bool]:
    """A view outlives the teams, systems and units that it names: what is gone is left out, and the page says so."""
    if opened.view is None or opened.view.saved is None or opened.is_changed:
        return opened, False
    filters = opened.shape.filters
    kept: dict[str, Any] = {}
    for field, name in (("teams", "team"), ("assignees", "assignee"), ("systems", "system"), ("units", "unit")):
        known = {str(value) for value, _text in offered[name]}
        unknown = [value for value in getattr(filters, field) if str(value) not in known]
        gone = choices.gone(name, unknown, who) if unknown else set()
        if gone:
            kept[field] = tuple(value for value in getattr(filters, field) if str(value) not in gone)
    if not kept:
        return opened, False
    return replace(opened, shape=replace(opened.shape, filters=replace(filters, **kept))), True
