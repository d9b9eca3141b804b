"""What the administration's forms ask."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from servicedesk.core.actor import Role
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.core.keys import read_key
from servicedesk.organisation.changes import FieldRefusedError


def attempt(form: Form, act: Callable[[], object]) -> dict[str, str]:
    """What keeps the form's answers from being used, by field; empty when `act` has used them."""
    if not form.validate():
        return form.first_errors()
    try:
        act()
    except FieldRefusedError as refusal:
        return {refusal.field: gettext(refusal.message, **refusal.values)}
    return {}


class UnitForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv enhedens navn.")), Length(max=1000)])


class NewUnitForm(UnitForm):
    parent_id = KeyField(_("Vælg, hvor enheden ligger."))


class CustomerForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv organisationens navn.")), Length(max=1000)])


class MoveUnitForm(Form):
    parent_id = KeyField(_("Vælg, hvor enheden skal ligge."))


class PersonForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv personens navn."))])
    initials = StringField(validators=[InputRequired(_("Skriv personens initialer."))])
    email = StringField()
    phone = StringField()
    title = StringField()
    unit_id = KeyField(_("Vælg personens enhed."))
    employed_since = DateField(validators=[Optional()])

    def told(self) -> dict[str, Any]:
        kept = ("unit_id", "employed_since")
        return {name: value if name in kept else value or "" for name, value in self.data.items()}


class RoleForm(Form):
    role = StringField(
        validators=[
            InputRequired(_("Vælg en rolle.")),
            AnyOf([role.value for role in Role], message=_("Vælg en rolle.")),
        ]
    )
    #: "unit:7", "system:3" or "all".
    scope = StringField(validators=[InputRequired(_("Vælg, hvad rollen gælder for."))])
    starts_on = DateField(validators=[InputRequired(_("Vælg den dag, rollen begynder."))], render_kw={"type": "date"})
    ends_on = DateField(validators=[Optional()])

    def scope_ids(self) -> dict[str, int | None]:
        """`unit_id` and `system_id`; both empty when the role is over everything."""
        kind, _colon, key = (self.scope.data or "").partition(":")
        if kind == "all" and not key:
            return {"unit_id": None, "system_id": None}
        id_ = read_key(key)
        if kind not in ("unit", "system") or id_ is None:
            raise FieldRefusedError("scope", N_("Vælg noget fra listen."))
        return {"unit_id": None, "system_id": None, f"{kind}_id": id_}


class TeamForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv teamets navn."))])
    email = StringField()
    is_closed = BooleanField()
    is_first_line = BooleanField()
    receives_confidential = BooleanField()
    receives_security = BooleanField()


class NewTeamForm(TeamForm):
    customer_id = KeyField(_("Vælg organisation."))


class MemberForm(Form):
    person_id = KeyField(_("Vælg en person."))


class AbsenceForm(Form):
    #: Empty when it is one's own.
    person_id = KeyField()
    starts_on = DateField(validators=[InputRequired(_("Vælg den første dag."))])
    ends_on = DateField(validators=[InputRequired(_("Vælg den sidste dag."))])
    deputy_id = KeyField()
    note = StringField(validators=[Optional(), Length(max=300, message=_("Beskeden er for lang."))])


class ImportForm(Form):
    customer_id = KeyField(_("Vælg organisation."))
    kind = StringField(validators=[AnyOf(["units", "persons"], message=_("Vælg, hvad der er i filen."))])
    file = FileField(validators=[FileRequired(_("Vælg en fil."))])


class ConfirmImportForm(Form):
    #: What the preview showed; another outcome must be shown first.
    fingerprint = StringField()
    i_know = BooleanField()
