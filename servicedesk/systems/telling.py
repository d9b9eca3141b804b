"""Times of disturbances and of maintenance windows in the reader's words."""

from datetime import datetime, timedelta

from servicedesk.core.formats import here, on_weekday, wall_time, weekdays
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.systems.models import Disturbance
from servicedesk.systems.queries.lately import Told
from servicedesk.systems.rules import DisturbanceKind, Phase
from servicedesk.systems.windows import EACH, LAST, Window


def at_clock(at: datetime, now: datetime) -> str:
    """As people say it: "kl. 14", "i morgen kl. 8.30", else the day with it."""
    days = (here(at).date() - here(now).date()).days
    time = wall_time(at).removesuffix(".00").removeprefix("0")
    if days == 0:
        return _("kl. %(time)s", time=time)
    if days == 1:
        return _("i morgen kl. %(time)s", time=time)
    return _("i går kl. %(time)s", time=time) if days == -1 else on_weekday(at)


def standing(one: Disturbance | Told, now: datetime) -> str:
    """When it began and when it is over, as far as that is known."""
    phase, end = one.phase(now), one.expected_end_at
    starts = at_clock(one.starts_at, now)
    if phase is Phase.PLANNED:
        return _("%(start)s til %(end)s", start=_capital(starts), end=at_clock(end, now) if end else "?")
    if phase is Phase.OVER:
        return _over(one, now)
    if end is None:
        return _("Begyndte %(start)s. Vi ved endnu ikke, hvornår det er løst.", start=starts)
    times = {"start": starts, "end": at_clock(end, now)}
    if end <= now:
        return _("Begyndte %(start)s. Skulle være løst %(end)s, men er det ikke endnu.", **times)
    if one.kind is DisturbanceKind.MAINTENANCE:
        return _("Begyndte %(start)s. Slutter %(end)s.", **times)
    return _("Begyndte %(start)s. Forventet løst %(end)s.", **times)


def _over(one: Disturbance | Told, now: datetime) -> str:
    if one.over_at <= one.starts_at:
        return _("Aflyst %(end)s", end=at_clock(one.over_at, now))
    told = {"end": at_clock(one.over_at, now), "length": length(one.over_at - one.starts_at)}
    if one.kind is DisturbanceKind.MAINTENANCE:
        return _("Slut %(end)s efter %(length)s", **told)
    return _("Løst %(end)s efter %(length)s", **told)


def length(of: timedelta) -> str:
    """Roughly how long: "2 timer og 5 minutter", "3 døgn"."""
    minutes = max(int(of.total_seconds() // 60), 1)
    if minutes < 60:
        return ngettext("%(num)s minut", "%(num)s minutter", minutes)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(num)s døgn", "%(num)s døgn", hours // 24)
    told = ngettext("%(num)s time", "%(num)s timer", hours)
    if rest == 0:
        return told
    return _("%(hours)s og %(minutes)s", hours=told, minutes=ngettext("%(num)s minut", "%(num)s minutter", rest))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def weekday_choices() -> list[tuple[int, str]]:
    return [(day, name.capitalize()) for day, name in enumerate(weekdays())]


def weeks() -> list[tuple[int, str]]:
    """Which weeks of a month a window can lie in."""
    counted = [(number, _("Den %(number)s. i måneden", number=number)) for number in range(1, LAST)]
    return [(EACH, _("Hver uge")), *counted, (LAST, _("Den sidste i måneden"))]


def window_in_words(window: Window) -> str:
    """A recurring window as people say it: "Hver onsdag 22.00–02.00"."""
    day = weekdays()[window.weekday]
    times = {"starts": window.starts.replace(":", "."), "ends": window.ends.replace(":", ".")}
    match window.week:
        case 0:
            return _("Hver %(day)s %(starts)s–%(ends)s", day=day, **times)
        case 5:
            return _("Den sidste %(day)s i måneden %(starts)s–%(ends)s", day=day, **times)
        case number:
            return _("Den %(number)s. %(day)s i måneden %(starts)s–%(ends)s", number=number, day=day, **times)
