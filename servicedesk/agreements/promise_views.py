"""What the servicedesk promises, for everybody to read."""

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, render_template

from servicedesk.agreements import promises, queries
from servicedesk.agreements.book import Book, Version, book_of
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.agreements.promises import Opening, Targets
from servicedesk.agreements.words import hours_in_words, weekdays
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotFoundError
from servicedesk.core.formats import on_weekday
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customers

bp = Blueprint("promises", __name__)


class Promised(NamedTuple):
    """One agreement, to be read."""

    version: Version
    is_example: bool
    systems: list[str]
    targets: list[Targets]
    openings: list[Opening]


@bp.get("/agreements")
@requires(AgreementPermission.READ)
def show() -> str:
    own = customers(actor(), AgreementPermission.READ)
    customer = _chosen(own, web.key_in_address("customer"))
    manages = {one.id for one in customers(actor(), AgreementPermission.MANAGE)}
    book, now = book_of(customer.id), clock.now()
    kinds = list(AgreementKind) if customer.id in manages else [AgreementKind.SERVICE]
    return render_template(
        "agreements/promises.html",
        customer=customer,
        customers=own,
        may_manage=customer.id in manages,
        groups=[(kind, _promised(book, kind, now)) for kind in kinds],
        parties=queries.parties(customer.id) if customer.id in manages else {},
        weekdays=weekdays(),
        hours_in_words=hours_in_words,
        on_weekday=on_weekday,
    )


def _chosen(own: list[Unit], wanted: int | None) -> Unit:
    """The customer asked for, else the person's own, else the first."""
    found = [one for one in own if one.id == wanted]
    if wanted is None:
        found = [one for one in own if one.id == actor().customer_id] or own
    if not found:
        raise NotFoundError
    return found[0]


def _promised(book: Book, kind: AgreementKind, now: datetime) -> list[Promised]:
    today = clock.local_date(now, book.zone)
    names = queries.system_names(book.customer_id)
    examples = {one.id for one in queries.agreements(book.customer_id) if one.is_example}
    return [
        Promised(
            version,
            version.agreement_id in examples,
            [name for id_, name in names.items() if id_ in version.terms.systems],
            promises.targets(version.terms, book, today),
            promises.openings(version.terms, book, now),
        )
        for version in book.standing(kind, now)
    ]
