"""What the palette offers for what is typed in it: never more than a page of the application would show."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from flask import url_for

from servicedesk.core import navigation
from servicedesk.core.actor import Actor
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import is_open
from servicedesk.core.words import fold
from servicedesk.organisation import administration, choosing
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission, UnitPermission
from servicedesk.search import found, queries
from servicedesk.search.grammar import Asked, Field, quoted
from servicedesk.tickets import finding
from servicedesk.tickets.finding import number_in
from servicedesk.tickets.lists import Row, listed

#: Rows in all, and in each group.
MOST_ROWS = 20
MOST_TICKETS, MOST_PEOPLE, MOST_SYSTEMS, MOST_PAGES = 7, 5, 4, 6
#: The newest so many matches are ranked; the palette shows a handful, and leads to the search for the rest.
CANDIDATES = 60


class Line(TypedDict):
    """One thing to go to."""

    text: str
    hint: str
    href: str


class Group(TypedDict):
    #: "number" and "recent" stand before what can be done on the page.
    key: str
    name: str
    lines: list[Line]


def groups(typed: str, who: Actor) -> list[Group]:
    """Each kind of thing with its best rows, MOST_ROWS in all."""
    typed = " ".join(typed.split())
    offered = _for_words(typed, who) if typed else _for_nothing(who)
    shown: list[Group] = []
    left = MOST_ROWS
    for key, name, lines in offered:
        if kept := lines[:left]:
            shown.append({"key": key, "name": name, "lines": kept})
            left -= len(kept)
    return shown


Offer = tuple[str, str, list[Line]]


def _for_nothing(who: Actor) -> Iterable[Offer]:
    """Before anything is typed: where the person was last, and where he or she may go."""
    yield "recent", _("Sidst åbnet"), [_ticket(row) for row in queries.recent_tickets(who)]
    yield "recent", _("Seneste søgninger"), [_search(asked) for asked in queries.recent_searches(who)[:4]]
    yield "new", _("Opret"), _new("", who)
    yield "pages", _("Sider"), _pages("", who)


def _for_words(typed: str, who: Actor) -> Iterable[Offer]:
    number = number_in(typed)
    asked = Asked(words=typed)
    if number is not None:
        yield "number", _("Nummer"), [_ticket(row) for row in listed([number], who).values()]
    yield "new", _("Opret"), _new(typed, who)
    yield "pages", _("Sider"), _pages(typed, who)
    yield "people", _("Personer"), _people(found.people(asked, who, most=MOST_PEOPLE), who)
    yield "systems", _("Systemer"), [_system(one.name) for one in found.systems(asked, who, most=MOST_SYSTEMS)]
    if number is None:
        yield "tickets", _("Henvendelser"), _tickets(found.while_typing(typed), who)
        yield "search", _("Søg"), [_search(typed)]


def _tickets(typed: str, who: Actor) -> list[Line]:
    ids = finding.ranked(typed, who, most=CANDIDATES, only_newest=True)[:MOST_TICKETS]
    rows = listed(ids, who) if ids else {}
    return [_ticket(rows[id_]) for id_ in ids if id_ in rows]


def _ticket(row: Row) -> Line:
    hint = f"{row.number} · {in_words(row.state)} · {row.affected}"
    return {"text": row.subject, "hint": hint, "href": url_for("tickets.show", ticket_id=row.id)}


def _people(people: Sequence[Person], who: Actor) -> list[Line]:
    """A caller leads to the page for a call, with what he or she has under way; anybody else to his or her tickets."""
    callers = choosing.choosable({one.id for one in people}, who, PersonPermission.TAKE_CALL)
    return [_person(one, is_caller=one.id in callers) for one in people]


def _person(person: Person, *, is_caller: bool) -> Line:
    reached = [person.initials, person.unit.name, *([person.phone] if person.phone else [])]
    tickets = url_for("search.search", q=_("indmelder:") + person.initials)
    href = url_for("tickets.call", person=person.id) if is_caller else tickets
    return {"text": person.name, "hint": " · ".join(reached), "href": href}


def _system(name: str) -> Line:
    href = url_for("search.search", q=f"{Field.SYSTEM}:{quoted(name)}")
    return {"text": name, "hint": _("Henvendelser om systemet"), "href": href}


def _search(asked: str) -> Line:
    return {"text": asked, "hint": _("Søg i alt"), "href": url_for("search.search", q=asked)}


def _new(typed: str, who: Actor) -> list[Line]:
    """What the person may begin."""
    lines: list[Line] = [{"text": _("Ny henvendelse"), "hint": "", "href": url_for("tickets.file")}]
    if is_open(PersonPermission.TAKE_CALL, who):
        call = _("Telefon: opret for en, der ringer")
        lines.append({"text": call, "hint": "", "href": url_for("tickets.call")})
    return _called(typed, lines)


def _pages(typed: str, who: Actor) -> list[Line]:
    """The pages that the person may open."""
    new = {line["href"] for line in _new("", who)}
    others = [line for line in _all_pages(who) if line["href"] not in new]
    return _called(typed, others)[: MOST_PAGES if typed else MOST_ROWS]


def _called(typed: str, lines: Iterable[Line]) -> list[Line]:
    """Those with a word that begins so."""
    wanted = fold(typed)
    return [line for line in lines if not wanted or f" {wanted}" in f" {fold(line['text'])}"]


def _all_pages(who: Actor) -> Iterable[Line]:
    for label, endpoint in navigation.open_to(who):
        yield {"text": label, "hint": "", "href": url_for(endpoint)}
    for label, endpoint in (
        (_("Nyt"), "notifications.notices"),
        (_("Min profil"), "signin.profile"),
        (_("Besked om nyt"), "notifications.choosing"),
        (_("Det lover vi"), "promises.show"),
        (_("Tastaturgenveje"), "keyboard.keys"),
    ):
        yield {"text": label, "hint": "", "href": url_for(endpoint)}
    if is_open(UnitPermission.OPEN_ADMINISTRATION, who):
        for card in administration.cards_for(who):
            yield {"text": str(card.heading), "hint": _("Administration"), "href": url_for(card.endpoint)}
