"""What a view is narrowed to, each with the address of the same view without it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from servicedesk.cockpit.tabs import Opened
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.formats import brief
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets import marks
from servicedesk.tickets.filters import Filters, Span
from servicedesk.tickets.models import number_of
from servicedesk.tickets.workflow import Priority

Choices = dict[str, tuple[tuple[Any, str], ...]]

#: Filters of which several values are ticked, by the box that offers them.
_FIELDS: Mapping[str, str] = {
    "states": "state",
    "priorities": "priority",
    "kinds": "kind",
    "tiers": "tier",
    "teams": "team",
    "assignees": "assignee",
    "systems": "system",
    "units": "unit",
}


def chosen(opened: Opened, offered: Choices, who: Actor) -> list[tuple[str, str]]:
    """Each with its address: what is ticked, and what came with a search."""
    narrowed = (*_ticked(opened.shape.filters, offered), *_shown(opened.shape.filters), *_searched(opened, who))
    return [(text, _without(opened, fewer)) for text, fewer in narrowed]


def _without(opened: Opened, fewer: Filters) -> str:
    return url_for("cockpit.queue", **opened.address(replace(opened.shape, filters=fewer)))


def _ticked(filters: Filters, offered: Choices) -> Iterable[tuple[str, Filters]]:
    for field, name in _FIELDS.items():
        for value, text in _named(getattr(filters, field), offered[name]):
            yield text, filters.without(field, value)


def _named(values: Iterable[Any], offered: Iterable[tuple[Any, str]]) -> Iterable[tuple[Any, str]]:
    names = {str(value): text for value, text in offered}
    for value in values:
        key = str(int(value)) if isinstance(value, Priority) else str(getattr(value, "value", value))
        yield value, names.get(key, key)


def _shown(filters: Filters) -> Iterable[tuple[str, Filters]]:
    if not filters.only_open:
        yield _("Også afsluttede"), replace(filters, only_open=True)
    if filters.unanswered:
        yield _("Kun ubesvarede"), replace(filters, unanswered=False)
    if filters.soon:
        yield _("Forfalder inden for 4 åbningstimer eller er overskredet"), replace(filters, soon=False)


def _searched(opened: Opened, who: Actor) -> Iterable[tuple[str, Filters]]:
    filters = opened.shape.filters
    if filters.words:
        yield _("Ord: %(words)s", words=filters.words), replace(filters, words="")
    for course in filters.courses:
        yield in_words(course), filters.without("courses", course)
    names = _names((*filters.people, *filters.helpers), who)
    for person_id in filters.helpers:
        name = names.get(person_id, _("ukendt"))
        yield _("Superbruger: %(name)s", name=name), filters.without("helpers", person_id)
    for person_id in filters.people:
        name = names.get(person_id, _("ukendt"))
        yield _("Person: %(name)s", name=name), filters.without("people", person_id)
    for cause in filters.causes:
        yield _("Årsag: %(cause)s", cause=in_words(cause)), filters.without("causes", cause)
    for mark, name in marks.names(filters.marks, who):
        yield name, filters.without("marks", mark)
    for ticket_id in filters.ids:
        yield number_of(ticket_id), filters.without("ids", ticket_id)
    if not filters.filed.is_all:
        yield _("Oprettet %(span)s", span=_span(filters.filed)), replace(filters, filed=Span())
    if not filters.updated.is_all:
        yield _("Ændret %(span)s", span=_span(filters.updated)), replace(filters, updated=Span())


def _names(ids: Iterable[int], who: Actor) -> dict[int, str]:
    """Of those whom the reader may find; others have no name here."""
    wanted = list(ids)
    if not wanted:
        return {}
    asked = select(Person.id, Person.name).where(Person.id.in_(wanted), granted(PersonPermission.FIND, who))
    return {id_: name for id_, name in db.session.execute(asked)}  # noqa: C416  a row is not typed as a pair


def _span(span: Span) -> str:
    if span.start is None:
        return _("før %(end)s", end=_at(span.end))
    if span.end is None:
        return _("siden %(start)s", start=_at(span.start))
    # The end is the first minute that is not in it.
    return _("%(start)s til %(end)s", start=_at(span.start), end=_at(span.end - timedelta(minutes=1)))


def _at(at: datetime | None) -> str:
    return brief(at) if at else ""
