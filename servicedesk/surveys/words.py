"""What values are called."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.surveys.rules import About, Kind, Reason, Sampling, Step, SurveyState

labels.declare(
    {
        Step.VERY_SATISFIED: _("Meget tilfreds"),
        Step.SATISFIED: _("Tilfreds"),
        Step.NEITHER: _("Hverken tilfreds eller utilfreds"),
        Step.DISSATISFIED: _("Utilfreds"),
        Step.VERY_DISSATISFIED: _("Meget utilfreds"),
    }
)
labels.declare({Reason.LOW: _("Lav bedømmelse"), Reason.CONTACT: _("Vil gerne kontaktes")})
labels.declare(
    {
        Kind.STEPS: _("Fem trin, fra meget tilfreds til meget utilfreds"),
        Kind.NPS: _("0 til 10: Hvor sandsynligt er det, at du vil anbefale os?"),
        Kind.YES_NO: _("Ja eller nej"),
        Kind.ONE: _("Én af flere"),
        Kind.SEVERAL: _("Flere af flere"),
        Kind.TEXT: _("Fri tekst"),
    }
)
labels.declare({Sampling.ALL: _("Alle"), Sampling.SHARE: _("En andel"), Sampling.NUMBER: _("Et antal")})
labels.declare(
    {
        SurveyState.DRAFT: _("Kladde"),
        SurveyState.PLANNED: _("Planlagt"),
        SurveyState.OPEN: _("Åben"),
        SurveyState.CLOSED: _("Lukket"),
    }
)
labels.declare({About.UNIT: _("Enhed"), About.TEAM: _("Team"), About.SYSTEM: _("System")})
