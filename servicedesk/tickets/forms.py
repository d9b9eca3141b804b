"""What people send about tickets."""

from enum import Enum
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField, SeenForm
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets.commands.writing import MAX_SUBJECT, MAX_TEXT, MOST_MINUTES
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, Secrecy

CHOOSE = N_("Vælg en af mulighederne.")
TEXT_MISSING = N_("Skriv en tekst.")


class MemberField(Field):
    """A choice among an enum's members; the answer is the member."""

    def __init__(self, kind: type[Enum], **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not valuelist[0]:
            return
        try:
            self.data = self.kind(valuelist[0])
        except ValueError:
            raise ValueError(CHOOSE) from None


class MembersField(MemberField):
    """Several of them; the answer is a list."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = [self.kind(value) for value in valuelist]
        except ValueError:
            raise ValueError(CHOOSE) from None


def one_of(kind: type[Enum], default: Enum | None = None, missing: str = CHOOSE) -> MemberField:
    """With a default the question may be left unanswered."""
    return MemberField(kind, default=default, validators=[DataRequired(missing)])


def text(missing: str = TEXT_MISSING, most: int = MAX_TEXT) -> TextAreaField:
    too_long = N_("Teksten er for lang.")
    return TextAreaField(validators=[DataRequired(missing), Length(max=most, message=too_long)])


class FileForm(Form):
    """A new ticket."""

    kind = one_of(Kind, Kind.INCIDENT)
    subject = StringField(
        validators=[
            DataRequired(N_("Skriv kort, hvad det drejer sig om.")),
            Length(max=MAX_SUBJECT, message=N_("Emnet er for langt: der er plads til 200 tegn.")),
        ]
    )
    description = text(N_("Fortæl, hvad der sker, eller hvad du mangler."))
    impact = one_of(Level, Level.LOW)
    urgency = one_of(Level, Level.MEDIUM)
    secrecy = one_of(Secrecy, Secrecy.ORDINARY)
    system = KeyField()
    #: Initials or a name; with several of that name, `affected` says which.
    on_behalf_of = StringField(validators=[Optional(), Length(max=100)])
    affected = KeyField()
    #: Straight to the servicedesk, past the superbruger.
    to_desk = BooleanField()
    #: "1" when the page asks whether it is an error or an order.
    asks_kind = HiddenField(default="")
    #: The system that was guessed for the person, while he or she has chosen none.
    guessed = KeyField()
    #: "1" from a page on which nothing could be suggested while it was written.
    offer = HiddenField(default="")
    form_id = HiddenField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])


def minutes() -> IntegerField:
    """How long something took; whole minutes of a day at most."""
    wrong = N_("Skriv minutterne som et helt tal fra 0 til 1440.")

    class Minutes(IntegerField):
        def process_formdata(self, valuelist: list[Any]) -> None:
            try:
                super().process_formdata(valuelist)
            except ValueError:
                raise ValueError(wrong) from None

    return Minutes(validators=[Optional(), NumberRange(0, MOST_MINUTES, wrong)])


class CallForm(Form):
    """What a caller says, and what is done about it at once."""

    person = KeyField(N_("Vælg, hvem der ringer."))
    kind = one_of(Kind, Kind.INCIDENT)
    subject = StringField(
        validators=[
            DataRequired(N_("Skriv kort, hvad det drejer sig om.")),
            Length(max=MAX_SUBJECT, message=N_("Emnet er for langt: der er plads til 200 tegn.")),
        ]
    )
    #: Empty: the subject says it all.
    description = TextAreaField(validators=[Optional(), Length(max=MAX_TEXT, message=N_("Teksten er for lang."))])
    impact = one_of(Level, Level.LOW)
    urgency = one_of(Level, Level.MEDIUM)
    secrecy = one_of(Secrecy, Secrecy.ORDINARY)
    system = KeyField()
    guessed = KeyField()
    takes = BooleanField()
    is_solved = BooleanField()
    solution = TextAreaField(validators=[Length(max=MAX_TEXT, message=N_("Teksten er for lang."))])
    cause = MemberField(Cause)
    has_receipt = BooleanField()
    form_id = HiddenField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])

    def validate_solution(self, field: Field) -> None:
        if self.is_solved.data and not field.data:
            raise ValidationError(N_("Skriv, hvordan det blev løst. Brugeren kan læse det."))

    def validate_cause(self, field: Field) -> None:
        if self.is_solved.data and not field.data:
            raise ValidationError(N_("Vælg, hvad der var årsagen."))


class SayForm(SeenForm):
    """A reply or a note."""

    body = text()
    visibility = HiddenField(default="public")
    then = HiddenField(default="")
    #: Ids of colleagues to be told of a note, with commas between; and initials, as they are typed without scripts.
    mentions = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,19}(,[0-9]{1,19}){0,50}\Z")])
    tell = StringField(validators=[Optional(), Length(max=200)])
    #: It may be taken back for some seconds.
    undo = HiddenField(default="")
    minutes = minutes()
    form_id = HiddenField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])


class ResolveForm(SeenForm):
    solution = text(N_("Skriv, hvordan det blev løst. Brugeren kan læse det."))
    cause = one_of(Cause, missing=N_("Vælg, hvad der var årsagen."))
    minutes = minutes()


class RevealForm(Form):
    """Why somebody has to see hidden numbers."""

    reason = StringField(validators=[DataRequired(N_("Skriv, hvorfor du skal se dem.")), Length(max=200)])


class EscalateForm(SeenForm):
    """What a superbruger tells the servicedesk; which of it must be there is the guideline's to say."""

    tried = TextAreaField(validators=[Optional(), Length(max=MAX_TEXT, message=N_("Teksten er for lang."))])
    affected = IntegerField(validators=[Optional(), NumberRange(1, 100_000, N_("Skriv antallet som et helt tal."))])


class HandBackForm(SeenForm):
    instruction = text(N_("Skriv, hvad superbrugeren skal se på."))


class AppraiseForm(SeenForm):
    lacking = MembersField(Fact)
    appraisal_note = TextAreaField(validators=[Optional(), Length(max=MAX_TEXT, message=N_("Teksten er for lang."))])


class SupplierForm(SeenForm):
    supplier = StringField(validators=[DataRequired(N_("Skriv, hvilken leverandør der ventes på.")), Length(max=200)])
    supplier_note = TextAreaField(validators=[Optional(), Length(max=MAX_TEXT)])


class PromiseForm(SeenForm):
    """A date and a time of day on the wall clock where the installation is."""

    promised_on = DateField(validators=[DataRequired(N_("Vælg en dato."))])
    promised_time = TimeField(validators=[DataRequired(N_("Vælg et klokkeslæt."))])


class ReasonForm(SeenForm):
    reason = text(N_("Skriv, hvad der ikke virker."))


class CancelForm(SeenForm):
    reason = TextAreaField(validators=[Optional(), Length(max=MAX_TEXT)])


class OtherTicketForm(SeenForm):
    """Names another ticket by its number."""

    number = StringField(validators=[DataRequired(N_("Skriv nummeret på den anden henvendelse, fx SD-1042."))])


class LinkForm(OtherTicketForm):
    link = one_of(LinkKind, LinkKind.RELATED)


class SplitForm(Form):
    """A new ticket of something said on another."""

    subject = StringField(validators=[DataRequired(N_("Skriv kort, hvad det drejer sig om.")), Length(max=MAX_SUBJECT)])
    description = text(N_("Fortæl, hvad den nye henvendelse handler om."))
    kind = one_of(Kind)
    system = KeyField()
    form_id = HiddenField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])


class TeamForm(SeenForm):
    team = KeyField(N_("Vælg et team."))


class AssigneeForm(SeenForm):
    assignee = KeyField()
    #: Also to somebody who is away.
    sure = BooleanField()


class FactsForm(SeenForm):
    subject = StringField(validators=[DataRequired(N_("Emnet kan ikke være tomt.")), Length(max=MAX_SUBJECT)])
    kind = one_of(Kind)
    impact = one_of(Level)
    urgency = one_of(Level)
    system = KeyField()


class SecrecyForm(SeenForm):
    secrecy = one_of(Secrecy)


class FollowForm(Form):
    """Who is to follow: one chosen from the suggestions, else initials or a name."""

    person = StringField(validators=[Optional(), Length(max=100)])
    person_id = KeyField()


class UnfollowForm(Form):
    person_id = KeyField(N_("Vælg, hvem der ikke længere skal følge med."))
