"""What the form of the yearly review asks."""

from wtforms import StringField

from servicedesk.core.errors import N_
from servicedesk.core.forms import Form
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.stewardship.checklist import Answer, Point


class ReviewForm(Form):
    owner = StringField()
    manager = StringField()
    supplier = StringField()
    criticality = StringField()
    units = StringField()
    agreement = StringField()
    needs = StringField()
    superbrugere = StringField()
    note = StringField()
    #: The digest of what was read.
    seen = StringField()

    def answers(self) -> dict[Point, Answer]:
        """Raises FieldRefusedError for a point without an answer."""
        found = {}
        for point in Point:
            said = self[point.value].data
            if said not in set(Answer):
                raise FieldRefusedError(point.value, N_("Svar på, om det passer."))
            found[point] = Answer(said)
        return found
