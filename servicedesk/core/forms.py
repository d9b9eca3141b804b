"""What all forms share."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import Optional

from servicedesk.core.errors import N_
from servicedesk.core.language import gettext


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose answers are typed text: blanks around them are not part of the answer."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        # CSRF is checked once for every request, before any view; see core.web.
        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, StringField):
                filters.append(stripped)
            return unbound_field.bind(form=form, filters=filters, **options)

    def first_errors(self) -> dict[str, str]:
        """One message for each field that has any, in the reader's language."""
        return {name: gettext(str(messages[0])) for name, messages in self.errors.items() if messages and name}


class SeenForm(Form):
    """A form on a page that shows a ticket: it says which journal entry was the last when the page was made."""

    seen = IntegerField(validators=[Optional()])


def stripped(value: Any) -> Any:
    """Text without blanks around it and without NUL, which no database keeps."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


REQUIRED = N_("Feltet skal udfyldes.")
