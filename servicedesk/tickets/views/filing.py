"""Filing a ticket, on one page."""

from secrets import token_hex
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import is_open
from servicedesk.drafts.views import draft_of
from servicedesk.organisation import queries as people
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.systems import queries as systems
from servicedesk.tickets import commands
from servicedesk.tickets.forms import FileForm
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.uploads import kept_files
from servicedesk.tickets.workflow import Kind, Secrecy

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
    form.subject.data = request.args.get("subject", "")[:200]
    return _page(form, {})


@bp.post("/tickets/new")
@signed_in
def file_it() -> ResponseReturnValue:
    form = FileForm()
    if not form.validate_on_submit():
        return _page(form, form.first_errors()), 422
    try:
        with kept_files(DRAFT) as files:
            ticket = commands.file(_new(form, files), by=actor(), now=clock.now())
    except SeveralError as error:
        return _page(form, {"on_behalf_of": _(error.message)}, error.found), 422
    except RefusedError as error:
        field = "files" if request.files.get("files") else "description"
        return _page(form, {field: _(error.message, **error.values)}), error.status
    flash(_("Tak. Vi har modtaget din henvendelse som %(number)s.", number=ticket.number), "success")
    return web.see_other("tickets.show", ticket_id=ticket.id)


def _new(form: FileForm, files: list[commands.NewFile]) -> commands.NewTicket:
    return commands.NewTicket(
        subject=form.subject.data or "",
        description=form.description.data or "",
        kind=form.kind.data,
        impact=form.impact.data,
        urgency=form.urgency.data,
        system_id=form.system.data,
        affected_id=_affected_id(form),
        secrecy=form.secrecy.data,
        form_id=form.form_id.data or None,
        files=files,
        draft=DRAFT,
    )


def _affected_id(form: FileForm) -> int | None:
    """Whom it is about, when it is not the filer; raises RefusedError."""
    if form.affected.data is not None:
        return int(form.affected.data)
    asked = (form.on_behalf_of.data or "").strip()
    if not asked:
        return None
    found = people.find_people(asked, actor(), PersonPermission.FILE_FOR)
    exact = [person for person in found if person.initials == asked.lower()]
    if len(exact or found) == 1:
        return (exact or found)[0].id
    if found:
        raise SeveralError(found)
    raise RefusedError(N_("Vi kan ikke finde den person blandt dem, du kan oprette henvendelser for."))


def _page(form: FileForm, errors: dict[str, str], several: list[Person] | None = None) -> str:
    who = actor()
    return render_template(
        "tickets/file.html",
        form=form,
        values=_values(form) if request.method == "POST" else _with_draft(_values(form)),
        errors=errors,
        several=[(person.id, f"{person.name} ({person.initials}), {person.unit.name}") for person in several or []],
        form_id=form.form_id.data or token_hex(16),
        draft=draft_of(DRAFT),
        systems=[(system.id, system.name) for system in systems.choosable(who)],
        may_file_for_others=is_open(PersonPermission.FILE_FOR_OTHERS, who),
        kinds=list(Kind),
        secrecies=list(Secrecy),
    )


def _with_draft(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed last time and not sent, unless one came to say something else."""
    asked = {name: value for name, value in values.items() if name in request.args and value}
    return {**values, **draft_of(DRAFT).values, **asked}


def _values(form: FileForm) -> dict[str, Any]:
    """What was typed and chosen, as text for the page."""
    return {name: "" if value is None else getattr(value, "value", value) for name, value in form.data.items()}
