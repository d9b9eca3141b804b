"""Cards of what is under way now, whatever period was chosen."""

from collections.abc import Mapping

from flask import url_for

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.charts import DrawnFigure, Figure, Wish, drawn_figure
from servicedesk.core.language import gettext
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import month_of
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.cards import link, those
from servicedesk.insight.overview.drawing import EVER
from servicedesk.insight.overview.reading import AtRisk, at_risk


def cards(place: Place, who: Actor, waiting: Mapping[int, Counts]) -> list[DrawnFigure]:
    """What is overdue or nearly, and all that is not solved: `waiting` is that by the month in which it came."""
    return [_at_risk(at_risk(place.slice, who, clock.now())), _waiting(place, waiting)]


def _at_risk(risk: AtRisk) -> DrawnFigure:
    return drawn_figure(
        Figure(
            key="figure-risk",
            name=gettext("Over fristen eller tæt på"),
            value=risk.number,
            n_words=gettext("eller flere") if risk.is_more else "",
            wish=Wish.LOW,
            how=gettext(
                "Henvendelser, hvis frist er overskredet eller falder inden for de næste fire åbningstimer, efter"
                " de ure, der går lige nu. Mens vi venter på brugeren, går uret ikke."
            ),
            href=url_for("cockpit.queue", **risk.filters.address()) if risk.number else "",
            href_words=those(risk.number),
        )
    )


def _waiting(place: Place, waiting: Mapping[int, Counts]) -> DrawnFigure:
    number = sum(counts["waiting"] for counts in waiting.values())
    every = place.slice.of_months(EVER, month_of(clock.today()))
    told = FIGURES["waiting"]
    return drawn_figure(
        Figure(
            key="figure-waiting",
            name=str(told.name),
            value=number,
            wish=Wish.LOW,
            how=str(told.how),
            href=link(every, "waiting") if number else "",
            href_words=those(number),
        )
    )
