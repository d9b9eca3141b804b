"""Cards of what is not of tickets: how satisfied people are, and how many are trained."""

from collections.abc import Iterator

from flask import url_for

from servicedesk.core.actor import Actor
from servicedesk.core.charts import DrawnFigure, Figure, Unit, Wish, drawn_figure
from servicedesk.core.formats import day, number, when
from servicedesk.core.language import gettext
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.reading import Covered, Satisfied, covered, satisfied


def cards(place: Place, who: Actor) -> Iterator[DrawnFigure]:
    """Those of which the reader may be told anything."""
    if answers := satisfied(place.slice, who):
        yield _satisfied(answers)
    if courses := covered(place.slice, who, place.units):
        yield _covered(courses, place.customer.id)


def _satisfied(answers: Satisfied) -> DrawnFigure:
    told, mean = answers.told, answers.told.mean
    before = answers.before.mean if answers.before else None
    return drawn_figure(
        Figure(
            key="figure-satisfied",
            name=gettext("Tilfredshed"),
            value=mean.value if mean else None,
            unit=Unit.SCORE,
            n_words=gettext(
                "af 5; %(answered)s svar fra %(asked)s spurgte (%(rate)s %%)",
                answered=number(told.answered),
                asked=number(told.asked),
                rate=round(100 * (told.rate.value or 0)),
            ),
            before=before.value if before else None,
            before_words=gettext("kvartalet før"),
            wish=Wish.HIGH,
            how=gettext(
                "Gennemsnittet af bedømmelserne for %(name)s i kvartalet fra %(on)s, fra 1 til 5. Tal, hvor for få"
                " har svaret, vises ikke.",
                name=answers.name,
                on=day(answers.on),
            ),
            href=url_for("surveys.overview"),
            href_words=gettext("Se tilfredsheden"),
        )
    )


def _covered(courses: Covered, customer_id: int) -> DrawnFigure:
    return drawn_figure(
        Figure(
            key="figure-covered",
            name=gettext("Har de kurser, de skal have"),
            value=100 * courses.trained / courses.required,
            unit=Unit.PERCENT,
            n_words=gettext("%(part)s af %(whole)s krav", part=number(courses.trained), whole=number(courses.required)),
            wish=Wish.HIGH,
            how=gettext(
                "Af alle de kurser, der kræves af medarbejderne i de enheder, du må se, den andel, som de har eller"
                " er fritaget for. Talt %(when)s.",
                when=when(courses.told_at),
            ),
            href=url_for("competence.heat_map", customer=customer_id),
            href_words=gettext("Se behov og træning"),
        )
    )
