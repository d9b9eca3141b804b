"""The figures by unit, system and topic."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template

from servicedesk.competence import need, offers
from servicedesk.competence.need import Line, Need
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.competence.views import bp, place
from servicedesk.competence.words import rate, rounded
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext

LOOK = UnitCompetencePermission.LOOK


@bp.get("/competence/counts")
@requires(LOOK)
def counts() -> str:
    who = actor()
    customer, when = place.chosen(who), place.period()
    found, told = need.read(customer.id, when, who), place.standing(who, customer)
    return render_template(
        "competence/counts.html",
        **told,
        need=found,
        by_unit=[line for line in found.of_units() if line.tickets],
        by_system=[line for line in found.of_systems() if line.tickets],
        by_topic=need.of_topics(found, customer.id),
        answers=offers.answers(customer.id, *when.instants, who) if told["coordinates"] else None,
        rate=rate,
        period=when,
        link=place.linker(when, who),
        address=place.address(),
    )


@bp.get("/competence/counts.<sheet:ending>")
@requires(LOOK)
def counts_table(ending: str) -> Response:
    who = actor()
    customer, when = place.chosen(who), place.period()
    found = need.read(customer.id, when, who)
    columns = [gettext("Hvad"), gettext("Navn"), gettext("System"), gettext("Brugere"), gettext("Henvendelser")]
    columns.append(gettext("Pr. 100 brugere om året"))
    table = Table(
        file="kompetence-tal",
        title=gettext("Løst ved at vise hvordan"),
        columns=columns,
        rows=_rows(found, need.of_topics(found, customer.id)),
        period=when,
        chosen=[(gettext("Organisation"), customer.name)],
    )
    return taken_home(table, ending)


def _rows(found: Need, topics: list[Line]) -> Iterator[list[Any]]:
    for what, lines in (
        (gettext("Enhed"), found.of_units()),
        (gettext("System"), found.of_systems()),
        (gettext("Emne"), topics),
    ):
        for line in lines:
            yield [what, line.name, line.system, line.people, line.tickets, rounded(line.rate)]
