"""What a person is asked about how to be told."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, StringField
from wtforms.validators import InputRequired, ValidationError

from servicedesk.core.forms import Form
from servicedesk.notifications.choices import Way
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail
from servicedesk.notifications.rules import Habit

_WALL = re.compile(r"([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?(?:[:.]00)?")
_DAYS = frozenset("0123456")


class TimeField(StringField):
    """A time of day: "08:00", "8.00" and "8" are the same. What was typed stays as it is; `wall` is what was meant."""

    wall: str = ""

    def pre_validate(self, form: Any) -> None:
        text = (self.data or "").strip()
        found = _WALL.fullmatch(text)
        if text and not found:
            raise ValidationError(gettext("Skriv et klokkeslæt som 08:00."))
        self.wall = f"{int(found[1]):02}:{found[2] or '00'}" if found else ""


class DaysField(Field):
    """Weekdays that were ticked; 0 is Monday."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = tuple(sorted({int(day) for day in valuelist if day in _DAYS}))
        if len(valuelist) != len(self.data):
            raise ValueError(gettext("Vælg dage fra listen."))


class HabitForm(Form):
    digest_time = TimeField(validators=[InputRequired(_("Skriv, hvornår du vil have din samlede mail."))])
    second_time = TimeField()
    digest_days = DaysField(validators=[InputRequired(_("Vælg mindst én dag til din samlede mail."))])
    is_quiet = BooleanField()
    quiet_from = TimeField()
    quiet_to = TimeField()

    def validate_quiet_to(self, field: TimeField) -> None:
        if not self.is_quiet.data:
            return
        if not self.quiet_from.wall or not field.wall:
            raise ValidationError(gettext("Skriv både, hvornår de stille timer begynder, og hvornår de slutter."))
        if self.quiet_from.wall == field.wall:
            raise ValidationError(gettext("De stille timer kan ikke begynde og slutte på samme tid."))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        habit, is_fine = self.habit(), True
        for field in (self.digest_time, self.second_time):
            if habit.is_quiet and field.wall and habit.is_quiet_at(field.wall):
                field.errors = [gettext("Kl. %(time)s ligger i dine stille timer.", time=field.wall)]
                is_fine = False
        return is_fine

    def habit(self) -> Habit:
        """What was answered, once it is valid."""
        usual = Habit()
        return Habit(
            tuple(sorted({field.wall for field in (self.digest_time, self.second_time) if field.wall})),
            tuple(self.digest_days.data or ()),
            bool(self.is_quiet.data),
            self.quiet_from.wall or usual.quiet_from,
            self.quiet_to.wall or usual.quiet_to,
        )


def read_ways(form: Mapping[str, str], events: Iterable[Event]) -> dict[str, Way]:
    """What was answered for each event. A mail answer that there is not counts as the usual one."""
    return {
        event.key: Way(
            f"bell-{event.key}" in form,
            ByMail(answer) if (answer := form.get(f"mail-{event.key}", "")) in list(ByMail) else event.by_mail,
        )
        for event in events
    }
