"""Why a clock shows what it shows, in sentences."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from servicedesk.agreements.words import amount_in_words, length_in_words
from servicedesk.core.formats import here, on_weekday, wall_time, when
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.tickets import events
from servicedesk.tickets.badges import MINUTE, Badge, Face, badge
from servicedesk.tickets.explaining import Explained, Stretch
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import State
from sla import Reading, Why, WorkingDays

DAY = timedelta(days=1)
#: The clocks that a solution stops, and a reopening sets going again.
SOLVED = ("resolution", "local")


class Piece(NamedTuple):
    """A line of the table: a stretch in words."""

    start: str
    end: str
    mark: str
    why: str
    open: str
    total: str


class Day(NamedTuple):
    """The stretches that began on a day."""

    name: str
    pieces: list[Piece]


class Story(NamedTuple):
    """A clock on the page that explains it."""

    name: str
    badge: Badge | None
    sentences: list[str]
    days: list[Day]
    earlier: list[str]
    recorded: list[str]


def story(explained: Explained, filed_at: datetime, entries: list[Any], now: datetime) -> Story:
    return Story(
        name=events.clock_name(explained.name),
        badge=badge(Face.of_reading(explained.name, explained.reading, now), now),
        sentences=sentences(explained, filed_at),
        days=_days(explained.stretches),
        earlier=_earlier(explained.reading),
        recorded=_recorded(explained.name, entries),
    )


def sentences(explained: Explained, filed_at: datetime) -> list[str]:
    """How the due time comes about, each step a sentence."""
    reading, told = explained.reading, []
    if reading.started_at is None:
        return [_("Uret er ikke begyndt.")]
    is_filing = abs(reading.started_at - filed_at) < MINUTE
    at = on_weekday(reading.started_at)
    told.append(_("Oprettet %(at)s.", at=at) if is_filing else _("Uret begyndte %(at)s.", at=at))
    length = length_in_words(reading.target.length)
    if explained.hours:
        told.append(_("Målet er %(length)s i åbningstiden “%(hours)s”.", length=length, hours=explained.hours))
    else:
        told.append(_("Målet er %(length)s.", length=length))
    calendar = reading.target.calendar
    if not calendar.is_open(reading.started_at):
        opens = on_weekday(calendar.next_opening(reading.started_at))
        told.append(_("Det var uden for åbningstiden, så der tælles fra %(at)s.", at=opens))
    told += _about_days(reading)
    told += _about_pauses(explained)
    if reading.stopped and explained.name in SOLVED:
        amount = wall_amount(reading.stopped)
        told.append(_("Den var løst i %(amount)s, før den blev genåbnet. Det tæller ikke med.", amount=amount))
    told.append(_verdict(reading))
    return told


def _about_days(reading: Reading) -> list[str]:
    length = reading.target.length
    if not isinstance(length, WorkingDays):
        return []
    if length.end_of_day:
        return [_("Arbejdsdage tælles som dage, ikke som timer: fristen er ved lukketid på den sidste af dem.")]
    return [_("Arbejdsdage tælles som dage, ikke som timer: fristen er på samme klokkeslæt den sidste af dem.")]


def _about_pauses(explained: Explained) -> list[str]:
    if explained.reading.paused:
        amount = amount_in_words(explained.reading.paused)
        return [_("Den har været på hold i %(amount)s af åbningstiden. Det tæller ikke med.", amount=amount)]
    if any(one.why is Why.PAUSED for one in explained.stretches):
        return [_("Den har kun været på hold uden for åbningstiden. Det flytter ingenting.")]
    return []


def _verdict(reading: Reading) -> str:
    due = on_weekday(reading.due_at)
    match reading.outcome:
        case "met":
            return _("Det var nået %(at)s. Fristen var %(due)s.", at=on_weekday(reading.ended_at), due=due)
        case "breached":
            return _("Det var først nået %(at)s. Fristen var %(due)s.", at=on_weekday(reading.ended_at), due=due)
        case None if reading.is_paused:
            return _("Uret står stille nu, så der er ingen frist, før arbejdet går videre.")
        case None if reading.phase == "breached":
            return _("Fristen var %(due)s, og den er overskredet.", due=due)
        case None:
            return _("Derfor er fristen %(due)s.", due=due)
        case _:
            return _("Uret blev stoppet %(at)s uden at blive bedømt.", at=on_weekday(reading.ended_at))


# ------------------------------------------------------------------------------------------ stretches


def _days(stretches: tuple[Stretch, ...]) -> list[Day]:
    days: list[Day] = []
    for one in _joined(stretches):
        local = here(one.start)
        name = on_weekday(local.replace(hour=0, minute=0)).rsplit(" ", 1)[0]
        if not days or days[-1].name != name:
            days.append(Day(name, []))
        days[-1].pieces.append(_piece(one))
    return days


def _joined(stretches: tuple[Stretch, ...]) -> list[Stretch]:
    """Whoever has the ticket, open is open and closed is closed: those that adjoin are one."""
    joined: list[Stretch] = []
    for one in stretches:
        before = joined[-1] if joined else None
        if before and one.why in (Why.OPEN, Why.CLOSED) and _likeness(before) == _likeness(one):
            closed = tuple(dict.fromkeys((*before.closed_days, *one.closed_days)))
            joined[-1] = one._replace(
                start=before.start,
                open=before.open + one.open,
                closed_days=closed,
                is_weekend=before.is_weekend or one.is_weekend,
            )
        else:
            joined.append(one)
    return joined


def _likeness(one: Stretch) -> tuple[Why, bool]:
    return one.why, one.is_after_due and one.counted


def _piece(one: Stretch) -> Piece:
    is_same_day = here(one.start).date() == here(one.end).date()
    return Piece(
        start=wall_time(one.start),
        end=wall_time(one.end) if is_same_day else on_weekday(one.end),
        mark="counted" if one.counted else one.why.value,
        why=reason(one),
        open=amount_in_words(one.open) if one.counted else "–",
        total=amount_in_words(one.total),
    )


def reason(one: Stretch) -> str:
    """Why a stretch counted or did not."""
    match one.why:
        case Why.OPEN:
            return _("Åbningstid, efter fristen") if one.is_after_due else _("Åbningstid")
        case Why.CLOSED:
            return _closed(one)
        case Why.PAUSED if one.state == "elsewhere":
            return _("Lå et andet sted")
        case Why.PAUSED if not one.open:
            return _("På hold uden for åbningstiden: %(state)s. Det flytter ingenting.", state=_state(one.state))
        case Why.PAUSED:
            return _("På hold: %(state)s", state=_state(one.state))
        case _:
            return _state(one.state)


def _closed(one: Stretch) -> str:
    names = ", ".join(one.closed_days)
    if one.closed_days and one.is_weekend:
        return _("Lukket: %(days)s og weekend", days=names)
    if one.closed_days:
        return _("Lukket: %(days)s", days=names)
    if one.is_weekend:
        return _("Lukket (weekend)")
    return _("Lukket (nat)") if here(one.start).date() != here(one.end).date() else _("Lukket")


def _state(state: str | None) -> str:
    known = {one.value for one in State}
    if state in known:
        return in_words(State(state))
    return {"answered": _("Besvaret"), "merged": _("Lagt sammen"), "quiet": _("Venter ikke på svar")}.get(
        state or "", _("Uret kørte ikke")
    )


# ------------------------------------------------------------------------------------------ what was before


def _earlier(reading: Reading) -> list[str]:
    """Periods before the present one: before a restart, or a change that counts from itself."""
    return [
        _(
            "Fra %(start)s til %(end)s: %(amount)s brugt, %(outcome)s.",
            start=when(one.started_at),
            end=when(one.ended_at),
            amount=amount_in_words(one.elapsed),
            outcome={"met": _("nået"), "breached": _("overskredet")}.get(one.outcome or "", _("ikke bedømt")),
        )
        for one in reading.periods[:-1]
    ]


def _recorded(name: str, entries: list[Any]) -> list[str]:
    """What was written down at the time. A later change of the target does not take it away."""
    lines = []
    for entry in entries:
        if entry.kind in (EntryKind.WARNED, EntryKind.BREACHED) and entry.data["clock"] == name:
            tell = events.breached if entry.kind is EntryKind.BREACHED else events.warned
            at = datetime.fromisoformat(entry.data["at"])
            lines.append(_("%(told)s (%(at)s)", told=tell(entry.data), at=when(at)))
    return lines


def wall_amount(amount: timedelta) -> str:
    """Time on the wall: "1 døgn 22 timer"."""
    days, rest = divmod(amount, DAY)
    if not days:
        return amount_in_words(rest)
    return (
        _("%(days)s døgn %(rest)s", days=days, rest=amount_in_words(rest))
        if rest >= MINUTE
        else _("%(days)s døgn", days=days)
    )
