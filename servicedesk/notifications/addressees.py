"""Whether a mail is still for whoever it was written to.

Between the event and the sending somebody may have lost a role, an appointment may have ended, or a thing may have been
taken out of sight. A mail says more than the bell, so the same is asked: who has the thing, whether the person may know
of it now.
"""

import re
from datetime import date

from flask_babel import force_locale

from servicedesk.core.actor import Actor
from servicedesk.notifications import events, things
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.actors import load_actor

GONE = "the receiver is not here any more"
NO_PART = "the receiver has no part in it any more"
NO_ACCESS = "the receiver may not know of it any more"

_CONVERSATION = re.compile(r"([a-z]{1,40}-[0-9]{1,19})-[0-9]{1,19}")


def why_not(mail: OutboxMail, today: date) -> str | None:
    """Why it is not for its receiver any more; None while it is. Mails to no person, and about no thing, are."""
    if mail.person_id is None:
        return None
    reader = load_actor(mail.person_id, today=today)
    if reader is None:
        return GONE
    if not events.is_still_for(mail.template, reader):
        return NO_PART
    thread = _thread_of(mail)
    # Things are named while they are looked for, some of them in words: here no request says in which language.
    with force_locale(mail.locale):
        return NO_ACCESS if thread is not None and not _knows(reader, thread) else None


def _thread_of(mail: OutboxMail) -> str | None:
    """What its conversation is about, such as "ticket-12"."""
    found = _CONVERSATION.fullmatch(mail.thread_id or mail.message_id)
    return found[1] if found else None


def _knows(reader: Actor, thread: str) -> bool:
    return not things.is_declared(thread) or thread in things.known([thread], reader)
