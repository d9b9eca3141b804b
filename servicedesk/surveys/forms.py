"""What the forms of satisfaction ask."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.surveys.commands.building import Terms
from servicedesk.surveys.queries.settings import Asking
from servicedesk.surveys.rules import Kind, Sampling, Step


class StepForm(Form):
    step = StringField()

    def chosen(self) -> Step:
        """Raises FieldRefusedError when nothing was chosen."""
        said = self.step.data or ""
        if said not in {str(step.value) for step in Step}:
            raise FieldRefusedError("step", N_("Vælg et af svarene."))
        return Step(int(said))


class WordsForm(Form):
    words = StringField()
    wants_contact = BooleanField()


class AnswerForm(Form):
    answer = StringField()


class DoneForm(Form):
    note = StringField()


class AskingForm(Form):
    share = IntegerField(validators=[InputRequired(_("Skriv et tal fra 0 til 100."))])
    least = IntegerField(validators=[InputRequired(_("Skriv et tal."))])
    follow_up_days = IntegerField(validators=[InputRequired(_("Skriv et tal fra 1 til 20."))])

    def asking(self) -> Asking:
        return Asking(self.share.data or 0, self.least.data or 0, self.follow_up_days.data or 0)


class SurveyForm(Form):
    title = StringField(validators=[InputRequired(_("Skriv, hvad målingen hedder."))])
    intro = StringField()
    unit_id = KeyField(_("Vælg, hvem der spørges."))
    is_anonymous = StringField(validators=[AnyOf(["yes", "no"], message=_("Vælg, om svarene er anonyme."))])
    sampling = StringField(validators=[AnyOf(list(Sampling), message=_("Vælg, hvor mange der spørges."))])
    amount = IntegerField(validators=[Optional()])
    opens_on = DateField(validators=[InputRequired(_("Vælg den første dag."))])
    closes_on = DateField(validators=[InputRequired(_("Vælg den sidste dag."))])

    def terms(self) -> Terms:
        return Terms(
            title=self.title.data or "",
            unit_id=self.unit_id.data,
            intro=self.intro.data or "",
            is_anonymous=self.is_anonymous.data == "yes",
            sampling=Sampling(self.sampling.data or ""),
            amount=self.amount.data,
            opens_on=_checked(self.opens_on.data, "opens_on"),
            closes_on=_checked(self.closes_on.data, "closes_on"),
        )


class QuestionForm(Form):
    kind = StringField(validators=[AnyOf(list(Kind), message=_("Vælg, hvordan der svares."))])
    words = StringField(validators=[InputRequired(_("Skriv spørgsmålet."))])
    options = StringField()

    def told(self) -> tuple[Kind, str, list[str]]:
        return Kind(self.kind.data or ""), self.words.data or "", (self.options.data or "").splitlines()


def _checked(on: date | None, field: str) -> date:
    if on is None or not 2000 <= on.year <= 2200:
        raise FieldRefusedError(field, N_("Vælg en dag."))
    return on
