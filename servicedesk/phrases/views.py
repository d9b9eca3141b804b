"""The texts that one can put into what one writes: which there are, and writing them."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotFoundError
from servicedesk.core.formats import day
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.core.markup import render
from servicedesk.core.navigation import Item
from servicedesk.organisation.forms import attempt
from servicedesk.phrases import commands, queries
from servicedesk.phrases.fields import FIELDS, fill, unknown
from servicedesk.phrases.forms import NewPhraseForm, PhraseForm
from servicedesk.phrases.models import Phrase
from servicedesk.phrases.policy import PhrasePermission

bp = Blueprint("phrases", __name__)

navigation.offer(Item(lazy("Tekster"), "phrases.index", PhrasePermission.USE, rank=60, owns=("phrases.",)))


@bp.get("/phrases")
@requires(PhrasePermission.USE)
def index() -> str:
    who = actor()
    return render_template("phrases/list.html", listed=queries.listed(who), deleted=queries.deleted(who, clock.now()))


@bp.get("/phrases/new")
@requires(PhrasePermission.USE)
def new() -> str:
    return _page(None, {"scope": "own"}, {})


@bp.post("/phrases/new")
@requires(PhrasePermission.USE)
def add() -> ResponseReturnValue:
    form = NewPhraseForm()
    if "preview" in request.form:
        return _page(None, form.data, {}, is_preview=True)
    errors = attempt(form, lambda: _add(form))
    if errors:
        return _page(None, form.data, errors), 422
    return _saved(_("Teksten er gemt. Skriv :: i et svar for at bruge den."), form.body.data)


def _add(form: NewPhraseForm) -> None:
    kind, _dash, key = (form.scope.data or "own").partition("-")
    id_ = read_key(key)
    if kind not in ("own", "team", "all") or (kind != "own" and id_ is None):
        raise NotFoundError
    commands.add(
        name=form.name.data or "",
        keyword=form.keyword.data or "",
        body=form.body.data or "",
        team_id=id_ if kind == "team" else None,
        customer_id=id_ if kind == "all" else None,
        by=actor(),
        now=clock.now(),
    )


@bp.get("/phrases/<int:phrase_id>")
@requires(PhrasePermission.CHANGE)
def edit(phrase_id: int) -> str:
    phrase = queries.get(phrase_id, actor(), PhrasePermission.CHANGE)
    return _page(phrase, {"name": phrase.name, "keyword": phrase.keyword, "body": phrase.body}, {})


@bp.post("/phrases/<int:phrase_id>")
@requires(PhrasePermission.CHANGE)
def change(phrase_id: int) -> ResponseReturnValue:
    form = PhraseForm()
    phrase = queries.get(phrase_id, actor(), PhrasePermission.CHANGE)
    if "preview" in request.form:
        return _page(phrase, form.data, {}, is_preview=True)
    told: dict[str, Any] = {"by": actor(), "now": clock.now()}
    given: dict[str, Any] = {name: form.data[name] or "" for name in ("name", "keyword", "body")}
    errors = attempt(form, lambda: commands.change(phrase_id, **given, **told))
    if errors:
        return _page(phrase, form.data, errors), 422
    return _saved(_("Ændringerne er gemt."), given["body"])


def _saved(words: str, body: str | None) -> ResponseReturnValue:
    flash(words, "success")
    if strange := unknown(body or ""):
        flash(_unknown_words(strange), "warning")
    return web.see_other("phrases.index")


def _unknown_words(names: list[str]) -> str:
    return _(
        "Disse felter findes ikke og bliver stående, som de er skrevet: %(fields)s",
        fields=", ".join(f"{{{{{name}}}}}" for name in names),
    )


@bp.post("/phrases/<int:phrase_id>/delete")
@requires(PhrasePermission.CHANGE)
def remove(phrase_id: int) -> ResponseReturnValue:
    phrase = commands.remove(phrase_id, by=actor(), now=clock.now())
    flash(_("“%(name)s” er slettet. Du kan fortryde nederst på siden.", name=phrase.name), "success")
    return web.see_other("phrases.index")


@bp.post("/phrases/<int:phrase_id>/restore")
@requires(PhrasePermission.CHANGE)
def restore(phrase_id: int) -> ResponseReturnValue:
    phrase = commands.restore(phrase_id, by=actor(), now=clock.now())
    flash(_("“%(name)s” er her igen.", name=phrase.name), "success")
    return web.see_other("phrases.index")


@bp.post("/phrases/preview")
@requires(PhrasePermission.USE)
def preview() -> str:
    """The text as a user would read it, while it is being written."""
    return render_template("phrases/_preview.html", **_read(request.form.get("body", "")[: commands.MOST_BODY]))


def _read(body: str) -> dict[str, Any]:
    strange = unknown(body)
    return {"text": render(fill(body, _example())), "warning": _unknown_words(strange) if strange else ""}


def _example() -> dict[str, str]:
    """An invented ticket to try the text on."""
    return {
        "bruger.fornavn": "Mette",
        "bruger.navn": "Mette Holm",
        "henvendelse.nummer": "SD-1042",
        "henvendelse.emne": _("Printeren på 2. sal skriver kun sort"),
        "system.navn": "Print",
        "mig.navn": actor().name,
        "mig.team": _("Servicedesken"),
        "dato": day(clock.today()),
    }


def _page(phrase: Phrase | None, given: dict[str, Any], errors: dict[str, str], *, is_preview: bool = False) -> str:
    return render_template(
        "phrases/phrase.html",
        phrase=phrase,
        given=given,
        errors=errors,
        scopes=queries.scopes(actor()),
        fields=FIELDS,
        is_shown=is_preview or phrase is not None,
        **_read(given.get("body") or ""),
    )
