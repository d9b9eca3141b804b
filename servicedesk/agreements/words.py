"""What agreements say, in the reader's words."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from servicedesk.agreements.models import AgreementKind, DayStatus
from servicedesk.agreements.terms import read_length
from servicedesk.core import formats, labels
from servicedesk.core.language import language
from sla import Share, WorkingDays
from sla.target import EarlyWarning, Length

labels.declare(
    {
        AgreementKind.SERVICE: _("Serviceaftale"),
        AgreementKind.INTERNAL: _("Intern aftale"),
        AgreementKind.SUPPLIER: _("Leverandøraftale"),
    }
)
labels.declare(
    {
        DayStatus.PROPOSED: _("Foreslået"),
        DayStatus.APPROVED: _("Godkendt"),
        DayStatus.DISMISSED: _("Afvist"),
    }
)


def length_in_words(length: Length) -> str:
    """Such as "2 arbejdsdage", "4 timer" or "15 min."."""
    if not isinstance(length, WorkingDays):
        return amount_in_words(length.amount)
    days = str(ngettext("%(num)s arbejdsdag", "%(num)s arbejdsdage", length.days))
    return str(gettext("%(days)s, inden dagen er omme", days=days)) if length.end_of_day else days


def length_text_in_words(text: str) -> str:
    """The same for a length as it is kept in a clock; raises ValueError for what is none."""
    return length_in_words(read_length(text))


def amount_in_words(amount: timedelta) -> str:
    """Open time: "4 timer", "1 time 30 min."."""
    hours, minutes = divmod(amount // timedelta(minutes=1), 60)
    told = [str(ngettext("%(num)s time", "%(num)s timer", hours))] if hours else []
    told += [str(gettext("%(num)s min.", num=minutes))] if minutes or not hours else []
    return " ".join(told)


def warning_in_words(warning: EarlyWarning) -> str:
    """ "80 %" of the time, or "1 time før"."""
    if isinstance(warning, Share):
        return str(gettext("%(num)s %%", num=warning.percent))
    return str(gettext("%(length)s før", length=amount_in_words(warning.amount)))


def warnings_in_words(warnings: Iterable[EarlyWarning]) -> str:
    """Such as "50 %, 1 time før", which a form reads back."""
    return ", ".join(map(warning_in_words, warnings))


def hours_in_words(intervals: Iterable[Iterable[str]]) -> str:
    """A day's hours: "08.00–15.00", "lukket" or "døgnet rundt"."""
    told = ["–".join(interval) for interval in intervals]
    if not told:
        return str(gettext("lukket"))
    if told == ["00:00–24:00"]:
        return str(gettext("døgnet rundt"))
    hours = ", ".join(told)
    return hours.replace(":", ".") if language() == "da" else hours


def weekdays() -> list[str]:
    """The days of the week from Monday, as they stand by themselves: "Mandag"."""
    return [name.capitalize() for name in formats.weekdays()]
