"""On a system's page in the register: what is promised of it, when, and under which contract it is delivered."""

from typing import Any

from flask import render_template

from servicedesk.agreements import promises
from servicedesk.agreements.book import Version, book_of
from servicedesk.agreements.of_system import agreement_of, contract_of
from servicedesk.agreements.words import hours_in_words, weekdays
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.panels import Place, offer
from servicedesk.systems.models import System


def _panel(system: Any, who: Actor) -> str | None:
    """What is promised is no secret, but only to those whom the customer is theirs."""
    if system.customer_id not in who.customer_ids and not any(grant.is_over_all for grant in who.grants):
        return None
    book, now = book_of(system.customer_id), clock.now()
    version, contract = agreement_of(system, now), contract_of(system, now)
    openings = {key: promises.opening(book, key, now) for key in _calendars(system, version) if key in book.calendars}
    return render_template(
        "agreements/_of_system.html",
        system=system,
        version=version,
        contract=contract,
        service=openings.get(version.terms.calendar) if version else None,
        own=openings.get(system.hours_id),
        weekdays=weekdays(),
        hours_in_words=hours_in_words,
    )


def _calendars(system: System, version: Version | None) -> set[Any]:
    return {system.hours_id, version.terms.calendar if version else None} - {None}


offer(Place.SYSTEM, _panel, rank=20)
