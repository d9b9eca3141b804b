"""What the forms about superbrugere ask."""

import re

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from servicedesk.agreements.terms_form import LENGTH_TEXTS
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.superbrugere.commands.appointing import Terms
from servicedesk.superbrugere.rules import AppointmentKind, Fact, GuidelineTerms, Leeway
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
