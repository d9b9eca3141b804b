"""What people can be told about tickets."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import N_
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.core.permissions import granted, is_open
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event, by_whom
from servicedesk.notifications.models import ByMail
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

FILED = "ticket_filed"
ANSWERED = "ticket_answered"
ASKED = "ticket_asked"
RESOLVED = "ticket_resolved"
CLOSED = "ticket_closed"
CANCELLED = "ticket_cancelled"
MERGED = "ticket_merged"
ASSIGNED = "ticket_assigned"
USER_REPLIED = "ticket_user_replied"
REOPENED = "ticket_reopened"
MENTIONED = "ticket_mentioned"
NOT_SENT = "ticket_not_sent"
LOCAL = "ticket_local"
ESCALATED = "ticket_escalated"
HANDED_BACK = "ticket_handed_back"
APPRAISED = "ticket_appraised"
TOO_MANY_NUMBERS = "too_many_numbers"
CLOCK_WARNED = "ticket_clock_warned"
CLOCK_BREACHED = "ticket_clock_breached"
#: The same for a ticket that nobody has taken, told to its whole team.
TEAM_CLOCK_WARNED = "ticket_team_clock_warned"
TEAM_CLOCK_BREACHED = "ticket_team_clock_breached"

#: What the clocks of agreements are called; a team's and a supplier's have the id after a colon.
CLOCKS: Mapping[str, LazyString] = {
    "response": lazy("Reaktionstid"),
    "resolution": lazy("Løsningstid"),
    "update": lazy("Tid til næste svar"),
    "local": lazy("Tid hos superbruger"),
    "ola": lazy("Teamets tid (intern aftale)"),
    "uc": lazy("Leverandørens tid"),
}


def clock_name(clock: str) -> str:
    """A clock in the reader's language."""
    return str(CLOCKS.get(clock.partition(":")[0], lazy("Serviceaftale")))


def warned(facts: Mapping[str, Any]) -> str:
    """That so much of a clock's time is used; facts: clock, stage."""
    clock, stage = clock_name(facts["clock"]), str(facts["stage"])
    if stage.isdecimal():
        return _("%(clock)s: %(share)s %% er brugt", clock=clock, share=stage)
    return _("%(clock)s: tiden er snart brugt", clock=clock)


def breached(facts: Mapping[str, Any]) -> str:
    return _("%(clock)s: fristen er overskredet", clock=clock_name(facts["clock"]))


def _filed(facts: Mapping[str, Any]) -> str:
    if facts.get("by"):
        return _("%(by)s har oprettet henvendelsen for dig", by=facts["by"])
    return _("Vi har modtaget henvendelsen")


def _merged(facts: Mapping[str, Any]) -> str:
    if facts.get("into"):
        return _("Lagt sammen med %(number)s", number=facts["into"])
    return _("Lagt sammen med en anden henvendelse")


def _answered_many(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)s henvendelse er besvaret", "%(num)s henvendelser er besvaret", facts["count"])


def _asked_many(facts: Mapping[str, Any]) -> str:
    return ngettext(
        "Vi har et spørgsmål til %(num)s henvendelse", "Vi har et spørgsmål til %(num)s henvendelser", facts["count"]
    )


def _resolved_many(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)s henvendelse er løst", "%(num)s henvendelser er løst", facts["count"])


def _closed_many(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)s henvendelse er lukket", "%(num)s henvendelser er lukket", facts["count"])


def _cancelled_many(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)s henvendelse er annulleret", "%(num)s henvendelser er annulleret", facts["count"])


def _assigned_many(facts: Mapping[str, Any]) -> str:
    return ngettext("Du har fået %(num)s henvendelse", "Du har fået %(num)s henvendelser", facts["count"])


def _reopened_many(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)s henvendelse er genåbnet", "%(num)s henvendelser er genåbnet", facts["count"])


def _not_sent(facts: Mapping[str, Any]) -> str:
    """What was on its way and came back; facts: why (a message id) and what it says it with."""
    message, values = facts["why"], facts["with"]
    why = _(message, **values)
    return _("Det, du skrev, blev ikke sendt og ligger som kladde. %(why)s", why=why)


def _escalated(facts: Mapping[str, Any]) -> str:
    if facts.get("by"):
        return _("%(by)s har sendt henvendelsen videre til servicedesken", by=facts["by"])
    return _("Henvendelsen er sendt videre til servicedesken")


def _too_many_numbers(facts: Mapping[str, Any]) -> str:
    return _("%(by)s har vist CPR-numre %(most)s gange i dag", by=facts["by"], most=facts["most"])


def _watches(who: Actor) -> bool:
    return who.has_role(Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR)


def _helps(who: Actor) -> bool:
    return who.has_role(Role.SUPERBRUGER)


def _works(who: Actor) -> bool:
    return is_open(TicketPermission.WORK, who)


_OWN, _WORK, _CLOCKS = lazy("Dine egne henvendelser"), lazy("Henvendelser, du arbejder med"), lazy("Frister")

events.declare(
    Event(
        key=TOO_MANY_NUMBERS,
        label=lazy("Nogen viser mange CPR-numre på en dag"),
        group=lazy("Databeskyttelse"),
        words=_too_many_numbers,
        is_for=_watches,
        is_urgent=True,
    ),
    Event(
        key=FILED,
        label=lazy("Kvittering for en henvendelse"),
        group=_OWN,
        words=_filed,
        is_receipt=True,
    ),
    Event(
        key=ANSWERED,
        label=lazy("Servicedesken svarer"),
        group=_OWN,
        words=by_whom(N_("%(by)s har svaret"), N_("Servicedesken har svaret")),
        many=_answered_many,
    ),
    Event(
        key=ASKED,
        label=lazy("Servicedesken har et spørgsmål til dig"),
        group=_OWN,
        words=by_whom(N_("%(by)s har et spørgsmål til dig"), N_("Servicedesken har et spørgsmål til dig")),
        many=_asked_many,
    ),
    Event(
        key=RESOLVED,
        label=lazy("Henvendelsen er løst"),
        group=_OWN,
        words=by_whom(N_("%(by)s har løst henvendelsen"), N_("Henvendelsen er løst")),
        many=_resolved_many,
    ),
    Event(
        key=CLOSED,
        label=lazy("Henvendelsen lukkes uden dit svar"),
        group=_OWN,
        words=by_whom(N_("%(by)s har lukket henvendelsen"), N_("Henvendelsen er lukket")),
        many=_closed_many,
    ),
    Event(
        key=CANCELLED,
        label=lazy("Henvendelsen er annulleret"),
        group=_OWN,
        words=by_whom(N_("%(by)s har annulleret henvendelsen"), N_("Henvendelsen er annulleret")),
        many=_cancelled_many,
    ),
    Event(key=MERGED, label=lazy("Henvendelsen er lagt sammen med en anden"), group=_OWN, words=_merged),
    Event(
        key=ASSIGNED,
        label=lazy("Du får en henvendelse"),
        group=_WORK,
        words=by_whom(N_("%(by)s har givet dig henvendelsen"), N_("Du har fået henvendelsen")),
        many=_assigned_many,
        is_for=_works,
    ),
    Event(
        key=USER_REPLIED,
        label=lazy("Brugeren skriver"),
        group=_WORK,
        words=by_whom(N_("%(by)s har skrevet"), N_("Brugeren har skrevet")),
        is_for=_works,
    ),
    Event(
        key=REOPENED,
        label=lazy("Brugeren genåbner henvendelsen"),
        group=_WORK,
        words=by_whom(N_("%(by)s har genåbnet henvendelsen"), N_("Henvendelsen er genåbnet")),
        many=_reopened_many,
        is_for=_works,
    ),
    Event(
        key=MENTIONED,
        label=lazy("En kollega nævner dig i en intern note"),
        group=_WORK,
        words=by_whom(N_("%(by)s har nævnt dig i en intern note"), N_("Du er nævnt i en intern note")),
        is_for=_works,
    ),
    Event(
        key=NOT_SENT,
        label=lazy("Noget, du har sendt, kom ikke af sted"),
        group=_WORK,
        words=_not_sent,
        by_mail=ByMail.NEVER,
        is_for=_works,
    ),
    Event(key=ESCALATED, label=lazy("Din superbruger sender henvendelsen videre"), group=_OWN, words=_escalated),
    Event(
        key=LOCAL,
        label=lazy("En kollega har brug for dig som superbruger"),
        group=_WORK,
        words=by_whom(N_("%(by)s har brug for hjælp"), N_("En kollega har brug for hjælp")),
        is_for=_helps,
        still_for=_helps,
    ),
    Event(
        key=HANDED_BACK,
        label=lazy("Servicedesken beder dig se på noget"),
        group=_WORK,
        words=by_whom(N_("%(by)s beder dig se på noget"), N_("Servicedesken beder dig se på noget")),
        is_for=_helps,
        still_for=_helps,
    ),
    Event(
        key=APPRAISED,
        label=lazy("Servicedesken siger, om du fortalte nok"),
        group=_WORK,
        words=by_whom(N_("%(by)s har set på det, du sendte videre"), N_("Servicedesken har set på det, du sendte")),
        by_mail=ByMail.NEVER,
        is_for=_helps,
        still_for=_helps,
    ),
    Event(
        key=CLOCK_WARNED,
        label=lazy("En frist nærmer sig på en henvendelse, du har"),
        group=_CLOCKS,
        words=warned,
        is_for=_works,
    ),
    Event(
        key=CLOCK_BREACHED,
        label=lazy("En frist er overskredet på en henvendelse, du har"),
        group=_CLOCKS,
        words=breached,
        is_for=_works,
    ),
    Event(
        key=TEAM_CLOCK_WARNED,
        label=lazy("En frist nærmer sig på en henvendelse, som ingen på dit team har taget"),
        group=_CLOCKS,
        words=warned,
        by_mail=ByMail.NEVER,
        is_for=_works,
    ),
    Event(
        key=TEAM_CLOCK_BREACHED,
        label=lazy("En frist er overskredet på en henvendelse, som ingen på dit team har taget"),
        group=_CLOCKS,
        words=breached,
        by_mail=ByMail.NEVER,
        is_for=_works,
    ),
)


def _names(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """The tickets that the reader may read, a secret one without its subject."""
    readable = select(Ticket.id, Ticket.subject, Ticket.secrecy).where(
        Ticket.id.in_(ids), granted(TicketPermission.READ, reader)
    )
    return {
        id_: things.Thing(number_of(id_), subject if secrecy is Secrecy.ORDINARY else None)
        for id_, subject, secrecy in db.session.execute(readable)
    }


things.declare("ticket", _names)


def _names_of_revealers(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """Those who have shown too many numbers, for those who watch over that."""
    if not _watches(reader):
        return {}
    query = select(Person.id, Person.initials, Person.name).where(
        Person.id.in_(ids), Person.customer_id.in_(reader.customer_ids)
    )
    return {id_: things.Thing(initials, name) for id_, initials, name in db.session.execute(query)}


things.declare("reveals", _names_of_revealers)
