"""Where a ticket is and what happens next, in plain words for the one whom it is about.

Told from facts alone, so that the list, the ticket's page and the receipt say the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from servicedesk.agreements.opening import Opening
from servicedesk.core.formats import on_weekday
from servicedesk.core.language import gettext as _
from servicedesk.tickets import standing
from servicedesk.tickets.lists import Row
from servicedesk.tickets.models import TicketClock
from servicedesk.tickets.workflow import Secrecy, State, Tier

#: The clocks that a user is told of: an answer, and a solution.
ANSWERS = ("response", "update")
TOLD = (*ANSWERS, "resolution")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the telling hangs on."""

    state: State
    #: Whether the reader filed it or is the one it is about.
    is_users: bool = True
    is_secret: bool = False
    affected: str = ""
    team: str | None = None
    assignee: str | None = None
    #: It is with a superbruger first.
    is_local: bool = False
    #: Who that is, as far as somebody is there today.
    helper: str = ""
    #: When an answer and a solution are due, while those clocks run.
    answer_due: datetime | None = None
    solution_due: datetime | None = None
    promised_at: datetime | None = None
    #: When it closes by itself.
    closes_at: datetime | None = None
    desk: Opening | None = None

    @classmethod
    def of_row(cls, row: Row, clocks: Iterable[TicketClock], reader_id: int | None, desk: Opening | None) -> Self:
        """From a line of a list and the rows of its clocks."""
        due = {clock.name: clock.due_at for clock in clocks if clock.is_running and clock.due_at is not None}
        return cls(
            state=row.state,
            is_users=row.is_of(reader_id),
            is_secret=row.secrecy is not Secrecy.ORDINARY,
            is_local=row.tier is Tier.LOCAL,
            affected=row.affected,
            team=row.team,
            assignee=row.assignee,
            promised_at=row.promised_at,
            desk=desk,
            **dues(due),
        )


def dues(due: Mapping[str, datetime]) -> dict[str, Any]:
    """By the names of running clocks, what `Facts` needs of them."""
    answer = next((due[name] for name in ANSWERS if name in due), None)
    return {"answer_due": answer, "solution_due": due.get("resolution")}


class Told(NamedTuple):
    """The answers to a user's five questions; "" where there is nothing to say."""

    where: str
    who: str
    waits_for: str
    next_step: str
    when: list[str]
    #: The reader's own turn.
    is_yours: bool
    #: All of it in one sentence, for a list.
    words: str


def tell(facts: Facts, now: datetime) -> Told:
    is_yours = facts.is_users and facts.state in (State.WAITING_USER, State.RESOLVED)
    return Told(
        _where(facts), _who(facts), _waits_for(facts), _next_step(facts), _when(facts, now), is_yours, _words(facts)
    )


def _has_ended(facts: Facts) -> bool:
    return facts.state in (State.CLOSED, State.CANCELLED)


def _where(facts: Facts) -> str:
    if _has_ended(facts):
        return ""
    if facts.is_secret:
        return _("Hos et lukket team, som er de eneste, der kan se den")
    if facts.is_local and facts.is_users:
        return _("Hos din superbruger %(name)s", name=facts.helper) if facts.helper else _("Hos din superbruger")
    if facts.is_local:
        return _("Hos en superbruger")
    return _("Hos %(team)s", team=facts.team) if facts.team else _("Hos servicedesken")


def _who(facts: Facts) -> str:
    if _has_ended(facts):
        return ""
    return facts.assignee or _("Ingen har taget den endnu")


def _waits_for(facts: Facts) -> str:
    match facts.state:
        case State.NEW if facts.is_local:
            return _("At din superbruger ser på den")
        case State.NEW if _is_shut(facts):
            return _("At servicedesken åbner, og en supporter ser på den")
        case State.NEW:
            return _("At en supporter ser på den")
        case State.OPEN:
            return _("Vi venter ikke på noget: der bliver arbejdet på den")
        case State.WAITING_USER if facts.is_users:
            return _("Dit svar")
        case State.WAITING_USER:
            return _("Svar fra %(name)s", name=facts.affected)
        case State.WAITING_SUPPLIER:
            return _("Leverandøren")
        case State.RESOLVED if facts.is_users:
            return _("At du siger, om det virker")
        case State.RESOLVED:
            return _("At %(name)s siger, om det virker", name=facts.affected)
        case _:
            return ""


def _next_step(facts: Facts) -> str:
    match facts.state:
        case State.NEW if facts.is_local:
            return _("Din superbruger løser den eller sender den videre til servicedesken")
        case State.NEW:
            return _("En supporter læser den og skriver til dig her")
        case State.OPEN if facts.assignee:
            return _("%(name)s skriver til dig her, når der er nyt", name=facts.assignee)
        case State.OPEN:
            return _("En supporter går videre med den og skriver til dig her")
        case State.WAITING_USER if facts.is_users:
            return _("Svar nedenfor, så går vi videre med det samme")
        case State.WAITING_SUPPLIER:
            return _("Vi skriver til dig her, når leverandøren har svaret")
        case State.RESOLVED if facts.is_users:
            return _("Prøv det af, og svar her")
        case State.WAITING_USER | State.RESOLVED:
            return _("%(name)s svarer", name=facts.affected)
        case _:
            return _("Der sker ikke mere, medmindre du skriver igen")


def _when(facts: Facts, now: datetime) -> list[str]:
    """What is agreed by hand, when an answer is due and when a solution is; at most two, the nearest first."""
    if facts.state is State.RESOLVED and facts.closes_at is not None:
        return [_("Hører vi ikke fra dig, lukker vi den %(at)s.", at=on_weekday(facts.closes_at))]
    if facts.state not in (State.NEW, State.OPEN, State.WAITING_SUPPLIER):
        return []
    told = [standing.answer(facts.answer_due, now)] if facts.answer_due else []
    if facts.promised_at is not None:
        told.append(standing.promised(facts.promised_at))
    elif facts.solution_due is not None:
        told.append(standing.solution(facts.solution_due, now))
    return told


def _is_shut(facts: Facts) -> bool:
    return facts.desk is not None and not facts.desk.is_open


def _words(facts: Facts) -> str:
    match facts.state:
        case State.NEW if facts.is_local:
            return _words_of_local(facts)
        case State.NEW:
            return _("Vi har modtaget den. Næste skridt: en supporter ser på den.")
        case State.OPEN if facts.assignee:
            return _("%(name)s arbejder på den og skriver her, når der er nyt.", name=facts.assignee)
        case State.OPEN:
            return _("Servicedesken arbejder på den og skriver her, når der er nyt.")
        case State.WAITING_USER if facts.is_users:
            return _("Din tur: servicedesken venter på svar fra dig.")
        case State.WAITING_USER:
            return _("Servicedesken venter på svar fra %(name)s.", name=facts.affected)
        case State.WAITING_SUPPLIER:
            return _("Vi venter på leverandøren. Du hører fra os, så snart der er nyt.")
        case State.RESOLVED if facts.is_users:
            return _("Din tur: sig til, om det virker.")
        case State.RESOLVED:
            return _("Løst. Venter på, at %(name)s bekræfter.", name=facts.affected)
        case State.CLOSED:
            return _("Henvendelsen er lukket.")
        case _:
            return _("Henvendelsen er annulleret.")


def _words_of_local(facts: Facts) -> str:
    if not facts.is_users:
        return _("En superbruger ser på den først.")
    if facts.helper:
        return _("Din superbruger %(name)s ser på den først.", name=facts.helper)
    return _("Din superbruger ser på den først.")


# ------------------------------------------------------------------------------------------------ in a mail


def for_mail(facts: Facts) -> dict[str, Any]:
    """The facts of a ticket that was just filed, as a mail keeps them until it is sent."""
    opens_at = facts.desk.changes_at if facts.desk and not facts.desk.is_open else None
    instants = {"answer_due": facts.answer_due, "solution_due": facts.solution_due, "opens_at": opens_at}
    where = {"team": facts.team, "is_local": facts.is_local, "helper": facts.helper}
    return {**where, **{name: at.isoformat() if at else None for name, at in instants.items()}}


def in_mail(kept: Mapping[str, Any], now: datetime) -> Told:
    """What the mail says of them, in the language of whoever gets it."""
    names = ("answer_due", "solution_due", "opens_at")
    answer_due, solution_due, opens_at = (datetime.fromisoformat(kept[one]) if kept.get(one) else None for one in names)
    desk = Opening(opens_at is None, opens_at)
    facts = Facts(
        state=State.NEW,
        team=kept.get("team"),
        is_local=kept.get("is_local", False),
        helper=kept.get("helper", ""),
        desk=desk,
        answer_due=answer_due,
        solution_due=solution_due,
    )
    return tell(facts, now)
