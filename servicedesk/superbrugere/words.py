"""What appointments, guidelines and help on the floor say, in the reader's words."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.core.causes import Cause
from servicedesk.superbrugere.rules import AppointmentKind, Fact, Leeway

labels.declare(
    {
        AppointmentKind.SYSTEM: _("Systemsuperbruger"),
        AppointmentKind.IT: _("It-superbruger"),
    }
)
labels.declare(
    {
        Leeway.NEVER: _("Må ikke røres"),
        Leeway.FORWARD: _("Må kun sendes videre"),
        Leeway.ANSWER: _("Må besvares"),
        Leeway.SOLVE: _("Må løses"),
    }
)
labels.declare(
    {
        Fact.TRIED: _("Hvad der er prøvet"),
        Fact.AFFECTED: _("Hvor mange det rammer"),
        Fact.SCREENSHOT: _("Et skærmbillede"),
    }
)
labels.declare(
    {
        Cause.FAULT: _("Fejl"),
        Cause.COMPETENCE: _("Manglende kompetence"),
        Cause.CHANGE: _("Ændring"),
        Cause.WISH: _("Ønske"),
        Cause.SECURITY: _("Sikkerhed"),
        Cause.OTHER: _("Andet"),
    }
)
