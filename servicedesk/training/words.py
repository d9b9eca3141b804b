"""Kinds and states of training, in the reader's words."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.training.rules import CourseKind, SignUpState, Source, Status

labels.declare(
    {
        CourseKind.CLASSROOM: _("Kursus i lokale"),
        CourseKind.ELEARNING: _("E-læring"),
        CourseKind.LOCAL: _("Lokal oplæring"),
        CourseKind.GUIDELINE: _("Retningslinje, der underskrives"),
    }
)
labels.declare(
    {
        SignUpState.SIGNED_UP: _("Tilmeldt"),
        SignUpState.WAITING: _("På venteliste"),
        SignUpState.CANCELLED: _("Afmeldt"),
        SignUpState.ATTENDED: _("Mødt"),
        SignUpState.ABSENT: _("Ikke mødt"),
    }
)
labels.declare(
    {
        Source.ATTENDANCE: _("Deltog på kurset"),
        Source.INSTRUCTION: _("Oplært lokalt"),
        Source.IMPORT: _("Indlæst fra fil"),
        Source.SIGNATURE: _("Underskrevet"),
        Source.EXEMPTION: _("Fritaget"),
        Source.MANUAL: _("Registreret i hånden"),
    }
)
labels.declare(
    {
        Status.MISSING: _("Mangler"),
        Status.EXPIRED: _("Udløbet"),
        Status.EXPIRING: _("Udløber snart"),
        Status.EXEMPT: _("Fritaget"),
        Status.TRAINED: _("I orden"),
    }
)
