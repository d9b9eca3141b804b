"""What kinds and states are called, and figures in sentences."""

from flask_babel import lazy_gettext as _

from servicedesk.competence.effects import Effect
from servicedesk.competence.rules import Answer, FindingKind, Level, Verdict, VisitState
from servicedesk.core import labels
from servicedesk.core.formats import decimals
from servicedesk.core.language import gettext

labels.declare({Answer.ACCEPTED: _("Ja tak"), Answer.DECLINED: _("Nej tak")})
labels.declare({VisitState.PLANNED: _("Planlagt"), VisitState.HELD: _("Afholdt"), VisitState.CANCELLED: _("Aflyst")})
labels.declare(
    {
        FindingKind.NOTE: _("Kun en note"),
        FindingKind.TICKET: _("Bliver til en henvendelse"),
        FindingKind.COURSE: _("Forslag om et kursus"),
        FindingKind.GUIDELINE: _("Forslag om en ændret retningslinje"),
    }
)
labels.declare(
    {
        Level.NONE: _("Ingen"),
        Level.LOW: _("Lavere end ventet"),
        Level.USUAL: _("Som ventet"),
        Level.HIGH: _("Højere end ventet"),
        Level.VERY_HIGH: _("Meget højere end ventet"),
    }
)


def in_sentence(effect: Effect) -> str:
    """What may be said of it, and no more."""
    match effect.verdict:
        case Verdict.TOO_LITTLE:
            return gettext("Der er for lidt data til at sige noget.")
        case Verdict.FEWER:
            return gettext("Der er færre, der mangler at blive vist hvordan: %(change)s.", change=_change(effect))
        case Verdict.MORE:
            return gettext("Der er flere, der mangler at blive vist hvordan: %(change)s.", change=_change(effect))
        case Verdict.UNSURE:
            return gettext("Der er ingen sikker forskel: %(change)s.", change=_change(effect))


def _change(effect: Effect) -> str:
    lower, upper = effect.limits or (0, None)
    if effect.percent is None:
        return gettext("fra ingen til %(after)s pr. 100 brugere om året", after=rate(effect.after))
    if upper is None:
        return gettext("%(change)s procent (mindst %(lower)s)", change=_signed(effect.percent), lower=_signed(lower))
    return gettext(
        "%(change)s procent (med 95 procents sikkerhed mellem %(lower)s og %(upper)s)",
        change=_signed(effect.percent),
        lower=_signed(lower),
        upper=_signed(upper),
    )


def _signed(percent: int) -> str:
    return f"+{percent}" if percent > 0 else f"−{-percent}" if percent < 0 else "0"


def rate(value: float | None) -> str:
    """A rate for a reader: whole numbers from ten on, one decimal below."""
    if value is None:
        return "–"
    return decimals(value, _digits(value))


def rounded(value: float | None) -> float | None:
    """The same as a number, for a spreadsheet."""
    return None if value is None else round(value, _digits(value))


def _digits(value: float) -> int:
    return 0 if value >= 9.95 else 1
