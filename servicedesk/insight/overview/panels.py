"""The way to the overview from where people look after a system or help a unit, and from there to what else is told."""

from typing import Any

from flask import get_template_attribute, url_for

from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.core.actor import Actor, Role
from servicedesk.core.language import gettext
from servicedesk.core.panels import Place, offer
from servicedesk.core.permissions import Permission, is_open
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.surveys.policy import FigurePermission


def _on_system(system: Any, who: Actor) -> str | None:
    """For those who see tickets of the system, in figures."""
    if not is_open(OverviewPermission.LOOK, who):
        return None
    return _button(gettext("Tal for systemet"), system=system.id, customer=system.customer_id)


def _of_superbruger(_thing: Any, who: Actor) -> str | None:
    if not is_open(OverviewPermission.LOOK, who):
        return None
    units = sorted({grant.unit_id for grant in who.granted(Role.SUPERBRUGER) if grant.unit_id is not None})
    return _button(gettext("Tal for dine enheder"), unit=units)


def _button(words: str, **address: Any) -> str:
    link_button = get_template_attribute("components/button.html", "link_button")
    return str(link_button(words, url_for("overview.page", **address), "secondary", "search", True))


offer(Place.SYSTEM_ACTIONS, _on_system, rank=60)
offer(Place.SUPERBRUGER, _of_superbruger, rank=80)


def further(who: Actor, customer_id: int) -> list[tuple[str, str]]:
    """(words, address) of the other pages with figures that the person may open."""
    pages: list[tuple[Permission, str, str]] = [
        (CorpsPermission.WATCH, gettext("Superbrugernes tal"), url_for("corps_report.report", customer=customer_id)),
        (
            UnitCompetencePermission.LOOK,
            gettext("Behov og træning"),
            url_for("competence.heat_map", customer=customer_id),
        ),
        (FigurePermission.SEE, gettext("Tilfredshed"), url_for("surveys.overview")),
    ]
    return [(words, address) for permission, words, address in pages if is_open(permission, who)]
