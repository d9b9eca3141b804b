"""What people send about calendars."""

from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, DateField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from servicedesk.agreements.commands.ledger import MAX_NAME
from servicedesk.agreements.hours_text import read_intervals
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.core.language import gettext

DAYS = tuple(f"day_{day}" for day in range(7))
#: More is no opening hours.
MOST_TEXT = 100


class TimesField(StringField):
    """A day's opening hours as text; `intervals` is what it says."""

    intervals: list[list[str]]

    def pre_validate(self, _form: Any) -> None:
        try:
            self.intervals = read_intervals((self.data or "")[:MOST_TEXT])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class WholeDateField(DateField):
    """A date as browsers send it, or as people type it where the browser has no calendar."""

    def __init__(self, missing: str, **options: Any) -> None:
        formats = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]
        super().__init__(format=formats, validators=[InputRequired(missing)], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Skriv en dato som 31-12-2026.")) from None


def _name(missing: str) -> StringField:
    return StringField(validators=[InputRequired(missing), Length(max=MAX_NAME, message=N_("Navnet er for langt."))])


class WeekForm(Form):
    """The hours of an ordinary week."""

    day_0 = TimesField()
    day_1 = TimesField()
    day_2 = TimesField()
    day_3 = TimesField()
    day_4 = TimesField()
    day_5 = TimesField()
    day_6 = TimesField()

    def week(self) -> dict[str, list[list[str]]]:
        """As it is stored: days that are closed are left out."""
        told = {name.removeprefix("day_"): self[name].intervals for name in DAYS}
        return {day: intervals for day, intervals in told.items() if intervals}


class NewHoursForm(WeekForm):
    customer_id = KeyField(N_("Vælg organisation."))
    name = _name(N_("Skriv kalenderens navn."))
    zone = StringField(validators=[InputRequired(N_("Skriv en tidszone."))])
    follows_holidays = BooleanField()

    def validate_zone(self, field: StringField) -> None:
        if field.data not in available_timezones():
            raise ValidationError(N_("Tidszonen findes ikke. Skriv den som Europe/Copenhagen."))


class ChangedWeekForm(WeekForm):
    starts_on = WholeDateField(N_("Vælg den dag, de nye åbningstider gælder fra."))


class HoursForm(Form):
    name = _name(N_("Skriv kalenderens navn."))
    follows_holidays = BooleanField()


class DayForm(Form):
    on = WholeDateField(N_("Vælg en dag."))
    name = _name(N_("Skriv, hvad dagen hedder, så andre kan se, hvorfor der er lukket."))
    times = TimesField()
