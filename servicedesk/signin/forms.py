"""What is typed when signing in."""

from flask_babel import lazy_gettext as _
from wtforms import Field, StringField
from wtforms.validators import InputRequired, ValidationError

from servicedesk.core.forms import Form

NAME_LENGTH = 200


class PasswordField(Field):
    """Text that is taken exactly as it is typed, blanks and all."""

    data: str


class SignInForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv dit brugernavn eller din e-mail."))])
    password = PasswordField(validators=[InputRequired(_("Skriv din adgangskode."))])


class ForgotForm(Form):
    name = StringField(validators=[InputRequired(_("Skriv dit brugernavn eller din e-mail."))])


class NewPasswordForm(Form):
    """A new password, twice: nobody sees what is typed."""

    password = PasswordField(validators=[InputRequired(_("Skriv en ny adgangskode."))])
    again = PasswordField(validators=[InputRequired(_("Skriv den nye adgangskode en gang til."))])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(str(_("De to adgangskoder er ikke ens.")))


class ChangePasswordForm(NewPasswordForm):
    present = PasswordField(validators=[InputRequired(_("Skriv den adgangskode, du har nu."))])
