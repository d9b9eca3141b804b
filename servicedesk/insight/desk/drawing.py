"""The desk's charts: when tickets come, what the week to come brings, and where time goes."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flask import url_for

from servicedesk.core.charts import (
    Bar,
    BarList,
    Chart,
    DrawnBars,
    DrawnChart,
    DrawnHeat,
    HeatMap,
    Kind,
    Label,
    Point,
    Series,
    Step,
    Unit,
    drawn,
    drawn_bars,
    drawn_heat,
)
from servicedesk.core.formats import day, month, short_month, weekday, weekdays
from servicedesk.core.language import gettext as _
from servicedesk.figures import load as behind_hours
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.rules import first_day, months
from servicedesk.figures.slices import Slice
from servicedesk.insight.desk.expecting import HOURS, WEEKDAYS
from servicedesk.insight.desk.reading import Load, Repeat
from servicedesk.insight.overview.cards import Counted, link, put

#: The hours that are always shown; others only where something came.
USUAL_HOURS = (7, 16)
#: In the order in which a ticket goes through them.
STAYED = ("stayed_new", "stayed_open", "stayed_user", "stayed_supplier")


def came(load: Load, slice_: Slice) -> DrawnHeat:
    """By weekday and hour; each opens what came then."""
    counted = load.by_slot
    # Seventy lists that differ in the hour alone.
    whole = _list(slice_, load.first, load.last)

    def point(slot: int) -> Point:
        number = counted.get(slot, 0)
        return Point(number, href=f"{whole}&mark={behind_hours.mark(slot)}" if number else None)

    title = _("Hvornår kommer henvendelserne? %(first)s til %(last)s", first=day(load.first), last=day(load.last))
    return _heat("came", title, counted, point)


def expected(load: Load) -> DrawnHeat:
    """By weekday and hour: a usual week."""
    told = load.expected.by_slot
    return _heat("expected", _("Ventet i en almindelig uge, time for time"), told, lambda slot: Point(told.get(slot)))


def _heat(key: str, title: str, counted: Mapping[int, int], point: Callable[[int], Point]) -> DrawnHeat:
    hours = _hours(counted)
    columns = [Label(str(hour), _("kl. %(first)s-%(last)s", first=hour, last=hour + 1)) for hour in hours]
    return drawn_heat(
        HeatMap(
            key=key,
            title=title,
            columns=columns,
            rows=[Label(name.capitalize(), name) for name in weekdays()],
            cells=[[point(on * HOURS + hour) for hour in hours] for on in WEEKDAYS],
            heading=_("Ugedag"),
        )
    )


def _hours(counted: Mapping[int, int]) -> range:
    busy = [slot % HOURS for slot, number in counted.items() if number]
    first, last = USUAL_HOURS
    return range(min([first, *busy]), max([last, *busy]) + 1)


def next_week(load: Load, slice_: Slice) -> DrawnChart:
    """What is expected of each day, beside what came on it last week."""
    monday = load.expected.last + timedelta(days=8)
    days = [monday + timedelta(days=one) for one in WEEKDAYS]
    before = [on - timedelta(days=14) for on in days]
    return drawn(
        Chart(
            key="next-week",
            title=_("Næste uge: %(first)s til %(last)s", first=day(days[0]), last=day(days[-1])),
            labels=[Label(name[:3].lower(), weekday(on)) for name, on in zip(weekdays(), days, strict=True)],
            series=[
                Series(_("Ventet"), [_expected(load, on) for on in days]),
                Series(_("Kom i sidste uge"), [_came_on(load, slice_, on) for on in before]),
            ],
            kind=Kind.COLUMNS,
            step=Step.DAY,
            heading=_("Dag"),
        )
    )


def _expected(load: Load, on: date) -> Point:
    if on in load.special:
        return Point(None, note=load.special[on])
    number = load.expected.by_day.get(on.weekday())
    return Point(number, note="" if number is not None else _("for få uger at dømme efter"))


def _came_on(load: Load, slice_: Slice, on: date) -> Point:
    number = sum(count for (of, _slot), count in load.last_week.items() if of == on)
    return Point(number, href=_list(slice_, on, on) if number else None)


def _list(slice_: Slice, first: date, last: date) -> str:
    return url_for("cockpit.queue", **behind_hours.behind(slice_, first, last).address())


def stayed(counted: Counted) -> DrawnChart:
    """Where time went, on average, of what was solved in each month; a column opens those."""
    every = list(months(counted.slice.first, counted.slice.last))
    return drawn(
        Chart(
            key="stayed",
            title=_("Hvor går tiden? Timer pr. løst henvendelse, døgnet rundt"),
            labels=[_month(counted, one) for one in every],
            series=[Series(str(FIGURES[key].name), [_mean(key, counted, one) for one in every]) for key in STAYED],
            kind=Kind.STACKED,
            unit=Unit.HOURS,
            heading=_("Måned"),
        )
    )


def _month(counted: Counted, one: int) -> Label:
    on = first_day(one)
    href = link(counted.slice.of_months(one, one), "resolved") if counted.of_month(one)["resolved"] else None
    return Label(short_month(on), month(on), href=href)


def _mean(key: str, counted: Counted, one: int) -> Point:
    return Point(put(FIGURES[key], FIGURES[key].of(counted.of_month(one))))


def repeats(found: list[tuple[Repeat, str, str]]) -> DrawnBars:
    """Candidates for a problem: (what, in words, address of the list)."""
    return drawn_bars(
        BarList(
            key="repeats",
            title=_("Det samme igen og igen"),
            bars=[
                Bar(words, Point(one.number, n=one.among, href=address), before=one.before)
                for one, words, address in found
            ],
            heading=_("Hvor og hvorfor"),
            heading_value=_("Løste fejl"),
            heading_n=_("Af alle løste fejl her"),
            heading_before=_("Perioden før"),
        )
    )
