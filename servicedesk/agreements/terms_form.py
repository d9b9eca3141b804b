"""An agreement's terms as fields of a form: a table of numbers and units, read back with an error by each field."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Goal, Kind, Priority, Promise, Terms, read_length
from servicedesk.agreements.words import warnings_in_words
from servicedesk.core.formats import day
from servicedesk.core.keys import read_key
from sla import Before, Share, WorkingDays
from sla.target import EarlyWarning, Length

#: The tables of the form: what holds for every ticket, and what is different for one kind.
LINES: Mapping[str, Kind | None] = {"all": None, "incident": Kind.INCIDENT, "request": Kind.REQUEST}
UNITS = (
    ("minutes", _("minutter")),
    ("hours", _("timer")),
    ("days", _("arbejdsdage")),
    ("days_end", _("arbejdsdage, inden dagen er omme")),
)
LENGTH_TEXTS = {
    "minutes": "{} minutes",
    "hours": "{} hours",
    "days": "{} working days",
    "days_end": "{} working days, end of day",
}
#: A version may begin this long from now at most.
FURTHEST = timedelta(days=5 * 365)
MAX_DAYS = 366


def promises(kind: AgreementKind) -> tuple[Promise, ...]:
    """What such an agreement can promise: a team or a supplier has a ticket until it is solved."""
    if kind is AgreementKind.SERVICE:
        return (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE)
    return (Promise.RESOLUTION,)


def cell(line: str, priority: Priority, promise: Promise | str) -> str:
    """The name of a field in the table, and the id that an error is tied to."""
    return f"{line}_{int(priority)}_{promise}"


# ------------------------------------------------------------------------------------------------ to fields


def fields_of(terms: Terms) -> dict[str, Any]:
    """What stands in the form's fields for these terms."""
    told: dict[str, Any] = {
        "calendar": str(terms.calendar),
        "systems": [str(one) for one in sorted(terms.systems)],
        "pauses_for_supplier": terms.pauses_for_supplier,
        "on_reopen": terms.on_reopen,
        "on_change": terms.on_change,
        "warnings": warnings_in_words(terms.warnings),
        "auto_close": str(terms.auto_close.days),
        **length_fields("local", terms.local),
    }
    for goal in terms.goals:
        line = goal.kind.value if goal.kind else "all"
        for promise in (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE):
            told |= length_fields(cell(line, goal.priority, promise), goal.length(promise))
        told[cell(line, goal.priority, "calendar")] = "" if goal.calendar is None else str(goal.calendar)
    return told


def length_fields(name: str, length: Length | None) -> dict[str, str]:
    """A length as a number and a unit, in two fields."""
    if length is None:
        return {}
    if isinstance(length, WorkingDays):
        number, unit = length.days, "days_end" if length.end_of_day else "days"
    else:
        minutes = length.amount // timedelta(minutes=1)
        number, unit = (minutes, "minutes") if minutes % 60 else (minutes // 60, "hours")
    return {name: str(number), f"{name}_unit": unit}


def one_by_one(terms: Terms) -> Iterator[Terms]:
    """The same terms with a single promise each, so that an error can be told by the field that it is about."""
    for goal in terms.goals:
        for promise in (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE):
            if length := goal.length(promise):
                alone = Goal(goal.kind, goal.priority, calendar=goal.calendar, **{promise.value: length})
                yield replace(terms, goals=(alone,))


# ------------------------------------------------------------------------------------------------ from fields


class Reader:
    """Reads the fields; `errors` has a sentence for each that cannot be used."""

    def __init__(
        self, given: Mapping[str, Any], kind: AgreementKind, calendars: Collection[Any], systems: Collection[int]
    ) -> None:
        self._given = given
        self._kind = kind
        self._calendars = {str(key): key for key in calendars}
        self._systems = set(systems)
        self.errors: dict[str, str] = {}

    def name(self) -> str:
        name = self._text("name")
        if not name:
            self.errors["name"] = gettext("Skriv aftalens navn.")
        elif len(name) > 120:
            self.errors["name"] = gettext("Navnet må højst have 120 tegn.")
        return name

    def starts_on(self, earliest: date) -> date:
        try:
            on = date.fromisoformat(self._text("starts_on"))
        except ValueError:
            self.errors["starts_on"] = gettext("Skriv den dag, udgaven skal gælde fra.")
            return earliest
        if on < earliest:
            self.errors["starts_on"] = gettext("Udgaven kan tidligst gælde fra %(day)s.", day=day(earliest))
        elif on > earliest + FURTHEST:
            self.errors["starts_on"] = gettext("Vælg en dag inden for de næste fem år.")
        return on

    def terms(self) -> Terms | None:
        """None when any field cannot be used."""
        goals = [goal for line, kind in LINES.items() for goal in self._goals(line, kind)]
        if not goals and not self.errors:
            first = promises(self._kind)[0]
            message = gettext("Aftalen lover ingenting: skriv mindst ét servicemål.")
            self.errors[cell("all", Priority.CRITICAL, first)] = message
        read: dict[str, Any] = {
            "calendar": self._calendar("calendar", is_required=True),
            "goals": tuple(sorted(goals, key=lambda goal: (goal.priority, goal.kind or ""))),
            "systems": frozenset(self._chosen_systems()),
            "pauses_for_supplier": bool(self._given.get("pauses_for_supplier")),
            "on_reopen": self._one_of("on_reopen", ("continue", "restart")),
            "on_change": self._one_of("on_change", ("filing", "change")),
            "warnings": self._warnings(),
            "auto_close": self._auto_close(),
            "local": self._length("local"),
        }
        return None if self.errors else Terms(**read)

    def _text(self, name: str) -> str:
        return str(self._given.get(name) or "").strip()

    def _one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._text(name) or choices[0]
        if value not in choices:
            self.errors[name] = gettext("Vælg en af mulighederne.")
        return value

    def _goals(self, line: str, kind: Kind | None) -> list[Goal]:
        found = []
        for priority in Priority:
            lengths = {promise.value: self._length(cell(line, priority, promise)) for promise in promises(self._kind)}
            calendar = self._calendar(cell(line, priority, "calendar"))
            if any(lengths.values()):
                found.append(Goal(kind, priority, calendar=calendar, **lengths))
        return found

    def _calendar(self, name: str, is_required: bool = False) -> Any:
        value = self._text(name)
        if value not in self._calendars and (value or is_required):
            self.errors[name] = gettext("Vælg en kalender.")
        return self._calendars.get(value)

    def _length(self, name: str) -> Length | None:
        number, unit = self._text(name), self._text(f"{name}_unit")
        if not number:
            return None
        if not re.fullmatch(r"[0-9]{1,5}", number) or int(number) == 0:
            self.errors[name] = gettext("Skriv et helt tal, for eksempel 4.")
        elif unit not in LENGTH_TEXTS:
            self.errors[name] = gettext("Vælg, om det er minutter, timer eller arbejdsdage.")
        else:
            return read_length(LENGTH_TEXTS[unit].format(int(number)))
        return None

    def _chosen_systems(self) -> set[int]:
        chosen = {read_key(str(one)) for one in self._given.get("systems") or ()}
        if not chosen <= self._systems:
            self.errors["systems"] = gettext("Vælg noget fra listen.")
        return {one for one in chosen if one is not None}

    def _warnings(self) -> tuple[EarlyWarning, ...]:
        told = [one.strip() for one in re.split(r"[,;\n]", self._text("warnings")) if one.strip()]
        try:
            found = tuple(dict.fromkeys(map(read_warning_in_words, told)))
        except ValueError:
            self.errors["warnings"] = gettext("Skriv for eksempel “50 %, 80 %, 1 time før”.")
            return ()
        if len(found) > 5:
            self.errors["warnings"] = gettext("Skriv højst fem varsler.")
        return found

    def _auto_close(self) -> WorkingDays:
        number = self._text("auto_close")
        if not re.fullmatch(r"[0-9]{1,3}", number) or not 1 <= int(number) <= MAX_DAYS:
            self.errors["auto_close"] = gettext("Skriv et antal arbejdsdage fra 1 til %(most)s.", most=MAX_DAYS)
            return WorkingDays(1)
        return WorkingDays(int(number))


_SHARE = re.compile(r"([1-9][0-9]?)\s*%")
_BEFORE = re.compile(
    r"(?:(\d{1,3})\s*(?:timer|time|t\.?|hours?|h))?\s*(?:(\d{1,4})\s*(?:minutter|minut|min\.?|m|minutes?))?\s*(?:før|before)",
    re.IGNORECASE,
)


def read_warning_in_words(text: str) -> EarlyWarning:
    """From "80 %" or "1 time 30 min. før"; raises ValueError."""
    if found := _SHARE.fullmatch(text):
        return Share(int(found[1]))
    found = _BEFORE.fullmatch(text)
    amount = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta()
    if not amount:
        raise ValueError(text)
    return Before(amount)
