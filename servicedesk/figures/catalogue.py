"""Every figure, defined once: what it is called, what it is made of, and how to say that to people.

Pages, files, reports and docs/figures.md read it here. A figure is made of measures (`measures.py`), so that there is
a list of tickets behind each of its numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.figures.queries import Counts


class Form(StrEnum):
    """How a figure is put."""

    COUNT = "count"
    #: In per cent.
    SHARE = "share"
    #: So many for each ticket that was solved.
    RATE = "rate"
    #: A length of time: the median, and what nine of ten keep within.
    TIME = "time"
    #: Minutes, on average for each ticket that was solved; told in hours.
    STAY = "stay"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure on a card, in a table, in a file."""

    key: str
    name: LazyString
    #: "Hvordan regnes tallet?"
    how: LazyString
    form: Form = Form.COUNT
    #: Measures that are added up, and those that they are held against.
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    #: More of it is better, worse, or neither.
    is_good: bool | None = None

    def of(self, counts: Counts) -> float | None:
        """Its value: a number, or a share between 0 and 1; None where there is nothing to hold it against."""
        part = sum(counts[name] for name in self.part)
        if self.form is Form.COUNT:
            return part
        among = self.among(counts)
        return part / among if among else None

    def among(self, counts: Counts) -> int:
        """How many tickets it is told of."""
        return sum(counts[name] for name in self.whole or self.part)


_solved = ("resolved",)


def _stay(key: str, name: LazyString, how: LazyString, measure: str) -> Figure:
    return Figure(key=key, name=name, how=how, form=Form.STAY, part=(measure,), whole=_solved, is_good=False)


_ALL = (
    Figure(
        key="response_kept",
        name=_("Reaktionstid overholdt"),
        how=_(
            "Andelen af de løfter om en reaktionstid, der blev afgjort i perioden, som blev holdt. Et løfte er "
            "holdt, når det første svar, brugeren kan se, kommer inden fristen, og brudt i det øjeblik fristen "
            "går. Kun aftalens åbningstid tæller. Annullerede og sammenlagte henvendelser er ikke med."
        ),
        form=Form.SHARE,
        part=("response_met",),
        whole=("response_met", "response_breached"),
        is_good=True,
    ),
    Figure(
        key="resolution_kept",
        name=_("Løsningstid overholdt"),
        how=_(
            "Andelen af de løfter om en løsningstid, der blev afgjort i perioden, som blev holdt. Et løfte er "
            "holdt, når henvendelsen er løst inden fristen, og brudt i det øjeblik fristen går. Uret standser, "
            "mens vi venter på brugeren, og kun aftalens åbningstid tæller. Annullerede og sammenlagte "
            "henvendelser er ikke med."
        ),
        form=Form.SHARE,
        part=("resolution_met",),
        whole=("resolution_met", "resolution_breached"),
        is_good=True,
    ),
    Figure(
        key="filed",
        name=_("Modtaget"),
        how=_("Henvendelser, der blev oprettet i perioden, uanset hvad der siden blev af dem."),
        part=("filed",),
    ),
    Figure(
        key="waiting",
        name=_("Ikke løst endnu"),
        how=_(
            "Henvendelser, der lige nu er nye, under behandling eller venter på brugeren eller en leverandør, uanset"
            " hvornår de blev oprettet."
        ),
        part=("waiting",),
        is_good=False,
    ),
    Figure(
        key="resolved",
        name=_("Løst"),
        how=_("Henvendelser, der blev løst i perioden og ikke er genåbnet siden."),
        part=_solved,
    ),
    Figure(
        key="at_once",
        name=_("Løst ved første svar"),
        how=_(
            "Andelen af de løste henvendelser, hvor det første svar, brugeren fik, var løsningen, og hvor "
            "henvendelsen aldrig blev genåbnet."
        ),
        form=Form.SHARE,
        part=("at_once",),
        whole=_solved,
        is_good=True,
    ),
    Figure(
        key="local",
        name=_("Løst af superbrugere"),
        how=_("Andelen af de løste henvendelser, som blev løst hos en superbruger, uden at komme til servicedesken."),
        form=Form.SHARE,
        part=("local",),
        whole=_solved,
        is_good=True,
    ),
    Figure(
        key="reopened",
        name=_("Genåbnet"),
        how=_("Henvendelser, der sidst blev genåbnet i perioden, fordi løsningen ikke virkede."),
        part=("reopened",),
        is_good=False,
    ),
    Figure(
        key="ended",
        name=_("Annulleret eller sammenlagt"),
        how=_("Henvendelser, der i perioden blev annulleret eller lagt sammen med en anden. De tæller ikke som løst."),
        part=("ended",),
    ),
    Figure(
        key="passed_around",
        name=_("Sendt rundt"),
        how=_(
            "Andelen af de løste henvendelser, som mindst tre gange blev givet til et andet team eller gik mellem "
            "superbruger og servicedesk. Det første team tæller også, når en henvendelse ikke havde et."
        ),
        form=Form.SHARE,
        part=("passed_around",),
        whole=_solved,
        is_good=False,
    ),
    Figure(
        key="handovers",
        name=_("Overdragelser pr. henvendelse"),
        how=_(
            "Hvor mange gange de løste henvendelser blev givet til et andet team eller gik mellem superbruger og "
            "servicedesk, delt med antallet af løste henvendelser. Det første team tæller også, når en henvendelse "
            "ikke havde et."
        ),
        form=Form.RATE,
        part=("handovers",),
        whole=_solved,
        is_good=False,
    ),
    Figure(
        key="minutes",
        name=_("Minutter pr. henvendelse"),
        how=_("De minutter, der er noteret på de løste henvendelser, delt med antallet af løste henvendelser."),
        form=Form.RATE,
        part=("minutes",),
        whole=_solved,
        is_good=False,
    ),
    _stay(
        "stayed_new",
        _("Tid som ny"),
        _("Timer, døgnet rundt, som de løste henvendelser i gennemsnit ventede på, at nogen begyndte på dem."),
        "in_new",
    ),
    _stay(
        "stayed_open",
        _("Tid under behandling"),
        _("Timer, døgnet rundt, som de løste henvendelser i gennemsnit var under behandling."),
        "in_open",
    ),
    _stay(
        "stayed_user",
        _("Tid hos brugeren"),
        _("Timer, døgnet rundt, som de løste henvendelser i gennemsnit ventede på svar fra brugeren."),
        "in_waiting_user",
    ),
    _stay(
        "stayed_supplier",
        _("Tid hos leverandøren"),
        _("Timer, døgnet rundt, som de løste henvendelser i gennemsnit ventede på en leverandør."),
        "in_waiting_supplier",
    ),
    Figure(
        key="answered",
        name=_("Tid til svar"),
        how=_(
            "Åbningstid fra henvendelsen blev oprettet, til brugeren fik det første svar. Halvdelen fik svar "
            "inden for medianen, ni af ti inden for det andet tal. Tallene er rundet til to cifre i minutter."
        ),
        form=Form.TIME,
        is_good=False,
    ),
    Figure(
        key="solved",
        name=_("Tid til løsning"),
        how=_(
            "Åbningstid fra henvendelsen blev oprettet, til den blev løst, uden den tid, hvor vi ventede på "
            "brugeren. Halvdelen blev løst inden for medianen, ni af ti inden for det andet tal. Tallene er "
            "rundet til to cifre i minutter."
        ),
        form=Form.TIME,
        is_good=False,
    ),
    Figure(
        key="solved_wall",
        name=_("Tid til løsning, døgnet rundt"),
        how=_(
            "Tid fra henvendelsen blev oprettet, til den blev løst, med nætter, weekender og ventetid. Halvdelen "
            "blev løst inden for medianen, ni af ti inden for det andet tal. Tallene er rundet til to cifre i "
            "minutter."
        ),
        form=Form.TIME,
        is_good=False,
    ),
)

FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in _ALL}
