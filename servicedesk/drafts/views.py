"""Saving what is typed, on the page that it is typed on and without it."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, locations, panels, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.core.files import disposition, previewable
from servicedesk.core.formats import brief, here, size, wall_time
from servicedesk.core.language import gettext as _
from servicedesk.core.panels import Place
from servicedesk.drafts import commands, places, queries, rules, uploads
from servicedesk.drafts.models import Draft, KeptFile

bp = Blueprint("drafts", __name__)


@bp.app_template_filter("clock_time")
def clock_time(at: datetime) -> str:
    """To the second, as it is about seconds: "10.42.07"."""
    return f"{wall_time(at)}{wall_time(at)[2]}{here(at):%S}"


#: What a file is served with, so that nothing in it runs in our name even if a browser opens it.
FILE_POLICY = "default-src 'none'; sandbox"


class Shown(NamedTuple):
    """A draft as a form needs it."""

    place: str
    values: dict[str, str]
    version: int
    #: "Kladde gemt kl. 10.42"; empty while there is none.
    saved: str
    is_discarded: bool
    files: list[dict[str, Any]]


@bp.app_template_global("draft_of")
def draft_of(place: str) -> Shown:
    """For a form that keeps its drafts in `place`: what was typed there and not sent."""
    return shown(place, queries.find(place, actor()), actor())


def shown(place: str, draft: Draft | None, who: Actor) -> Shown:
    if draft is None:
        return Shown(place, {}, 0, "", False, [])
    if draft.discarded_at is not None:
        is_recent = clock.now() - draft.discarded_at < rules.REGRET
        return Shown(place, {}, draft.version, "", is_recent, [])
    return Shown(place, draft.fields, draft.version, said(draft), False, files_of(place, who))


def said(draft: Draft) -> str:
    """When it was saved, for the line below the text."""
    at = draft.saved_at
    if here(at).date() == here(clock.now()).date():
        return _("Kladde gemt kl. %(time)s", time=wall_time(at))
    return _("Kladde gemt %(time)s", time=brief(at))


def files_of(place: str, who: Actor) -> list[dict[str, Any]]:
    return [shown_file(file) for file in queries.files(place, who)]


def shown_file(file: KeptFile) -> dict[str, Any]:
    href = url_for("drafts.file", file_id=file.id)
    return {
        "id": file.id,
        "name": file.name,
        "size": size(file.size),
        "remove": url_for("drafts.remove_file", file_id=file.id),
        "keeps_place": file.media_type in locations.KEEPING_PLACE,
        "preview": f"{href}?preview=1" if previewable(file.media_type) else None,
    }


# ------------------------------------------------------------------------------------------------ the list


@bp.get("/drafts")
@signed_in
def index() -> str:
    """All that the person has begun. Of what he or she may no longer read, the own text and nothing else."""
    who = actor()
    drafts = queries.mine(who, now=clock.now())
    return render_template(
        "drafts/list.html",
        drafts=drafts,
        known=places.known([draft.place for draft in drafts], who),
        text_of=rules.text_of,
    )


def _on_start(_thing: Any, who: Actor) -> str | None:
    number = queries.number(who)
    return render_template("drafts/_start.html", number=number) if number else None


panels.offer(Place.START, _on_start, rank=90)


# ------------------------------------------------------------------------------------------------ one draft


@bp.get("/drafts/<place>")
@signed_in
def fetch(place: str) -> ResponseReturnValue:
    """The draft for a form that was made without it."""
    found = shown(_checked(place), queries.find(place, actor()), actor())
    return jsonify(version=found.version, fields=found.values, saved=found.saved, files=_files_html(place))


@bp.post("/drafts/<place>")
@signed_in
def save(place: str) -> ResponseReturnValue:
    """Keeps the form as it stands; a script is answered in JSON, a button with the page that the form is on."""
    place = _checked(place)
    told: dict[str, Any] = {"by": actor(), "now": clock.now(), "seen": request.form.get("draft_version", 0, int)}
    try:
        fields = rules.kept(request.form.items())
        with uploads.received() as files:
            draft = commands.save(place, fields, is_forced="draft_force" in request.form, **told)
            if files:
                commands.add_files(place, files, by=actor(), now=clock.now())
                draft = queries.find(place, actor())
    except commands.OtherWindowError as error:
        return _conflict(place, fields, error.draft)
    except RefusedError as error:
        if not _is_script():
            raise
        return jsonify(refused=web.refusal(error))
    if _is_script():
        return jsonify(version=draft.version if draft else 0, saved=said(draft) if draft else "")
    if draft is not None:
        flash(said(draft), "success")
    return _back(place)


def _conflict(place: str, fields: dict[str, str], draft: Draft) -> ResponseReturnValue:
    """Both texts. To a script it is an answer like others: nothing has failed."""
    if _is_script():
        words = _("Du har skrevet noget andet her i et andet vindue eller på en anden enhed.")
        return jsonify(conflict={"version": draft.version, "text": rules.text_of(draft.fields), "words": words})
    both = [(draft.version, draft.fields), (draft.version, fields)]
    return render_template("drafts/conflict.html", place=place, both=both, text_of=rules.text_of), 409


@bp.post("/drafts/<place>/discard")
@signed_in
def discard(place: str) -> ResponseReturnValue:
    commands.discard(_checked(place), by=actor(), now=clock.now())
    return _back(place)


@bp.post("/drafts/<place>/undo")
@signed_in
def undo(place: str) -> ResponseReturnValue:
    commands.undo_discard(_checked(place), by=actor())
    return _back(place)


def _checked(place: str) -> str:
    if not rules.is_place(place):
        raise NotFoundError
    return place


def _back(place: str) -> ResponseReturnValue:
    """To the form, or to the list when it was done from there, or when there is no way to the form any more."""
    known = places.known([place], actor())[place]
    if known is None or known.address is None or request.form.get("from") == "list":
        return web.see_other("drafts.index")
    return redirect(known.address, 303)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


# ------------------------------------------------------------------------------------------------ files


@bp.post("/drafts/<place>/files")
@signed_in
def add_files(place: str) -> ResponseReturnValue:
    """Keeps files as soon as they are chosen or pasted; answers the list as it is now."""
    place = _checked(place)
    try:
        with uploads.received() as files:
            commands.add_files(place, files, by=actor(), now=clock.now())
    except RefusedError as error:
        return jsonify(refused=web.refusal(error), files=_files_html(place))
    draft = queries.find(place, actor())
    return jsonify(files=_files_html(place), version=draft.version if draft else 0)


@bp.post("/drafts/files/<int:file_id>/remove")
@signed_in
def remove_file(file_id: int) -> ResponseReturnValue:
    place = queries.file(file_id, actor()).place
    commands.remove_file(file_id, by=actor())
    return jsonify(files=_files_html(place))


def _files_html(place: str) -> str:
    return render_template("drafts/_files.html", files=files_of(place, actor()))


@bp.get("/drafts/files/<int:file_id>")
@signed_in
def file(file_id: int) -> ResponseReturnValue:
    """The person's own file, before anybody else has it."""
    found = queries.file(file_id, actor())
    inline = "preview" in request.args and previewable(found.media_type)
    response: Response = send_file(uploads.store().path(found.stored_name), mimetype=found.media_type, max_age=0)
    response.headers["Content-Disposition"] = disposition(found.name, inline=inline)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
