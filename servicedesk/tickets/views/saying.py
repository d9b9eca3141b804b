"""Writing on a ticket: sending it, taking it back, and what helps while one writes."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, NotAllowedError, NotFoundError, RefusedError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.core.looking import tells_nothing
from servicedesk.core.panels import Place
from servicedesk.core.permissions import is_open
from servicedesk.drafts import commands as drafts
from servicedesk.drafts import places, rules, uploads
from servicedesk.drafts import queries as desks
from servicedesk.organisation import choosing
from servicedesk.organisation.policy import PersonPermission
from servicedesk.phrases import queries as phrases
from servicedesk.phrases.fields import fill
from servicedesk.phrases.policy import PhrasePermission
from servicedesk.tickets import commands, forms, mentioning, queries, recipients, textfields
from servicedesk.tickets.commands.sending import draft_place
from servicedesk.tickets.commands.talking import is_by_staff
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.acting import invalid, refused, send_own_first
from servicedesk.tickets.views.hidden import tell_if_hidden
from servicedesk.tickets.views.showing import back_to
from servicedesk.tickets.views.uploads import kept_files

places.declare("ticket", places.Kind(lazy("Svar"), lambda id_: url_for("tickets.show", ticket_id=id_, _anchor="write")))
places.declare("file", places.Kind(lazy("Ny henvendelse"), lambda _id: url_for("tickets.file")))


@bp.post("/tickets/<int:ticket_id>/entries")
@signed_in
def say(ticket_id: int) -> ResponseReturnValue:
    """A reply, a note or a question, as the form's `visibility` and `then` say; with `undo` it can be taken back."""
    queries.get(ticket_id, actor())  # or it is not found, before anything is kept
    form = forms.SayForm()
    if not form.validate_on_submit():
        _keep(ticket_id)
        return invalid(ticket_id, form)
    send_own_first(ticket_id, form)
    with kept_files(draft_place(ticket_id)) as files:
        try:
            spoken = _say(ticket_id, form, files)
        except (NotFoundError, NotAllowedError):
            raise
        except RefusedError as error:
            _keep(ticket_id, files)
            return refused(ticket_id, error, "body")
    tell_if_hidden(form.body.data)
    if spoken != ticket_id:
        flash(_("Henvendelsen var afsluttet, så vi har oprettet en ny, der hænger sammen med den gamle."), "info")
    return back_to(spoken)


def _say(ticket_id: int, form: forms.SayForm, files: list[commands.NewFile]) -> int:
    """Answers the id of the ticket that it was said on: a new one when the old has ended."""
    who, now, seen = actor(), clock.now(), form.seen.data
    is_internal = form.visibility.data == "internal"
    message = commands.Message(
        body=form.body.data or "",
        is_internal=is_internal,
        is_question=form.then.data == "wait" and not is_internal,
        files=files,
        mentions=_mentions(form, who),
        minutes=form.minutes.data,
        left_out=() if is_internal else recipients.left_out(request.form),
    )
    seconds = desks.seconds(who) if form.undo.data == "1" else 0
    if seconds and is_by_staff(queries.hold(ticket_id, who), who):
        commands.say_later(ticket_id, message, by=who, now=now, seconds=seconds, seen=seen)
        return ticket_id
    return commands.say(ticket_id, message, by=who, now=now, seen=seen, form_id=form.form_id.data or None).id


def _mentions(form: forms.SayForm, who: Actor) -> tuple[int, ...]:
    """Those chosen from the list, and those named by their initials; raises RefusedError for initials of nobody."""
    chosen = [key for id_ in (form.mentions.data or "").split(",") if (key := read_key(id_)) is not None]
    for asked in (form.tell.data or "").replace(",", " ").split():
        exact = [one for one in choosing.choose(asked, who, PersonPermission.FIND) if one.initials == asked.lower()]
        if len(exact) != 1:
            raise RefusedError(N_("Vi kan ikke finde en kollega med initialerne %(initials)s."), initials=asked[:50])
        chosen.append(exact[0].id)
    return tuple(dict.fromkeys(chosen))


def _keep(ticket_id: int, files: list[commands.NewFile] | None = None) -> None:
    """What was refused stays as a draft, files and all; a newer one of another window is left alone."""
    place, told = draft_place(ticket_id), _told()
    known = {file.stored_name for file in desks.files(place, actor())}
    new = [commands.stored_file(file) for file in files or [] if file.stored_name not in known]
    try:
        if new:
            drafts.add_files(place, new, **told)
        version = request.form.get("draft_version", 0, int)
        drafts.save(place, rules.kept(request.form.items()), seen=version + bool(new), **told)
    except drafts.OtherWindowError:
        return


def _told() -> dict[str, Any]:
    return {"by": actor(), "now": clock.now()}


# ------------------------------------------------------------------------------------------------ taking it back


@bp.post("/tickets/<int:ticket_id>/sending/<int:sending_id>/now")
@signed_in
def send_now(ticket_id: int, sending_id: int) -> ResponseReturnValue:
    """The time is up, or the person will not wait. Whoever comes second finds it sent."""
    queries.get(ticket_id, actor())
    ticket = commands.publish(sending_id, by=actor(), now=clock.now())
    if request.accept_mimetypes.best == "application/json":
        return jsonify(is_sent=ticket is not None)
    return back_to(ticket_id)


@bp.post("/tickets/<int:ticket_id>/sending/<int:sending_id>/undo")
@signed_in
def take_back(ticket_id: int, sending_id: int) -> ResponseReturnValue:
    queries.get(ticket_id, actor())
    sending = drafts.take_back(sending_id, by=actor(), now=clock.now())
    if sending is None:
        flash(_("Det nåede at blive sendt, så det kan ikke fortrydes."), "warning")
    return redirect(url_for("tickets.show", ticket_id=ticket_id, _anchor="write"), 303)


@bp.post("/me/sending")
@signed_in
def choose_seconds() -> ResponseReturnValue:
    """For how long the person can take back what he or she sends."""
    drafts.choose_seconds(request.form.get("seconds", -1, int), by=actor())
    flash(_("Gemt."), "success")
    return web.see_other("signin.profile")


def _on_profile(_thing: Any, who: Actor) -> str | None:
    if not is_open(TicketPermission.READ_INTERNAL, who):
        return None
    return render_template("tickets/_send_habit.html", seconds=desks.seconds(who), choices=rules.CHOICES)


panels.offer(Place.PROFILE, _on_profile, rank=30)


# ------------------------------------------------------------------------------------------------ help while writing


@bp.get("/tickets/<int:ticket_id>/phrases")
@signed_in
@tells_nothing
def suggest_phrases(ticket_id: int) -> ResponseReturnValue:
    """Texts for what is typed after `::`, filled in for this ticket."""
    held, who = queries.hold(ticket_id, actor()), actor()
    held.need(TicketPermission.READ_INTERNAL)
    if not is_open(PhrasePermission.USE, who):
        return jsonify(items=[])
    found = phrases.suggested(web.text_in_address("q", 100), who, customer_id=held.ticket.customer_id)
    values = textfields.values(held.ticket, who, clock.now()) if found else {}
    return jsonify(
        items=[{"label": one.name, "hint": f"::{one.keyword}", "text": fill(one.body, values)} for one in found]
    )


@bp.post("/tickets/<int:ticket_id>/phrases")
@signed_in
def insert_phrase(ticket_id: int) -> ResponseReturnValue:
    """The same without scripts: the chosen text comes after what is typed, and the page is shown again."""
    held, who = queries.hold(ticket_id, actor()), actor()
    held.need(TicketPermission.READ_INTERNAL)
    fields = rules.kept(request.form.items())
    place, told = draft_place(ticket_id), _told()
    if chosen := read_key(request.form.get("phrase", "")):
        text = fill(phrases.get(chosen, who).body, textfields.values(held.ticket, who, clock.now()))
        fields["body"] = f"{fields['body'].rstrip()}\n\n{text}" if fields.get("body", "").strip() else text
    with uploads.received() as files:
        drafts.save(place, fields, seen=request.form.get("draft_version", 0, int), **told)
        drafts.add_files(place, files, **told)
    return redirect(url_for("tickets.show", ticket_id=ticket_id, _anchor="write"), 303)


@bp.get("/tickets/<int:ticket_id>/colleagues")
@signed_in
@tells_nothing
def suggest_colleagues(ticket_id: int) -> ResponseReturnValue:
    """Colleagues for what is typed after `@`: those who may read a note here."""
    held, who = queries.hold(ticket_id, actor()), actor()
    held.need(TicketPermission.READ_INTERNAL)
    found = mentioning.suggested(web.text_in_address("q", 100), held, who, today=clock.today())
    return jsonify(
        items=[{"id": one.id, "label": one.name, "hint": one.initials, "text": f"@{one.name}"} for one in found]
    )
