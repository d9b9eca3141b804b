"""docs/figures.md, written from the program's own definitions."""

from collections.abc import Iterator, Mapping
from enum import Enum
from operator import ge
from textwrap import wrap

from flask_babel import force_locale

from servicedesk.figures.catalogue import FIGURES, Figure, Form
from servicedesk.figures.measures import MEASURES, MONTHS, TIMES, Measure
from servicedesk.figures.words import counted

_INTRODUCTION = """\
<!-- Written from servicedesk/figures/ by `make figures`; change it there. -->
# Every figure and how it is reckoned

What a card, a table or a report shows is one of these figures, and *Hvordan regnes tallet?* beside it says what stands
here. A figure is made of measures; behind each measure there is a list of tickets, which is what opens when somebody
asks for it. Figures are defined in `servicedesk/figures/catalogue.py`, measures in `measures.py`, and why they are kept
as sums is told in [a decision](adr/0023-figures.md). That they are right is shown on
[24,918 real incidents](real-incidents.md)."""

_MEASURED = """\
Each measure counts a ticket once, or adds up what a field of it says, in the one month that is named. A month is one on
the wall where the installation is; a ticket that has not come to what the month is about does not count. Fields are
those of `TicketFact` in `servicedesk/figures/models.py`."""

_TIMES = """\
Of these the median and the 90th percentile are told, by the nearest rank, so that each is the time of a ticket. Minutes
are rounded to two digits."""

_FORMS: Mapping[Form, str] = {
    Form.COUNT: "a number",
    Form.SHARE: "a share, in per cent",
    Form.RATE: "so much for each",
    Form.TIME: "median and 90th percentile",
    Form.STAY: "hours for each",
}
_GOOD: Mapping[bool | None, str] = {True: "more is better", False: "less is better", None: "neither good nor bad"}
_MONTHS: Mapping[str, str] = {
    "filed_month": "in which it was filed",
    "resolved_month": "of the solution that stands",
    "reopened_month": "in which it was last reopened",
    "ended_month": "in which it was cancelled or merged",
    "response_month": "in which the verdict on the response fell: answered in time, or due without an answer",
    "resolution_month": "in which the verdict on the solution fell: solved in time, or due without a solution",
}
_LONGEST = 120
assert _MONTHS.keys() == set(MONTHS)


def page() -> str:
    """Needs an application, for its languages."""
    parts = [_INTRODUCTION, *map(_figure, FIGURES.values())]
    parts += ["## What is counted", _MEASURED, "\n".join(_measures())]
    parts += ["## What is timed", _TIMES, "\n".join(_times())]
    return "\n\n".join(parts) + "\n"


def _figure(figure: Figure) -> str:
    names, told = _in_both(figure.name), _in_both(figure.how)
    lines = [f"## {names[0]}", "", f"*{names[1]}*, `{figure.key}`: {_FORMS[figure.form]}; {_GOOD[figure.is_good]}."]
    lines += ["", f"Reckoned as {_reckoned(figure)}.", ""]
    for text in told:
        lines += ["\n".join(f"> {line}" for line in wrap(text, _LONGEST - 2)), ""]
    return "\n".join(lines).rstrip()


def _reckoned(figure: Figure) -> str:
    if figure.form is Form.TIME:
        return f"the time `{figure.key}`, in the month {_MONTHS[TIMES[figure.key].month]}"
    part = _added(figure.part)
    whole = f" ÷ {_added(figure.whole)}" if figure.whole else ""
    months = dict.fromkeys(_MONTHS[MEASURES[name].month] for name in (*figure.part, *figure.whole))
    return f"{part}{whole}, in the month {' and the month '.join(months)}"


def _added(names: tuple[str, ...]) -> str:
    added = " + ".join(f"`{name}`" for name in names)
    return f"({added})" if len(names) > 1 else added


def _in_both(text: object) -> tuple[str, str]:
    """In Danish and in English."""
    told = []
    for language in ("da", "en"):
        with force_locale(language):
            told.append(str(text))
    return told[0], told[1]


def _measures() -> Iterator[str]:
    yield "| measure | Danish | English | counts | in the month |"
    yield "| --- | --- | --- | --- | --- |"
    for name, measure in MEASURES.items():
        yield f"| `{name}` | {' | '.join(_words(name))} | {_counts(measure)} | {_MONTHS[measure.month]} |"


def _words(measure: str) -> Iterator[str]:
    for language in ("da", "en"):
        with force_locale(language):
            yield counted(measure)


def _counts(measure: Measure) -> str:
    if measure.amount is not None:
        return f"adds up `{measure.amount}`"
    if measure.test is None:
        return "each"
    value = measure.test.value
    told = value.value if isinstance(value, Enum) else str(value).lower()
    return f"each with `{measure.test.field}` {'≥' if measure.test.holds is ge else '='} {told}"


def _times() -> Iterator[str]:
    yield "| time | minutes | in the month |"
    yield "| --- | --- | --- |"
    for name, timed in TIMES.items():
        yield f"| `{name}` | `{timed.minutes}` | {_MONTHS[timed.month]} |"
