"""What a search finds: tickets, people and systems, each as far as the person may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted, is_open
from servicedesk.core.words import fold
from servicedesk.organisation.choosing import choose
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.search.grammar import Asked
from servicedesk.search.meaning import Meaning
from servicedesk.tickets import choices, finding
from servicedesk.tickets.finding import CANDIDATES, Hit, number_in
from servicedesk.tickets.lists import narrowed
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission

PAGE = 20
#: So many people and systems stand above the tickets.
MOST_BESIDE = 5


@dataclass(frozen=True)
class Tickets:
    """A page of the tickets found."""

    hits: Sequence[Hit] = ()
    #: Of how many, CANDIDATES at most.
    total: int = 0
    page: int = 1

    @property
    def is_capped(self) -> bool:
        return self.total >= CANDIDATES

    @property
    def has_more(self) -> bool:
        return self.page * PAGE < self.total


#: While somebody types, shorter words are not looked for in tickets: half of all tickets have a word that begins so.
LEAST_LETTERS = 3


def while_typing(words: str) -> str:
    """The words that are long enough to look for before the rest is typed."""
    return " ".join(word for word in words.split() if sum(map(str.isalnum, word)) >= LEAST_LETTERS)


def may_use_fields(who: Actor) -> bool:
    """Conditions narrow lists of other people's tickets; whoever has only his or her own searches by words."""
    return is_open(TicketPermission.OVERSEE, who)


def tickets(typed: str, meaning: Meaning, who: Actor, *, newest: bool = False, page: int = 1) -> Tickets:
    """Best first, or newest first."""
    if meaning.finds_nothing:
        return Tickets(page=page)
    ids = _ids(typed, meaning, who)
    if newest:
        ids.sort(reverse=True)
    first = (page - 1) * PAGE
    return Tickets(finding.hits(ids[first : first + PAGE], meaning.filters.words, who), len(ids), page)


def _ids(typed: str, meaning: Meaning, who: Actor) -> list[int]:
    filters, words = replace(meaning.filters, words=""), meaning.filters.words
    if not meaning.has_conditions:
        number = number_in(typed)
        ranked = finding.ranked(words, who)
        return ranked if number is None else _readable([number], who) + [id_ for id_ in ranked if id_ != number]
    conditions = list(narrowed(filters, who))
    if words:
        return finding.ranked(words, who, narrowed=conditions)
    query = select(Ticket.id).where(granted(TicketPermission.READ, who), *conditions)
    return list(db.session.scalars(query.order_by(Ticket.id.desc()).limit(CANDIDATES)))


def _readable(ids: list[int], who: Actor) -> list[int]:
    query = select(Ticket.id).where(Ticket.id.in_(ids), granted(TicketPermission.READ, who))
    return list(db.session.scalars(query))


def people(asked: Asked, who: Actor, *, most: int = MOST_BESIDE) -> list[Person]:
    """For those who may look up more people than themselves."""
    if not who.grants or asked.conditions or not asked.words:
        return []
    return choose(asked.words, who, PersonPermission.FIND, limit=most)


def systems(asked: Asked, who: Actor, *, most: int = MOST_BESIDE) -> list[choices.Choice]:
    """Those with a word that begins with what was typed, for those who see the tickets of others."""
    wanted = fold(asked.words)
    if not may_use_fields(who) or asked.conditions or not wanted:
        return []
    found = [one for one in choices.systems_of(who, most=None) if f" {wanted}" in f" {fold(one.name)}"]
    return sorted(found, key=lambda one: not fold(one.name).startswith(wanted))[:most]
