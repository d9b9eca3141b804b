"""What the forms about superbrugere ask."""

import re
from datetime import timedelta

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from servicedesk.agreements.terms_form import LENGTH_TEXTS
from servicedesk.core.causes import Cause
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.core.keys import read_key
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.superbrugere.commands.appointing import Terms
from servicedesk.superbrugere.commands.helping import Help
from servicedesk.superbrugere.rules import MOST_FLOOR_NOTE, AppointmentKind, Fact, GuidelineTerms, Leeway
from servicedesk.systems.forms import KeysField

#: A ticket that stays longer with a superbruger is forgotten.
MOST_LENGTH = 999
#: Characters of a word set apart that count.
MOST_WORD = 60


class AppointmentForm(Form):
    #: The key of the one chosen from the suggestions; without scripts initials or a name, which stand in `person`.
    person_id = KeyField()
    person = StringField()
    kind = StringField(
        validators=[AnyOf([one.value for one in AppointmentKind], message=_("Vælg, hvad det er for en superbruger."))]
    )
    units = KeysField()
    #: Those of the units of which the ones below are meant too.
    below = KeysField()
    systems = KeysField()
    starts_on = DateField(validators=[InputRequired(_("Vælg den første dag."))])
    ends_on = DateField(validators=[Optional()])
    hours = StringField()
    agreed_by_id = KeyField()
    agreed_by = StringField()
    deputy_id = KeyField()
    deputy = StringField()
    #: The version that the page showed.
    seen = IntegerField(validators=[Optional()])

    def terms(self, *, agreed_by_id: int | None, deputy_id: int | None) -> Terms:
        """Raises FieldRefusedError."""
        assert self.starts_on.data is not None
        below = set(self.below.data or ())
        return Terms(
            kind=AppointmentKind(self.kind.data or ""),
            units={key: key in below for key in self.units.data or ()},
            systems=tuple(self.systems.data or ()),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            weekly_minutes=_minutes(self.hours.data or ""),
            agreed_by_id=agreed_by_id,
            deputy_id=deputy_id,
        )


def _minutes(typed: str) -> int:
    """Hours as people write them: 3, 2,5 or 2.5."""
    try:
        return round(float(typed.replace(",", ".") or "0") * 60)
    except (ValueError, OverflowError):
        raise FieldRefusedError("hours", N_("Skriv timerne om ugen som et tal fra 0 til 37.")) from None


class GuidelineForm(Form):
    body = StringField(validators=[InputRequired(_("Skriv, hvad superbrugerne skal gøre og lade være med."))])
    incident = StringField(validators=[AnyOf([one.value for one in Leeway], message=_("Vælg, hvad de må."))])
    request = StringField(validators=[AnyOf([one.value for one in Leeway], message=_("Vælg, hvad de må."))])
    files_for = BooleanField()
    writes_known = BooleanField()
    #: How long a ticket may stay local, as a number and a unit; empty when none comes there.
    local = StringField()
    local_unit = StringField()
    facts = SelectMultipleField(choices=[one.value for one in Fact])  # type: ignore[misc]  # its stubs are older
    #: One on each line.
    words = StringField()
    #: The version that the page showed.
    seen = IntegerField(validators=[Optional()])

    def terms(self) -> GuidelineTerms:
        """Raises FieldRefusedError."""
        words = (word.strip() for word in re.split(r"[,;\n]", self.words.data or ""))
        return GuidelineTerms(
            incident=Leeway(self.incident.data or ""),
            request=Leeway(self.request.data or ""),
            files_for=self.files_for.data,
            writes_known=self.writes_known.data,
            local=_length(self.local.data or "", self.local_unit.data or ""),
            facts=tuple(Fact(one) for one in self.facts.data or ()),
            words=tuple(dict.fromkeys(word[:MOST_WORD] for word in words if word)),
        )


def _length(number: str, unit: str) -> str | None:
    if not number:
        return None
    if not (number.isascii() and number.isdecimal()) or not 0 < int(number[:9]) <= MOST_LENGTH:
        raise FieldRefusedError("local", N_("Skriv et helt tal, eller lad feltet være tomt."))
    if unit not in LENGTH_TEXTS:
        raise FieldRefusedError("local", N_("Vælg, om det er minutter, timer eller arbejdsdage."))
    return LENGTH_TEXTS[unit].format(int(number))


#: In the field of the system: about none in particular.
NO_SYSTEM = "none"
#: Digits of a number that count; what is longer is refused as too large.
_MOST_DIGITS = 9


class FloorHelpForm(Form):
    unit = KeyField()
    system = StringField(validators=[InputRequired(_("Vælg, hvad det handlede om."))])
    cause = StringField(validators=[AnyOf([one.value for one in Cause], message=_("Vælg, hvad årsagen var."))])
    people = StringField()
    minutes = StringField()
    known_error = KeyField()
    note = StringField(
        validators=[Length(max=MOST_FLOOR_NOTE, message=_("Teksten er for lang: der er plads til 500 tegn."))]
    )
    form_id = StringField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z", message=_("Formularen kan ikke kendes."))])
    #: Seconds since it was sent for the first time, when there was no connection then.
    ago = StringField()

    def told(self, unit_id: int | None) -> Help:
        """`unit_id` stands where the form asks for none. Raises FieldRefusedError."""
        system = self.system.data or ""
        system_id = None if system == NO_SYSTEM else read_key(system)
        if system_id is None and system != NO_SYSTEM:
            raise FieldRefusedError("system", N_("Vælg et af de systemer, du hjælper med."))
        return Help(
            unit_id=self.unit.data or unit_id or 0,
            system_id=system_id,
            cause=Cause(self.cause.data or ""),
            people=_whole(self.people.data or "1", "people", N_("Skriv, hvor mange du hjalp: et tal fra 1 til 200.")),
            minutes=_whole(self.minutes.data, "minutes", N_("Skriv minutterne som et helt tal fra 1 til 480."))
            if self.minutes.data
            else None,
            known_error_id=self.known_error.data,
            note=self.note.data or "",
        )

    def age(self) -> timedelta:
        """How long ago it was; raises FieldRefusedError."""
        wrong = N_("Tidspunktet kan ikke læses. Ret den, hvis hjælpen skal skrives på i dag.")
        return timedelta(seconds=_whole(self.ago.data or "0", "ago", wrong))


def _whole(typed: str, name: str, message: str) -> int:
    digits = typed.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        raise FieldRefusedError(name, message)
    return int(typed[:_MOST_DIGITS])
