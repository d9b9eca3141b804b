"""What the register's forms ask."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired

from servicedesk.core.forms import Form, KeyField


class SystemForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv systemets navn."))])
    description = StringField()
    unit_id = KeyField()
    #: The owner's initials.
    owner = StringField()
    team_id = KeyField()


class NewSystemForm(SystemForm):
    customer_id = KeyField(_("Vælg organisation."))
