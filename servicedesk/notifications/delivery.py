"""From the outbox to the mail server: claim, put into words, send, mark.

1. A short transaction takes a due mail for LEASE, under a number of its own. Others pass it by.
2. It is dropped if it is not for its receiver any more. Nothing is locked while it is put into words and sent.
3. A second transaction writes how it went, but only if the mail is still held under that number.

Whoever dies on the way leaves a lease that runs out, and the mail is taken again: between 1 and the server's yes it
has not left, after that it leaves a second time with the same Message-ID. It is never lost.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import Enum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.core import logging
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import BusyError
from servicedesk.notifications import addressees
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.notifications.smtp import PostponedError, RefusedMailError, Send, ServerTroubleError

LEASE = timedelta(minutes=5)
#: How long to wait after each failed try; three days in all, then the mail is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
#: While the server itself cannot be used no mail waits longer than that for its turn, and none is given up.
WAITS_FOR_SERVER = WAITS[:3]
#: Nothing is put off for longer. What stands further ahead was written by a clock that has been put back since.
FARTHEST = timedelta(days=30)
#: A run ends after so long, so that a worker that is told to stop soon does; what is left waits for the next.
RUN = timedelta(seconds=5)

Build = Callable[[OutboxMail], EmailMessage]

log = logging.get()


class Outcome(Enum):
    """What came of trying to deliver one mail."""

    NOTHING_DUE = "nothing_due"
    SENT = "sent"
    POSTPONED = "postponed"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"
    NO_SERVER = "no_server"


def deliver(now: datetime, build: Build, send: Send) -> int:
    """Sends what is due, as long as the server answers and the run may last; tells how many have left."""
    started, sent, elapsed = time.monotonic(), 0, timedelta()
    while elapsed < RUN:
        outcome = deliver_one(now + elapsed, build, send)
        if outcome in (Outcome.NOTHING_DUE, Outcome.NO_SERVER):
            break
        sent += outcome is Outcome.SENT
        elapsed = timedelta(seconds=time.monotonic() - started)
    return sent


def deliver_one(now: datetime, build: Build, send: Send) -> Outcome:
    """Delivers the mail that has been due longest, if any."""
    mail = claim(now)
    if mail is None:
        return Outcome.NOTHING_DUE
    if mail.attempts > len(WAITS) + 1:
        return _give_up(mail, "it was taken many times, and never came through")
    try:
        if reason := addressees.why_not(mail, now.astimezone(own_zone()).date()):
            return _drop(mail, reason)
        # What was asked must not hold the database while a mail server takes its time.
        db.session.rollback()
        send(build(mail))
    except ServerTroubleError as error:
        log.error("mail_server_trouble", error=str(error))
        tries = min(mail.attempts, len(WAITS_FOR_SERVER))
        _mark(mail, attempts=tries, next_try_at=now + WAITS_FOR_SERVER[tries - 1], last_error=str(error))
        return Outcome.NO_SERVER
    except (PostponedError, BusyError) as error:
        return _put_off(mail, str(error), now)
    except RefusedMailError as error:
        return _give_up(mail, str(error))
    except Exception as error:  # whatever is wrong with one mail must not keep the others waiting
        log.exception("mail_failed", mail=mail.id, template=mail.template)
        return _give_up(mail, f"{type(error).__name__}: {error}")
    # What it said is not needed any more, and a way back in by mail should not lie about.
    _mark(mail, delivery=Delivery.SENT, sent_at=now, last_error=None, facts={})
    return Outcome.SENT


def claim(now: datetime) -> OutboxMail | None:
    """Takes the mail that has been due longest; nobody else gets it before the lease is over."""
    if not _is_any_due(now):
        return None
    oldest = select(OutboxMail).where(_due(now)).order_by(OutboxMail.next_try_at, OutboxMail.id).limit(1)
    with transaction() as session:
        mail = session.scalar(oldest.with_for_update(skip_locked=True))
        if mail is None:
            return None
        mail.lease, mail.lease_until = uuid4().hex, now + LEASE
        # Counted beforehand: a mail that takes the whole process down does not do it for ever.
        mail.attempts += 1
        session.flush()
        session.expunge(mail)
    return mail


def _is_any_due(now: datetime) -> bool:
    """Looks without taking the writer's place on SQLite, which would be taken every few seconds for nothing."""
    found = db.session.scalar(select(OutboxMail.id).where(_due(now)).limit(1))
    db.session.rollback()
    return found is not None


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(OutboxMail.lease_until.is_(None), _is_over(OutboxMail.lease_until, now))
    return and_(OutboxMail.delivery == Delivery.WAITING, _is_over(OutboxMail.next_try_at, now), free)


def _is_over(until: InstrumentedAttribute[Any], now: datetime) -> ColumnElement[bool]:
    return or_(until <= now, until > now + FARTHEST)


def _put_off(mail: OutboxMail, reason: str, now: datetime) -> Outcome:
    if mail.attempts > len(WAITS):
        return _give_up(mail, reason)
    _mark(mail, next_try_at=now + WAITS[mail.attempts - 1], last_error=reason)
    return Outcome.POSTPONED


def _give_up(mail: OutboxMail, reason: str) -> Outcome:
    log.warning("mail_given_up", mail=mail.id, template=mail.template)
    _mark(mail, delivery=Delivery.DEAD, last_error=reason)
    return Outcome.GIVEN_UP


def _drop(mail: OutboxMail, reason: str) -> Outcome:
    log.info("mail_dropped", mail=mail.id, template=mail.template, reason=reason)
    _mark(mail, delivery=Delivery.DROPPED, last_error=reason, facts={})
    return Outcome.DROPPED


def _mark(mail: OutboxMail, **how_it_went: Any) -> None:
    """Writes how it went and lets go, unless the lease ran out and somebody else holds the mail now."""
    ours = update(OutboxMail).where(OutboxMail.id == mail.id, OutboxMail.lease == mail.lease)
    with transaction() as session:
        session.execute(ours.values(lease=None, lease_until=None, **how_it_went))
