"""What all forms share."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField
from wtforms.validators import InputRequired, Optional

from servicedesk.core.keys import read_key
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


class KeyField(Field):
    """The key of something chosen from a list."""

    def __init__(self, missing: Any = None, **options: Any) -> None:
        super().__init__(validators=[InputRequired(missing) if missing else Optional()], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        asked = valuelist[0].strip() if valuelist else ""
        self.data = read_key(asked)
        if asked and self.data is None:
            raise ValueError(gettext("Vælg noget fra listen."))


class SeenForm(Form):
    """A form on a page that shows a ticket: it says which journal entry was the last when the page was made."""

    seen = IntegerField(validators=[Optional()])


def stripped(value: Any) -> Any:
    """Text without blanks around it and without NUL, which no database keeps."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value
