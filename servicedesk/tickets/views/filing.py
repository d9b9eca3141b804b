"""Filing a ticket, on one page."""

from secrets import token_hex
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.formats import when
from servicedesk.core.language import gettext as _
from servicedesk.core.markup import render
from servicedesk.core.permissions import is_open
from servicedesk.drafts import queries as drafts
from servicedesk.drafts.models import KeptFile
from servicedesk.drafts.views import draft_of, shown_file
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.superbrugere import floor
from servicedesk.superbrugere import queries as superbrugere
from servicedesk.tickets import commands, guessing, habits, suggesting
from servicedesk.tickets.forms import FileForm
from servicedesk.tickets.guessing import Because
from servicedesk.tickets.mandates import BeyondMandateError
from servicedesk.tickets.passings import listed
from servicedesk.tickets.suggesting import Suggestions
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.hidden import tell_if_hidden
from servicedesk.tickets.views.uploads import left_in_draft, new_file
from servicedesk.tickets.workflow import Kind, Secrecy

bp.add_app_template_filter(render, "rendered")

#: A subject that begins with the name of a system, from a shortcut on the start page.
MAX_SUBJECT_GIVEN = 200

#: Where the draft of a ticket that is not filed yet lies.
DRAFT = "file"


class SeveralError(RefusedError):
    """More than one person answers to that name; the page asks which."""

    def __init__(self, found: list[Person]) -> None:
        super().__init__(N_("Flere hedder det. Vælg, hvem du mener."))
        self.found = found


@bp.get("/tickets/new")
@signed_in
def file() -> ResponseReturnValue:
    form = FileForm(formdata=None)
    chosen = request.args.get("kind")
    form.kind.data = Kind(chosen) if chosen in set(Kind) else Kind.INCIDENT
    form.asks_kind.data = "1" if chosen == "other" else ""
    form.subject.data = request.args.get("subject", "").replace("\x00", "")[:MAX_SUBJECT_GIVEN]
    form.system.data = web.key_in_address("system")
    form.offer.data = "1"
    _tell_of_floor(form)
    return _page(form, {})


def _tell_of_floor(form: FileForm) -> None:
    """What a superbruger wrote down on the floor, when more is needed than was done there."""
    key = web.key_in_address("floor")
    row = floor.find_own(key, actor()) if key else None
    if row is None:
        return
    form.subject.data = row.note.partition("\n")[0][:MAX_SUBJECT_GIVEN]
    form.system.data = row.system_id
    told = _("Hjulpet på stedet %(when)s i %(unit)s.", when=when(row.helped_at), unit=row.unit.name)
    texts = (draft_of(DRAFT).values.get("description"), told, row.note)
    form.description.data = "\n\n".join(text for text in texts if text)


@bp.get("/tickets/new/suggestions")
@signed_in
def suggestions() -> ResponseReturnValue:
    """What stands below the subject while it is written; a system that was guessed counts as not chosen."""
    system_id, guessed = web.key_in_address("system"), web.key_in_address("guessed")
    subject = request.args.get("subject", "")[:MAX_SUBJECT_GIVEN]
    chosen = None if system_id == guessed else system_id
    found = suggesting.suggest(subject, chosen, actor(), clock.now(), habits.choosable(actor()))
    return render_template("tickets/_suggestions.html", suggestions=found)


@bp.post("/tickets/new")
@signed_in
def file_it() -> ResponseReturnValue:
    form = FileForm()
    is_valid, errors = form.validate_on_submit(), form.first_errors()
    form_id = _form_id(form)
    files, refusal = left_in_draft(DRAFT)
    if refusal is not None:
        errors["files"] = _(refusal.message, **refusal.values)
    if not is_valid or refusal is not None:
        return _page(form, errors, files=files), refusal.status if refusal else 422
    if form.offer.data == "1" and (offered := _offered(form)):
        return _page(form, {}, files=files, offered=offered)
    return _file(form, form_id, files)


def _file(form: FileForm, form_id: str, files: list[KeptFile]) -> ResponseReturnValue:
    try:
        ticket = commands.file(_new(form, form_id, files), by=actor(), now=clock.now())
    except SeveralError as error:
        return _page(form, {"on_behalf_of": _(error.message)}, error.found, files), 422
    except BeyondMandateError as error:
        return _page(form, {"on_behalf_of": _(error.message)}, files=files), error.status
    except RefusedError as error:
        return _page(form, {"description": _(error.message, **error.values)}, files=files), error.status
    flash(_("Tak. Vi har modtaget din henvendelse som %(number)s.", number=ticket.number), "success")
    tell_if_hidden(form.subject.data, form.description.data)
    return web.see_other("tickets.show", ticket_id=ticket.id)


def _form_id(form: FileForm) -> str:
    return token_hex(16) if form.form_id.errors or not form.form_id.data else str(form.form_id.data)


def _offered(form: FileForm) -> Suggestions | None:
    """What a page without JavaScript could not show in time: seen once, before the ticket is filed."""
    who = actor()
    found = suggesting.suggest(form.subject.data or "", form.system.data, who, clock.now(), habits.choosable(who))
    form.offer.data = ""
    if found.guess is not None and found.guess.because is Because.WORDS and form.system.data is None:
        form.system.data = form.guessed.data = found.guess.system_id
        return found
    return found if found.number else None


def _new(form: FileForm, form_id: str, files: list[KeptFile]) -> commands.NewTicket:
    return commands.NewTicket(
        subject=form.subject.data or "",
        description=form.description.data or "",
        kind=form.kind.data,
        impact=form.impact.data,
        urgency=form.urgency.data,
        system_id=form.system.data,
        affected_id=_affected_id(form),
        secrecy=form.secrecy.data,
        to_desk=bool(form.to_desk.data),
        form_id=form_id,
        files=[new_file(drafts.stored(file)) for file in files],
        draft=DRAFT,
    )


def _affected_id(form: FileForm) -> int | None:
    """Whom it is about, when it is not the filer; raises RefusedError."""
    if form.affected.data is not None:
        return int(form.affected.data)
    asked = (form.on_behalf_of.data or "").strip()
    if not asked:
        return None
    found = choosing.choose(asked, actor(), PersonPermission.FILE_FOR)
    one = choosing.the_one(asked, found)
    if one is not None:
        return one.id
    if found:
        raise SeveralError(found)
    raise RefusedError(N_("Vi kan ikke finde den person blandt dem, du kan oprette henvendelser for."))


def _page(
    form: FileForm,
    errors: dict[str, str],
    several: list[Person] | None = None,
    files: list[KeptFile] | None = None,
    offered: Suggestions | None = None,
) -> str:
    who = actor()
    systems = habits.choosable(who)
    mine, others = guessing.in_order(systems, [one.id for one in habits.shortcuts(who)])
    draft = draft_of(DRAFT)
    return render_template(
        "tickets/file.html",
        form=form,
        values=_values(form) if request.method == "POST" else _with_draft(_values(form)),
        errors=errors,
        several=[(person.id, f"{person.name} ({person.initials}), {person.unit.name}") for person in several or []],
        form_id=_form_id(form),
        files=draft.files if files is None else [shown_file(file) for file in files],
        draft=draft,
        suggestions=offered,
        systems=guessing.grouped(mine, others, _("Dem, du bruger"), _("Andre systemer")),
        helpers=_helpers(form),
        may_file_for_others=is_open(PersonPermission.FILE_FOR_OTHERS, who),
        kinds=list(Kind),
        secrecies=list(Secrecy),
    )


def _helpers(form: FileForm) -> str:
    """The superbrugere out there who may be the first to see it, for the filer to know and to go past."""
    who = actor()
    if who.customer_id is None or who.unit_id is None:
        return ""
    found = superbrugere.in_unit(who.customer_id, who.unit_id, clock.today())
    return listed([one.name for one in found if one.id != who.id][:3])


def _with_draft(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed last time and not sent, unless one came to say something else."""
    told = {*request.args, *(("subject", "description", "system") if "floor" in request.args else ())}
    asked = {name: value for name, value in values.items() if name in told and value}
    return {**values, **draft_of(DRAFT).values, **asked}


def _values(form: FileForm) -> dict[str, Any]:
    """What was typed and chosen, as text for the page."""
    return {name: "" if value is None else getattr(value, "value", value) for name, value in form.data.items()}
