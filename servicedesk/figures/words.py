"""What is counted, and when, in the reader's words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.core import formats
from servicedesk.core.language import gettext
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.rules import first_day

_COUNTED: Mapping[str, LazyString] = {
    "filed": _("Modtaget"),
    "waiting": _("Modtaget og endnu ikke løst"),
    "resolved": _("Løst"),
    "at_once": _("Løst ved første svar"),
    "local": _("Løst af superbrugere"),
    "passed_around": _("Sendt videre tre gange eller mere"),
    "handovers": _("Sendt videre"),
    "minutes": _("Tidsforbrug noteret"),
    "in_new": _("Stod som nye"),
    "in_open": _("Var under behandling"),
    "in_waiting_user": _("Ventede på brugeren"),
    "in_waiting_supplier": _("Ventede på leverandøren"),
    "because_fault": _("Løst, årsag: fejl"),
    "because_competence": _("Løst, årsag: manglende kompetence"),
    "because_change": _("Løst, årsag: ændring"),
    "because_wish": _("Løst, årsag: ønske"),
    "because_security": _("Løst, årsag: sikkerhed"),
    "because_other": _("Løst, årsag: andet"),
    "answered": _("Besvaret"),
    "solved": _("Løst med en løsningstid"),
    "reopened": _("Genåbnet"),
    "ended": _("Annulleret eller sammenlagt"),
    "response_met": _("Reaktionstid overholdt"),
    "response_breached": _("Reaktionstid overskredet"),
    "resolution_met": _("Løsningstid overholdt"),
    "resolution_breached": _("Løsningstid overskredet"),
}


def counted(measure: str) -> str:
    """What a measure counts."""
    return str(_COUNTED[measure])


def period_in_words(first: int, last: int) -> str:
    """Such as "marts 2026", or "januar 2026 til marts 2026"; "" for what are no months, as people edit addresses."""
    try:
        begins, ends = formats.month(first_day(first)), formats.month(first_day(last))
    except ValueError:
        return ""
    return begins if first == last else gettext("%(first)s til %(last)s", first=begins, last=ends)


assert _COUNTED.keys() == MEASURES.keys()
