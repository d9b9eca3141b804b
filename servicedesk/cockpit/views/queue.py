"""The queue: one table whose address is the view."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.agreements.book import book_of
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.organisation import absences
from servicedesk.tickets import badges, choices, lists, telling
from servicedesk.tickets.clocks import USERS
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order, Place
from servicedesk.tickets.lists import COUNT_CAP
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Priority, State


@bp.get("/queue")
@requires(TicketPermission.OVERSEE)
def queue() -> ResponseReturnValue:
    who = actor()
    filters = Filters.read(request.args)
    after = Place.read(request.args.get("after"))
    rows, following = lists.queue(filters, who, after=after)
    choices = _choices(who)
    away, stood_for = absences.on_duty([row.assignee_id for row in rows], who.id, web.today())
    return render_template(
        "cockpit/queue.html",
        rows=rows,
        filters=filters,
        default=Filters(),
        total=telling.counted(lists.count(filters, who), COUNT_CAP),
        choices=choices,
        chosen=_chosen(filters, choices),
        views=_views(filters, who, stood_for),
        away=away,
        headings=_headings(filters),
        labels=_labels(),
        badges=_badges(rows),
        came_from=quote_plus(urlencode(filters.address(), doseq=True)),
        first=url_for("cockpit.queue", **filters.address()) if after else None,
        next_page=url_for("cockpit.queue", **filters.address(after=str(following))) if following else None,
    )


def _labels() -> dict[Any, str]:
    """Labels of states and priorities, made once for a whole table."""
    state_label = get_template_attribute("components/state_label.html", "state_label")
    priority_label = get_template_attribute("components/priority_label.html", "priority_label")
    states = {state: state_label(state.value, in_words(state)) for state in State}
    return states | {one: priority_label(one.name.lower(), in_words(one)) for one in Priority}


def _badges(rows: list[lists.Row]) -> dict[int, list[tuple[str, badges.Badge]]]:
    """The badges of each row's clocks."""
    found = lists.clocks_of([row.id for row in rows], USERS)
    books = {id_: book_of(id_) for id_ in {clocks[0].customer_id for clocks in found.values()}}
    now = clock.now()
    return {id_: badges.in_queue(clocks, books, now) for id_, clocks in found.items()}


def _views(filters: Filters, who: Actor, stood_for: list[absences.Away]) -> list[tuple[str, str, bool]]:
    """The views that everybody needs: (name, address, whether it is the present one)."""
    views = [(_("Alle åbne"), Filters()), (_("Snart forfaldne"), Filters(order=Order.DUE))]
    if who.team_ids:
        views.append((_("Mine teams"), Filters(teams=(ME,))))
    views.append((_("Mine"), Filters(assignees=(ME,))))
    if stood_for:
        both = (ME, *(str(one.person_id) for one in stood_for))
        views.append((_("Mine og dem, jeg er stedfortræder for"), Filters(assignees=both)))
    views.append((_("Uden ansvarlig"), Filters(assignees=(NOBODY,))))
    views.append((_("Ubesvarede"), Filters(unanswered=True)))
    views.append((_("Løste, venter på bruger"), Filters(states=(State.RESOLVED,))))
    return [(name, url_for("cockpit.queue", **view.address()), view == filters) for name, view in views]


def _headings(filters: Filters) -> list[Any]:
    """Columns of the table; those that sort lead to the same view in another order."""

    def sorting(text: str, *orders: Order) -> tuple[str, str, str | None]:
        current = filters.order if filters.order in orders else None
        wanted = orders[(orders.index(current) + 1) % len(orders)] if current else orders[0]
        direction = ("desc" if current.value.startswith("-") else "asc") if current else None
        return text, url_for("cockpit.queue", **{**filters.address(), "sort": wanted.value}), direction

    return [
        _("Henvendelse"),
        sorting(_("Prioritet"), Order.PRIORITY),
        sorting(_("Tid"), Order.DUE),
        _("Tilstand"),
        _("Hvem"),
        _("System"),
        _("Hos"),
        sorting(_("Oprettet"), Order.NEWEST, Order.FILED),
        sorting(_("Ændret"), Order.UPDATED, Order.OLDEST_CHANGE),
    ]


def _choices(who: Actor) -> dict[str, list[tuple[Any, str]]]:
    """What each filter offers."""
    return {
        "state": [(state.value, in_words(state)) for state in State],
        "priority": [(int(priority), in_words(priority)) for priority in Priority],
        "kind": [(kind.value, in_words(kind)) for kind in Kind],
        "team": [(ME, _("Mine teams")), (NOBODY, _("Intet team")), *choices.teams_of(who)],
        "assignee": [(ME, _("Mig")), (NOBODY, _("Ingen")), *choices.colleagues_of(who)],
        "system": [*choices.systems_of(who)],
        "unit": [*choices.units_of(who)],
    }


_FIELDS = {
    "states": "state",
    "priorities": "priority",
    "kinds": "kind",
    "teams": "team",
    "assignees": "assignee",
    "systems": "system",
    "units": "unit",
}


def _chosen(filters: Filters, choices: dict[str, list[tuple[Any, str]]]) -> list[tuple[str, str]]:
    """Each chosen value with the address of the view without it."""
    return [
        (text, url_for("cockpit.queue", **filters.without(field, value).address()))
        for field, name in _FIELDS.items()
        for value, text in _named(getattr(filters, field), choices[name])
    ]


def _named(values: Iterable[Any], choices: list[tuple[Any, str]]) -> Iterable[tuple[Any, str]]:
    names = {str(value): text for value, text in choices}
    for value in values:
        key = str(int(value)) if isinstance(value, Priority) else str(getattr(value, "value", value))
        yield value, names.get(key, key)
