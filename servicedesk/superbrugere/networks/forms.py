"""What the forms about networks ask."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from servicedesk.core.forms import Form, KeyField
from servicedesk.superbrugere.networks.commands import MeetingTerms
from servicedesk.superbrugere.networks.models import Coming
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.systems.forms import LocalTimeField, is_time


class NetworkForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv, hvad netværket hedder."))])
    about = StringField()
    system_id = KeyField()
    kind = StringField(validators=[AnyOf(["", *AppointmentKind], message=_("Vælg noget fra listen."))], default="")
    coordinator_id = KeyField()
    coordinator = StringField()
    #: The version that the page showed.
    seen = IntegerField(validators=[Optional()])


class MemberForm(Form):
    person_id = KeyField()
    person = StringField()


class MailForm(Form):
    subject = StringField(validators=[InputRequired(_("Skriv et emne."))])
    body = StringField(validators=[InputRequired(_("Skriv, hvad du vil sige."))])
    form_id = StringField()


class MeetingForm(Form):
    title = StringField(validators=[InputRequired(_("Skriv, hvad mødet handler om."))])
    place = StringField()
    agenda = StringField()
    starts = LocalTimeField(validators=[is_time])
    ends = LocalTimeField(validators=[is_time])
    #: The SEQUENCE that the page showed.
    seen = IntegerField(validators=[Optional()])

    def terms(self) -> MeetingTerms:
        assert self.starts.instant is not None
        assert self.ends.instant is not None
        return MeetingTerms(
            title=self.title.data or "",
            place=self.place.data or "",
            agenda=self.agenda.data or "",
            starts_at=self.starts.instant,
            ends_at=self.ends.instant,
        )


class AnswerForm(Form):
    coming = StringField(validators=[AnyOf(list(Coming), message=_("Vælg noget fra listen."))])
