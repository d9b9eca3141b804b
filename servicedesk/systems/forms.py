"""What the forms about systems ask."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional, ValidationError

from servicedesk.core import clock
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField, stripped
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.systems.rules import Audience, Criticality, DisturbanceKind
from servicedesk.systems.windows import Window, read_clock

#: As browsers send a local time, and as people type one where the browser has no calendar.
_TIMES = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M")
#: More systems at once is another kind of news.
_MOST_KEYS = 100
#: The choices for when it is expected to be over, in minutes from now; "at" is a time of one's own, "keep" the present.
EXPECTED = ("", "30", "60", "120", "240", "at", "keep")


class KeysField(Field):
    """The keys of several things chosen from a list."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [key for key in map(read_key, valuelist[:_MOST_KEYS]) if key is not None]


class TextsField(Field):
    """The same question in each line of a list, as it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [stripped(value)[:40] for value in valuelist[:_MOST_KEYS]]


class KeptSystemForm(Form):
    """What those who keep a system say of it."""

    description = StringField()
    aliases = StringField()
    criticality = StringField(
        validators=[AnyOf([one.value for one in Criticality], message=_("Vælg noget fra listen."))],
        default=Criticality.ORDINARY.value,
    )
    units = KeysField()
    #: Initials, as with the owner.
    manager = StringField()
    deputy = StringField()
    supplier_id = KeyField()
    hours_id = KeyField()
    needed_ids = KeysField()
    #: One in each line.
    roles = StringField()
    window_weekday = TextsField()
    window_week = TextsField()
    window_starts = TextsField()
    window_ends = TextsField()

    def windows(self) -> list[Window]:
        """Those of which a time was typed; raises FieldRefusedError for a time that is none."""
        typed = (self.window_weekday, self.window_week, self.window_starts, self.window_ends)
        rows = zip(*(field.data or [] for field in typed), strict=False)
        return [_read_window(*row) for row in rows if row[2] or row[3]]


def _read_window(weekday: str, week: str, starts: str, ends: str) -> Window:
    start, end = read_clock(starts), read_clock(ends)
    if start is None or end is None:
        raise FieldRefusedError("windows", N_("Skriv servicevinduets begyndelse og slutning som 22:00."))
    if weekday not in ("0", "1", "2", "3", "4", "5", "6") or week not in ("0", "1", "2", "3", "4", "5"):
        raise FieldRefusedError("windows", N_("Vælg servicevinduets dag fra listen."))
    return Window(int(weekday), int(week), start, end)


class SystemForm(KeptSystemForm):
    """What is the administration's to say, too."""

    name = StringField(validators=[InputRequired(_("Skriv systemets navn."))])
    #: The owner's initials.
    owner = StringField()
    team_id = KeyField()


class NewSystemForm(SystemForm):
    customer_id = KeyField(_("Vælg organisation."))


class SystemsFileForm(Form):
    customer_id = KeyField(_("Vælg organisation."))
    file = FileField(validators=[FileRequired(_("Vælg en fil."))])


class ConfirmSystemsForm(Form):
    #: What the preview showed; another outcome must be shown first.
    fingerprint = StringField()


class LocalTimeField(Field):
    """A time on the wall clock where the installation is; `instant` is when that is, `data` what was typed."""

    instant: datetime | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0].replace("\x00", "").strip()[:40] if valuelist else ""
        if self.data and (at := _read_time(self.data)) is None:
            raise ValueError(gettext("Skriv dato og klokkeslæt som 31-12-2026 14:30."))
        if self.data:
            self.instant = at


def is_time(_form: Form, field: LocalTimeField) -> None:
    """A validator: something that is a time has been typed."""
    if field.instant is None:
        raise ValidationError(gettext("Skriv dato og klokkeslæt som 31-12-2026 14:30."))


def _read_time(typed: str) -> datetime | None:
    for format_ in _TIMES:
        try:
            local = datetime.strptime(typed, format_)  # noqa: DTZ007 the zone is put in next
            return local.replace(tzinfo=clock.own_zone()).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


class KnownErrorForm(Form):
    system_id = KeyField(_("Vælg et system."))
    title = StringField(validators=[InputRequired(_("Skriv, hvad fejlen er."))])
    symptoms = StringField()
    workaround = StringField()
    audience = StringField(
        validators=[AnyOf([one.value for one in Audience], message=_("Vælg, hvem der må se den."))],
        default=Audience.EVERYBODY.value,
    )
    problem = StringField()
    #: The version that the page showed.
    seen = IntegerField(validators=[Optional()])


class ExpectedForm(Form):
    """When it is expected to be over."""

    expected = StringField(validators=[AnyOf(EXPECTED, message=_("Vælg noget fra listen."))], default="")
    expected_at = LocalTimeField()

    def ends_at(self, now: datetime, present: datetime | None = None) -> datetime | None:
        if self.expected.data == "keep":
            return present
        if self.expected.data == "at":
            return self.expected_at.instant
        return now + timedelta(minutes=int(self.expected.data)) if self.expected.data else None

    def validate_expected(self, _field: Any) -> None:
        if self.expected.data == "at" and not self.expected_at.data:
            raise ValidationError(gettext("Skriv, hvornår det ventes at være løst."))


class DisturbanceForm(ExpectedForm):
    kind = StringField(
        validators=[AnyOf([one.value for one in DisturbanceKind], message=_("Vælg noget fra listen."))],
        default=DisturbanceKind.DISTURBANCE.value,
    )
    system = KeyField()
    #: Others that are down with it.
    systems = KeysField()
    message = StringField(validators=[InputRequired(_("Skriv, hvad folk mærker."))])
    advice = StringField()
    starts = LocalTimeField()


class UpdateForm(ExpectedForm):
    body = StringField(validators=[InputRequired(N_("Skriv, hvad der er nyt."))])


class EndForm(Form):
    outcome = StringField()
