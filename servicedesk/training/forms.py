"""What the forms about training ask."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, Field, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from servicedesk.core.actor import Role
from servicedesk.core.forms import Form, KeyField
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext
from servicedesk.systems.forms import LocalTimeField, is_time
from servicedesk.training.commands import CourseTerms, RequirementTerms, SessionTerms, Told
from servicedesk.training.rules import CourseKind

_MOST = 10_000


class KeysField(Field):
    """The keys of what was ticked."""

    data: tuple[int, ...] = ()

    def process_formdata(self, valuelist: list[Any]) -> None:
        found = [read_key(str(value)) for value in valuelist]
        if None in found:
            raise ValueError(gettext("Vælg noget fra listen."))
        self.data = tuple(key for key in found if key is not None)


class CourseForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv, hvad kurset hedder."))])
    kind = StringField(validators=[AnyOf(list(CourseKind), message=_("Vælg, hvordan kurset tages."))])
    description = StringField()
    link = StringField()
    minutes = IntegerField(validators=[Optional(), NumberRange(1, _MOST, message=_("Skriv et antal minutter."))])
    systems = KeysField()
    is_active = BooleanField()
    #: How many changes the page had seen.
    seen = IntegerField(validators=[Optional()])

    def terms(self, *, is_active: bool) -> CourseTerms:
        return CourseTerms(
            name=self.name.data or "",
            kind=CourseKind(self.kind.data or ""),
            description=self.description.data or "",
            link=self.link.data or "",
            minutes=self.minutes.data,
            system_ids=self.systems.data or (),
            is_active=is_active,
        )


class TextForm(Form):
    body = StringField(validators=[InputRequired(_("Skriv, hvad retningslinjen siger."))])
    news = StringField()
    seen = IntegerField(validators=[Optional()])


class SignForm(Form):
    version = IntegerField(validators=[InputRequired()])
    has_read = BooleanField(validators=[InputRequired(_("Sæt kryds, når du har læst den."))])


class SessionForm(Form):
    starts = LocalTimeField(validators=[is_time])
    ends = LocalTimeField(validators=[is_time])
    seats = IntegerField(validators=[InputRequired(_("Skriv, hvor mange pladser der er."))])
    place = StringField()
    instructor_id = KeyField()
    instructor = StringField()
    seen = IntegerField(validators=[Optional()])

    def terms(self, instructor_id: int | None) -> SessionTerms:
        assert self.starts.instant is not None
        assert self.ends.instant is not None
        return SessionTerms(
            starts_at=self.starts.instant,
            ends_at=self.ends.instant,
            seats=self.seats.data or 0,
            place=self.place.data or "",
            instructor_id=instructor_id,
        )


class PersonForm(Form):
    person_id = KeyField()
    person = StringField()


class AttendanceForm(Form):
    present = KeysField()


class RequirementForm(Form):
    course_id = KeyField(_("Vælg et kursus."))
    system_id = KeyField()
    unit_id = KeyField()
    role = StringField(validators=[AnyOf(["", *Role], message=_("Vælg noget fra listen."))], default="")
    title = StringField()
    strength = StringField(validators=[AnyOf(["mandatory", "recommended"], message=_("Vælg noget fra listen."))])
    deadline_days = IntegerField(validators=[InputRequired(_("Skriv et antal dage."))])
    validity_months = IntegerField(validators=[Optional()])
    starts_on = DateField(validators=[InputRequired(_("Vælg den dag, kravet begynder."))])
    ends_on = DateField(validators=[Optional()])
    note = StringField()
    seen = IntegerField(validators=[Optional()])

    def terms(self) -> RequirementTerms:
        return RequirementTerms(
            course_id=self.course_id.data or 0,
            system_id=self.system_id.data,
            unit_id=self.unit_id.data,
            role=Role(self.role.data) if self.role.data else None,
            title=self.title.data or "",
            is_mandatory=self.strength.data == "mandatory",
            deadline_days=self.deadline_days.data if self.deadline_days.data is not None else -1,
            validity_months=self.validity_months.data,
            starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data,
            note=self.note.data or "",
        )


class ReasonForm(Form):
    reason = StringField(validators=[InputRequired(_("Skriv hvorfor."))])


class RecordForm(Form):
    course_id = KeyField(_("Vælg et kursus."))
    obtained_on = DateField(validators=[InputRequired(_("Vælg den dag, kurset blev taget."))])
    expires_on = DateField(validators=[Optional()])
    evidence = StringField(validators=[InputRequired(_("Skriv, hvad der er vist for det."))])

    def told(self) -> Told:
        return Told(
            obtained_on=self.obtained_on.data or date.max,
            expires_on=self.expires_on.data,
            evidence=self.evidence.data or "",
        )


class ExemptionForm(Form):
    course_id = KeyField(_("Vælg et kursus."))
    reason = StringField(validators=[InputRequired(_("Skriv hvorfor."))])
    starts_on = DateField(validators=[InputRequired(_("Vælg den første dag."))])
    ends_on = DateField(validators=[Optional()])


class InstructionForm(Form):
    on = DateField(validators=[InputRequired(_("Vælg den dag, du viste det."))])
    people = KeysField()


class FileForm(Form):
    customer_id = KeyField(_("Vælg organisation."))
    file = FileField(validators=[FileRequired(_("Vælg en fil."))])


class ConfirmForm(Form):
    #: What the preview showed; another outcome must be shown first.
    fingerprint = StringField()
