"""What is kept for how long: tickets, people who have left, and whatever other capabilities offer."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, delete, func, select

from servicedesk.core.db import db
from servicedesk.notifications.models import Delivery, OutboxMail

TICKETS, PEOPLE = "tickets", "people"


@dataclass(frozen=True)
class Forgotten:
    """Something that is simply deleted when it is old."""

    what: str
    label: LazyString
    hint: LazyString
    #: Months for which it is kept where nobody has said anything; None for ever.
    usual: int | None
    #: Called with a customer and an instant: how many are older, and to delete those in the caller's transaction.
    count: Callable[[int, datetime], int]
    forget: Callable[[int, datetime], int]


_offered: list[Forgotten] = []


def offer(one: Forgotten) -> None:
    """Adds something to the rules of each customer, from whatever capability keeps it."""
    if one not in _offered:
        _offered.append(one)


def offered() -> list[Forgotten]:
    return list(_offered)


def usual() -> dict[str, int | None]:
    """Months by what is kept. Anonymising and erasing cannot be taken back, and archives and case law differ from
    place to place: so nobody's tickets go before somebody there has said when."""
    return {TICKETS: None, PEOPLE: None, **{one.what: one.usual for one in _offered}}


def months_before(at: datetime, months: int) -> datetime:
    """The same day of an earlier month, or its last."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


# ------------------------------------------------------------------------------------------------ mails


def _old_mails(customer_id: int, before: datetime) -> ColumnElement[bool]:
    mail = OutboxMail
    return (mail.customer_id == customer_id) & (mail.made_at < before) & (mail.delivery != Delivery.WAITING)


def _count_mails(customer_id: int, before: datetime) -> int:
    return db.session.scalar(select(func.count(OutboxMail.id)).where(_old_mails(customer_id, before))) or 0


def _forget_mails(customer_id: int, before: datetime) -> int:
    gone = delete(OutboxMail).where(_old_mails(customer_id, before)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


offer(
    Forgotten(
        "mails",
        _("Mails i udbakken"),
        _("Til hvem og hvornår, når de er sendt eller opgivet. Det, der stod i dem, bliver glemt, når de er sendt."),
        12,
        _count_mails,
        _forget_mails,
    )
)
