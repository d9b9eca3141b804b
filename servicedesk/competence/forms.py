"""What the forms about competence ask."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from servicedesk.competence.commands import Plan
from servicedesk.competence.rules import FindingKind
from servicedesk.core.forms import Form, KeyField
from servicedesk.core.keys import read_key


class KeysField(Field):
    """The keys of what was ticked; nonsense counts as nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [key for key in map(read_key, valuelist) if key is not None]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class TopicForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv emnets navn."))])
    remedy = StringField()
    seen = IntegerField(validators=[Optional()])


class MergeForm(Form):
    into = KeyField(_("Vælg det emne, det skal lægges sammen med."))


class NameForm(Form):
    topic = StringField(validators=[InputRequired(_("Skriv et emne, fx “Genåbne en sag”."))])


class AcceptForm(Form):
    session = KeyField()


class VisitForm(Form):
    unit = KeyField()
    system = KeyField()
    visit_on = StringField()
    goals = StringField()
    people = KeysField()
    form_id = StringField()
    seen = IntegerField(validators=[Optional()])

    def plan(self) -> Plan:
        return Plan(
            unit_id=self.unit.data,
            system_id=self.system.data,
            visit_on=_day(self.visit_on.data or ""),
            goals=self.goals.data or "",
            people=self.people.data or (),
        )


class FindingForm(Form):
    body = StringField(validators=[InputRequired(_("Skriv, hvad I så."))])
    kind = StringField(
        default=FindingKind.NOTE.value,
        validators=[AnyOf([one.value for one in FindingKind], message=_("Vælg en af mulighederne."))],
    )
    course = KeyField()
    form_id = StringField()
