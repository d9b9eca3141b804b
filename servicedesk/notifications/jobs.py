"""What the worker does for the outbox, the digests and the bell."""

from datetime import datetime
from functools import cache, partial

from flask import current_app

from servicedesk.config import Settings
from servicedesk.core import logging
from servicedesk.notifications import commands, delivery, lists, mails
from servicedesk.notifications.smtp import Post, Server

log = logging.get()

#: A run looks at so many notices, so that a worker that is told to stop soon does; the rest waits for the next.
NOTICES_AT_ONCE = 1_000


def deliver(now: datetime) -> int:
    """Sends the mails that are due; without a mail server they wait."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        if not settings.is_demo:
            _say_that_mails_wait()
        return 0
    with Post(Server.from_url(settings.smtp_url), mails.own_host(settings)) as post:
        return delivery.deliver(now, partial(mails.build, settings=settings), post.send)


@cache
def _say_that_mails_wait() -> None:
    """Once for a process; the outbox' page says it to those who can do something."""
    log.warning("no_mail_server", setting="SERVICEDESK_SMTP_URL")


def send_digests(now: datetime) -> int:
    """Puts every digest that is due in the outbox; answers how many. One that fails is reported and left waiting."""
    due, sent = lists.awaiting_digest(now=now, limit=NOTICES_AT_ONCE), 0
    for person_id in due:
        try:
            sent += commands.send_digest(person_id, now=now)
        except Exception:  # what is wrong with one must not keep the others waiting
            log.exception("digest_failed", person=person_id)
    return sent


def forget_old_notices(now: datetime) -> int:
    return commands.forget_old(now=now)
