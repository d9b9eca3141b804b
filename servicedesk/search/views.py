"""The search page, the palette's answers, and what a person opened and searched last."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import BusyError
from servicedesk.core.language import gettext as _
from servicedesk.search import commands, found, palette, queries, words
from servicedesk.search.grammar import MOST_SIGNS, Asked, Field, quoted, read
from servicedesk.search.meaning import Meaning, mean
from servicedesk.tickets.finding import CANDIDATES, number_in

bp = Blueprint("search", __name__)

#: With fewer somebody has only begun to write.
LEAST_SIGNS = 3
MOST_PAGES = CANDIDATES // found.PAGE


@bp.get("/search")
@signed_in
def search() -> ResponseReturnValue:
    """The page; for the box in which somebody types, only what was found."""
    typed = " ".join(web.text_in_address("q", MOST_SIGNS + 1).split())
    looking.note_search(typed if len(typed) >= LEAST_SIGNS else "")
    if "HX-Request" in request.headers:
        return _as_typed(typed)
    shown = _found(typed)
    if typed and shown["tickets"].total and not _is_nobody_looking():
        _note(typed)
    recent = queries.recent_searches(actor()) if not typed else []
    return render_template("search/search.html", **shown, recent=recent, may_use_fields=found.may_use_fields(actor()))


def _as_typed(typed: str) -> Response:
    answer = make_response(render_template("search/_found.html", **_found(typed, is_typing=True), is_piece=True))
    answer.headers["HX-Replace-Url"] = url_for(".search", **_address(typed))
    return answer


def _found(typed: str, *, is_typing: bool = False) -> dict[str, Any]:
    who, page = actor(), min(web.key_in_address("page") or 1, MOST_PAGES)
    asked = read(typed) if found.may_use_fields(who) else Asked(words=typed[:MOST_SIGNS])
    meaning = mean(asked, who, now=clock.now(), zone=clock.own_zone())
    if is_typing:
        meaning = replace(meaning, filters=replace(meaning.filters, words=found.while_typing(asked.words)))
    is_short = is_typing and bool(asked.words) and not meaning.filters.words and number_in(typed) is None
    newest = request.args.get("sort") == "newest"
    beside = page == 1
    return {
        "search_query": typed,
        "asked": asked,
        "tickets": found.Tickets()
        if is_short and not asked.conditions
        else found.tickets(typed, meaning, who, newest=newest, page=page),
        "people": found.people(asked, who) if beside else [],
        "systems": found.systems(asked, who) if beside else [],
        "told": [words.told(one) for one in meaning.unclear],
        "corrected": _corrected(typed, asked),
        "is_short": is_short,
        "newest": newest,
        "address": lambda **others: url_for(".search", **{**_address(typed), **others}),
        "by_system": lambda name: url_for(".search", q=f"{Field.SYSTEM}:{quoted(name)}"),
        "in_queue": _in_queue(asked, meaning, who),
    }


def _address(typed: str) -> dict[str, Any]:
    sort = {"sort": "newest"} if request.args.get("sort") == "newest" else {}
    return {"q": typed, **sort}


def _corrected(typed: str, asked: Asked) -> list[tuple[str, str, str]]:
    """For each field that is not known: its name, the one that may have been meant, and the search with that."""
    return [
        (one.name, one.meant, url_for(".search", q=typed.replace(f"{one.name}:", f"{one.meant}:", 1)))
        for one in asked.unknown
        if one.meant
    ]


def _in_queue(asked: Asked, meaning: Meaning, who: Actor) -> str | None:
    """The same search as a view of the queue."""
    if not found.may_use_fields(who) or meaning.finds_nothing or not (asked.words or asked.conditions):
        return None
    return url_for("cockpit.queue", **meaning.filters.address())


def _note(typed: str) -> None:
    """A mark that a GET leaves, as the bell's do: it changes nothing but the person's own list."""
    if queries.recent_searches(actor())[:1] == [typed]:
        return
    with suppress(BusyError):
        commands.note_searched(typed, by=actor(), now=clock.now(), waits=False)


def _is_nobody_looking() -> bool:
    return "Sec-Purpose" in request.headers


@bp.get("/palette")
@signed_in
def find() -> ResponseReturnValue:
    """What the palette shows for what is typed in it; the actions of the page it knows itself."""
    return {"groups": palette.groups(web.text_in_address("q", MOST_SIGNS), actor())}


@bp.post("/recent/<int:ticket_id>")
@signed_in
def opened(ticket_id: int) -> ResponseReturnValue:
    """The page says that it shows a ticket; the answer is the same whether there is one."""
    with suppress(BusyError):
        commands.note_opened(ticket_id, by=actor(), now=clock.now(), waits=False)
    return "", 204


@bp.post("/recent/forget")
@signed_in
def forget() -> ResponseReturnValue:
    """One search, or with nothing named all that is remembered."""
    asked = request.form.get("q")
    if asked is None:
        commands.forget_all(by=actor())
        flash(_("Dine seneste søgninger og henvendelser er glemt."), "success")
    else:
        commands.forget_search(asked, by=actor())
    return web.see_other(".search")
