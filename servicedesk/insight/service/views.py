"""What the servicedesk promises and keeps, for everybody to read."""

from datetime import date, datetime
from typing import NamedTuple

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from servicedesk.agreements import opening
from servicedesk.agreements.book import Book, Version, book_of
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.agreements.queries import system_names
from servicedesk.agreements.words import hours_in_words
from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import NotFoundError
from servicedesk.insight.service import days, kept, promises, queries
from servicedesk.insight.service.days import Day
from servicedesk.insight.service.promises import Agreed
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customer_settings, customers
from servicedesk.systems.queries import current_disturbances

bp = Blueprint("service", __name__)

navigation.offer(navigation.Item(_("Servicemål"), "service.show", rank=49, owns=("service.", "promises.")))


class Hours(NamedTuple):
    """When somebody is there."""

    now: str
    is_open: bool
    week: list[Day]
    unusual: list[Day]


@bp.get("/service")
@signed_in
def show() -> str:
    own = customers(actor(), AgreementPermission.READ)
    customer = _chosen(own, web.key_in_address("customer"))
    now = clock.now()
    book = book_of(customer.id)
    today = clock.local_date(now, book.zone)
    general, others = _agreed(book, today, now)
    return render_template(
        "insight/service.html",
        customer=customer,
        customers=own,
        general=general,
        others=others,
        hours=_hours(book, today, now),
        today=today,
        hours_in_words=hours_in_words,
        mail=queries.mail_address(customer.id),
        wrong=len(current_disturbances(actor(), now)),
        published=kept.published(queries.kept(customer.id, today), _goal(customer)),
        figures=kept.TOLD,
        names={promise: kept.name_of(promise) for promise in kept.TOLD},
    )


def _chosen(own: list[Unit], wanted: int | None) -> Unit:
    """The customer asked for; without one the person's own, else the first."""
    usual = [one for one in own if one.id == actor().customer_id] or own
    found = usual if wanted is None else [one for one in own if one.id == wanted]
    if not found:
        raise NotFoundError
    return found[0]


def _goal(customer: Unit) -> int | None:
    settings = customer_settings(customer.id)
    return settings.kept_goal if settings else None


def _agreed(book: Book, today: date, now: datetime) -> tuple[Agreed | None, list[Agreed]]:
    """What holds for most, and what for some systems alone."""
    standing = book.standing(AgreementKind.SERVICE, now)
    usual = _general(book, now)
    names = system_names(book.customer_id) if standing else {}
    told = {one.id: promises.agreed(one, book, today, names) for one in standing}
    others = [told[one.id] for one in standing if one.terms.systems]
    return told.get(usual.id) if usual else None, others


def _general(book: Book, now: datetime) -> Version | None:
    """The agreement under which a ticket about no system is filed."""
    found = book.choose(None, now)
    return book.versions[found] if found is not None else None


def _hours(book: Book, today: date, now: datetime) -> Hours | None:
    """Of those who answer most tickets; None where no hours are agreed."""
    version = _general(book, now)
    if version is None:
        return None
    calendar, special = book.calendars[version.terms.calendar], book.days.get(version.terms.calendar, {})
    found = opening.opening(calendar, now)
    return Hours(
        opening.in_words(found, now, book.zone),
        found.is_open,
        days.next_days(calendar, special, today),
        days.unusual(calendar, special, today),
    )
