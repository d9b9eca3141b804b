"""Searching tickets: by number, else by words, ranked; never beyond what the person may read."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, select

from servicedesk.core import markup, words
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted, is_open
from servicedesk.tickets.lists import Row, listed, own_ids
from servicedesk.tickets.models import NUMBER_PREFIX, Entry, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.search import SEARCH, Match, is_sqlite

HITS = 20
#: The newest so many matches are ranked; a word that stands in half of all tickets need not be ranked in all.
CANDIDATES = 300
#: On PostgreSQL the newest tickets are read through first: what stands in many tickets is found there at once, and
#: the index, which is slow with words that stand in many, is only asked for the rest. Whoever wants an answer at each
#: key that is pressed asks for those newest only, on both databases.
NEWEST = 5_000

_NUMBER = re.compile(rf"\s*(?:{re.escape(NUMBER_PREFIX.rstrip('-'))}-?|#)?\s*(\d{{1,18}})\s*", re.IGNORECASE)


class Hit(NamedTuple):
    """A ticket found, its subject and a line of its texts with the words found marked."""

    row: Row
    subject: Markup
    snippet: Markup | None


class Candidate(NamedTuple):
    """What a match is ranked by."""

    rank: float
    subject: str


def number_in(asked: str) -> int | None:
    """The ticket's id when somebody asked for nothing but a number."""
    found = _NUMBER.fullmatch(asked)
    return int(found[1]) if found else None


def find(asked: str, who: Actor) -> list[Hit]:
    """The best matches, best first."""
    number = number_in(asked)
    ids = [number] if number is not None else []
    ids += [id_ for id_ in ranked(asked, who) if id_ != number]
    return hits(ids[:HITS], asked, who)


def hits(ids: Sequence[int], asked: str, who: Actor) -> list[Hit]:
    """Those of the ids that `who` may read, in that order, with the words found marked."""
    rows = listed(ids, who)
    snippets = _snippets(list(rows), asked, who)
    return [Hit(rows[id_], words.highlight(rows[id_].subject, asked), snippets.get(id_)) for id_ in ids if id_ in rows]


def ranked(
    asked: str,
    who: Actor,
    *,
    narrowed: Sequence[ColumnElement[bool]] = (),
    most: int = CANDIDATES,
    only_newest: bool = False,
) -> list[int]:
    """The ids of the newest matches that hold to `narrowed`, best first.

    With `only_newest` whoever oversees tickets finds those of the newest only; one's own are found whatever their age.

    What a subject says is what the ticket is about: the more of the words stand there, the better; then by how often
    and how densely they stand anywhere. The subjects of the candidates are at hand, the same on both databases.
    """
    match = Match(asked)
    if not match.terms:
        return []
    candidates = _candidates_on_sqlite if is_sqlite() else _candidates
    found = candidates(match, who, _matching(match).where(*narrowed).limit(most), only_newest)
    ranks = {id_: (words.share_of(match.terms, one.subject), one.rank) for id_, one in found.items()}
    return sorted(ranks, key=lambda id_: (*ranks[id_], id_), reverse=True)


def _candidates_on_sqlite(
    match: Match, who: Actor, matching: Select[int, float, str], only_newest: bool
) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    if only_newest and is_open(TicketPermission.OVERSEE, who):
        matching = matching.where(match.key > _newest() - NEWEST)
    for permission, internal in ((TicketPermission.READ_INTERNAL, True), (TicketPermission.READ, False)):
        if is_open(permission, who):
            readable = matching.where(match.condition(internal=internal), granted(permission, who))
            found.update(_fetched(readable.order_by(match.key.desc())))
    return found


def _newest() -> int:
    return db.session.scalar(select(func.max(Ticket.id))) or 0


def _candidates(match: Match, who: Actor, matching: Select[int, float, str], only_newest: bool) -> dict[int, Candidate]:
    readable = granted(TicketPermission.READ, who) & match.read_through(internal=False)
    is_staff = is_open(TicketPermission.READ_INTERNAL, who)
    if is_staff:
        readable = readable | granted(TicketPermission.READ_INTERNAL, who)
    matching = matching.where(readable)
    here = matching.where(match.read_through(internal=is_staff)).order_by(match.key.desc())
    if not is_open(TicketPermission.OVERSEE, who):
        # From the person's end, however many others have used these words.
        return _fetched(here.where(match.key.in_(own_ids(who))))
    found = _fetched(here.where(match.key > _newest() - NEWEST))
    if len(found) >= HITS or only_newest:
        return found
    # Sorted by no column, so that nobody thinks of walking back through all tickets instead of asking the index.
    return _fetched(matching.where(match.condition(internal=is_staff)).order_by((match.key + 0).desc()))


def _matching(match: Match) -> Select[int, float, str]:
    columns = (match.key.label("id"), match.rank().label("rank"), Ticket.subject)
    return select(*columns).select_from(SEARCH).join(Ticket, Ticket.id == match.key)


def _fetched(matching: Select[int, float, str]) -> dict[int, Candidate]:
    return {row[0]: Candidate(row[1], row[2]) for row in db.session.execute(matching)}


def _snippets(ids: Iterable[int], asked: str, who: Actor) -> dict[int, Markup]:
    """For each ticket the first text, of those that `who` may read, in which a word was found."""
    readable = granted(TicketPermission.READ_INTERNAL, who) | (Entry.visibility == Visibility.PUBLIC)
    query = (
        select(Entry.ticket_id, Entry.data)
        .join(Ticket, Ticket.id == Entry.ticket_id)
        .where(Entry.ticket_id.in_(list(ids)), granted(TicketPermission.READ, who), readable)
        .order_by(Entry.ticket_id, Entry.seq)
    )
    found: dict[int, Markup] = {}
    for ticket_id, data in db.session.execute(query):
        text = data.get("description") or data.get("body") or data.get("solution") or data.get("reason")
        if not text or "<mark>" in found.get(ticket_id, ""):
            continue
        if ticket_id not in found or "<mark>" in words.highlight(text, asked):
            found[ticket_id] = words.highlight(markup.plain(text, len(text)), asked)
    return found
