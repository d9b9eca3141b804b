"""What is asked about a text to use again."""

from wtforms import StringField, TextAreaField

from servicedesk.core.forms import Form


class PhraseForm(Form):
    name = StringField()
    keyword = StringField()
    body = TextAreaField()


class NewPhraseForm(PhraseForm):
    #: "own", "team-3" or "all-1".
    scope = StringField(default="own")
