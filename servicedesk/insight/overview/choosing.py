"""What every overview shows besides its figures: what can be chosen, what was, and the others beside it.

Addresses are of the overview that is shown: each has a page called `page` in its blueprint.
"""

from functools import lru_cache
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, labels
from servicedesk.core.actor import Actor
from servicedesk.core.language import gettext
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.queries import Counts
from servicedesk.figures.slices import Slice
from servicedesk.insight.overview import asking
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.reading import Line
from servicedesk.organisation.views.units import unit_choices
from servicedesk.tickets.workflow import Kind, Priority

#: Shares of fewer are told in words: three of four are no 75 %.
FEW = 5


def overviews(place: Place, who: Actor) -> list[tuple[str, str, bool]]:
    """The overviews beside each other, for who may see more than one: (words, address, whether it is this)."""
    if not asking.runs(place.customer.id, who):
        return []
    pages = (
        ("overview", gettext("Løfter og resultater"), url_for("overview.page", **place.address())),
        ("desk", gettext("Drift af servicedesken"), url_for("desk.page", **place.address())),
        ("trying", gettext("Prøv en anden aftale"), url_for("trying.page", customer=place.customer.id)),
    )
    return [(words, address, name == request.blueprint) for name, words, address in pages]


def choices(place: Place) -> dict[str, Any]:
    """For the form and for the links that take away what was chosen."""
    slice_ = place.slice
    chosen = [(place.unit_names[id_], _without(place, "unit", id_)) for id_ in slice_.units]
    chosen += [(place.systems[id_], _without(place, "system", id_)) for id_ in slice_.systems]
    chosen += [(place.teams[id_], _without(place, "team", id_)) for id_ in slice_.teams]
    chosen += [(labels.in_words(one), _without(place, "priority", int(one))) for one in slice_.priorities]
    chosen += [(labels.in_words(one), _without(place, "kind", one.value)) for one in slice_.kinds]
    return {
        "address": place.address(),
        "chosen": chosen,
        "units": unit_choices(sorted(place.units, key=lambda unit: unit.path)),
        "priorities": labels.options(Priority),
        "kinds": labels.options(Kind),
        "months": (asking.as_input(slice_.first), asking.as_input(slice_.last)),
        "periods": [_period(slice_, *one) for one in asking.periods(clock.today())],
    }


def _period(slice_: Slice, name: str, first: int, last: int) -> tuple[str, str, bool]:
    """A link: (words, address, whether it is what is shown)."""
    same = slice_.of_months(first, last)
    return str(_PERIODS[name]), url_for(".page", **same.address()), same == slice_


_PERIODS = {
    "month": _("Denne måned"),
    "last_month": _("Sidste måned"),
    "quarter": _("Dette kvartal"),
    "year": _("I år"),
    "twelve": _("12 måneder"),
    "before": _("12 måneder før"),
}


def _without(place: Place, field: str, value: Any) -> str:
    address = place.address()
    address[field] = [one for one in address[field] if str(one) != str(value)]
    return url_for(".page", **address)


def narrowed(place: Place) -> list[tuple[str, str]]:
    """What was chosen, for a file: (what, to which)."""
    slice_ = place.slice
    named = [
        (gettext("Enhed"), [place.unit_names[id_] for id_ in slice_.units]),
        (gettext("System"), [place.systems[id_] for id_ in slice_.systems]),
        (gettext("Team"), [place.teams[id_] for id_ in slice_.teams]),
        (gettext("Prioritet"), [labels.in_words(one) for one in slice_.priorities]),
        (gettext("Type"), [labels.in_words(one) for one in slice_.kinds]),
    ]
    return [(what, ", ".join(names)) for what, names in named if names]


def opened(line: Line, whole: Slice) -> tuple[Line, Slice | None, str]:
    """A line with its part of the whole, and the page that tells of that alone."""
    part = line.slice_of(whole)
    return line, part, _page(part, request.blueprint) if part else ""


# A table has dozens, and everybody who looks at the same part gets the same ones.
@lru_cache(maxsize=2_000)
def _page(part: Slice, blueprint: str | None) -> str:
    return url_for(f"{blueprint}.page", **part.address())


def share(key: str, counts: Counts) -> str:
    """Of a figure that is one."""
    told = FIGURES[key]
    return part_of(sum(counts[name] for name in told.part), told.among(counts))


def part_of(part: int, whole: int) -> str:
    """In a table: in words where there are too few for a share."""
    if not whole:
        return "–"
    if whole < FEW:
        return gettext("%(part)s af %(whole)s", part=part, whole=whole)
    return gettext("%(share)s %%", share=round(100 * part / whole))
