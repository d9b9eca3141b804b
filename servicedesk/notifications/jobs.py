"""What the worker does for the outbox."""

from datetime import datetime
from functools import cache, partial

from flask import current_app

from servicedesk.config import Settings
from servicedesk.core import logging
from servicedesk.notifications import delivery, mails
from servicedesk.notifications.smtp import Post, Server

log = logging.get()


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
