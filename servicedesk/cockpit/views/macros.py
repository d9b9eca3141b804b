"""Macros: their pages, and running one on the ticket at hand."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from servicedesk.cockpit import naming, step_words
from servicedesk.cockpit.bulk.actions import NO_SYSTEM
from servicedesk.cockpit.macros import commands, forms, previewing, queries
from servicedesk.cockpit.macros.forms import MacroForm
from servicedesk.cockpit.macros.models import MOST_DESCRIPTION, MOST_NAME, Audience, Macro
from servicedesk.cockpit.macros.policy import MacroPermission
from servicedesk.cockpit.steps import Step, StepError
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotAllowedError, NotFoundError, RefusedError
from servicedesk.core.forms import SeenForm
from servicedesk.core.keys import read_key
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.organisation import administration
from servicedesk.organisation.administration import Card
from servicedesk.phrases.fields import FIELDS
from servicedesk.tickets import choices
from servicedesk.tickets import queries as tickets
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.views.showing import back_to
from servicedesk.tickets.views.showing import page as ticket_page
from servicedesk.tickets.workflow import Cause, Kind, Level

administration.offer(
    Card(
        lazy("Makroer"),
        lazy("Det, der gøres igen og igen, samlet under ét navn."),
        "cockpit.macros",
        "settings",
        MacroPermission.SHARE,
        rank=75,
    )
)

#: So many macros need no box to search among them.
FEW = 6

ENDS = {
    "": lazy("Ikke mere"),
    "ask": lazy("Afvent brugeren (svaret ovenfor er et spørgsmål)"),
    "await_supplier": lazy("Afvent leverandør"),
    "resolve": lazy("Løs"),
    "resolve_and_close": lazy("Løs, og luk med det samme"),
    "close": lazy("Luk en løst henvendelse"),
    "cancel": lazy("Annuller"),
}
#: What a preview calls the facts that change.
LABELS = {
    "state": lazy("Tilstand"),
    "priority": lazy("Prioritet"),
    "impact": lazy("Påvirkning"),
    "urgency": lazy("Hastegrad"),
    "kind": lazy("Slags"),
    "due_at": lazy("Frist"),
    "team_id": lazy("Team"),
    "assignee_id": lazy("Ansvarlig"),
    "system_id": lazy("System"),
}
PLACES = {
    "": lazy("Lad den være, som den er"),
    "take": lazy("Den, der kører makroen"),
    "person": lazy("En bestemt person"),
    "nobody": lazy("Ingen"),
}


@bp.get("/queue/macros")
@requires(MacroPermission.USE)
def macros() -> str:
    listed, names = queries.listed(actor())
    return render_template(
        "cockpit/macros.html",
        deleted=read_key(request.args.get("deleted", "")),
        macros=[(one, _told(one.steps, names), [step_words.why(*fault) for fault in _faults(one)]) for one in listed],
    )


def _faults(one: queries.Listed) -> list[tuple[str, dict[str, str]]]:
    return [(message, {"name": name}) for message, name in one.faults]


def _told(steps: Any, names: naming.Names) -> list[tuple[Step, str, str]]:
    return [(step, step_words.described(step, names), step_words.ICONS[step.deed]) for step in steps]


@bp.get("/queue/macros/new")
@requires(MacroPermission.USE)
def macro_new() -> str:
    """An empty form, or a copy of the macro that `from` names."""
    source = read_key(request.args.get("from", ""))
    if source is None:
        return _form_page({"audience": "own", "place": "", "end": ""})
    macro = queries.get(source, actor())
    typed = forms.typed_of(macro, queries.readable_steps(macro))
    name = _("%(name)s (kopi)", name=macro.name)[:MOST_NAME]
    return _form_page({**typed, "name": name, "audience": "own", "team": None})


@bp.post("/queue/macros/new")
@requires(MacroPermission.USE)
def macro_add() -> ResponseReturnValue:
    return _saved(MacroForm(), None)


@bp.get("/queue/macros/<int:macro_id>")
@requires(MacroPermission.USE)
def macro_edit(macro_id: int) -> str:
    macro = queries.get(macro_id, actor(), MacroPermission.EDIT)
    return _form_page(forms.typed_of(macro, queries.readable_steps(macro)), macro)


@bp.post("/queue/macros/<int:macro_id>")
@requires(MacroPermission.USE)
def macro_change(macro_id: int) -> ResponseReturnValue:
    return _saved(MacroForm(), queries.get(macro_id, actor(), MacroPermission.EDIT))


def _saved(form: MacroForm, macro: Macro | None) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _form_page(form.typed(), macro, form.first_errors()), 422
    who, now = actor(), clock.now()
    try:
        if macro is None:
            commands.add(form.text(), by=who, now=now)
        else:
            commands.change(macro.id, form.text(), by=who, now=now)
    except (StepError, NotAllowedError) as error:
        errors = {getattr(error, "field", "audience"): step_words.refusal(error)}
        return _form_page(form.typed(), macro, errors), error.status
    flash(_("Makroen er gemt."), "success")
    return web.see_other("cockpit.macros")


def _form_page(typed: dict[str, Any], macro: Macro | None = None, errors: dict[str, str] | None = None) -> str:
    who = actor()
    return render_template(
        "cockpit/macro_form.html",
        macro=macro,
        typed=typed,
        errors=errors or {},
        fields=[f"{{{{{name}}}}}" for name in FIELDS],
        lengths=(MOST_NAME, MOST_DESCRIPTION),
        options={
            "audience": [(one.value, in_words(one)) for one in Audience if one in _audiences(who)],
            "team": choices.teams_of(who),
            "own_team": [one for one in choices.teams_of(who) if one.id in who.team_ids or _shares(who)],
            "person": [(who.id, who.name), *choices.colleagues_of(who)],
            "place": list(PLACES.items()),
            "end": list(ENDS.items()),
            "system": [*choices.systems_of(who), (NO_SYSTEM, _("Intet system"))],
            **{name: [(one.value, in_words(one)) for one in kind] for name, kind in _MEMBERS.items()},
        },
    )


_MEMBERS: dict[str, Any] = {"kind": Kind, "impact": Level, "urgency": Level, "cause": Cause}


def _audiences(who: Actor) -> set[Audience]:
    teams = {Audience.TEAM} if who.team_ids or _shares(who) else set()
    return {Audience.OWN, *teams} | ({Audience.ALL} if _shares(who) else set())


def _shares(who: Actor) -> bool:
    return queries.is_open(MacroPermission.SHARE, who)


@bp.post("/queue/macros/<int:macro_id>/delete")
@requires(MacroPermission.USE)
def macro_delete(macro_id: int) -> ResponseReturnValue:
    macro = commands.delete(macro_id, by=actor(), now=clock.now())
    return web.see_other("cockpit.macros", deleted=macro.id)


@bp.post("/queue/macros/<int:macro_id>/restore")
@requires(MacroPermission.USE)
def macro_restore(macro_id: int) -> ResponseReturnValue:
    commands.restore(macro_id, by=actor(), now=clock.now())
    flash(_("Makroen er tilbage."), "success")
    return web.see_other("cockpit.macros")


# ------------------------------------------------------------------------------------------------ on a ticket


@bp.get("/tickets/<int:ticket_id>/macros/<int:macro_id>")
@requires(MacroPermission.USE)
def macro_preview(ticket_id: int, macro_id: int) -> ResponseReturnValue:
    """What the macro would do to this ticket now; it does it only when asked to."""
    held, macro = tickets.hold(ticket_id, actor()), queries.get(macro_id, actor())
    try:
        steps = commands.sound_steps(macro)
        found, refusal = previewing.preview(held, steps, by=actor(), now=clock.now()), None
    except NotFoundError:
        raise
    except RefusedError as error:
        steps, found, refusal = queries.readable_steps(macro), None, step_words.refusal(error)
    held = tickets.hold(ticket_id, actor())
    return render_template(
        "cockpit/macro_preview.html",
        ticket=held.ticket,
        macro=macro,
        told=_told(steps, naming.names_in(steps)),
        labels=LABELS,
        kinds={EntryKind.REPLIED: _("Svar"), EntryKind.NOTED: _("Note"), EntryKind.RESOLVED: _("Løsning")},
        preview=found,
        refusal=refusal,
        seen=read_key(request.args.get("seen", "")) or held.ticket.version,
    )


@bp.post("/tickets/<int:ticket_id>/macros/<int:macro_id>")
@requires(MacroPermission.USE)
def macro_run(ticket_id: int, macro_id: int) -> ResponseReturnValue:
    """All of it or nothing, from a page that must not be out of date."""
    form = SeenForm()
    form.validate_on_submit()
    try:
        commands.run(macro_id, ticket_id, by=actor(), now=clock.now(), seen=form.seen.data)
    except NotFoundError:
        raise
    except RefusedError as error:
        web.note_refusal(error)
        seen = form.seen.data or 0 if error.status == 409 else 0
        held = tickets.hold(ticket_id, actor())
        return ticket_page(held, errors={"macros": step_words.refusal(error)}, seen=seen), error.status
    flash(_("Makroen er kørt."), "success")
    return back_to(ticket_id)


def _panel(held: Held, who: Actor) -> str | None:
    """What can be run on the ticket, for those who may do anything to it."""
    if not {TicketPermission.WORK, TicketPermission.READ_INTERNAL} & held.may:
        return None
    usable = queries.usable(who)
    if not usable:
        return None
    return render_template("cockpit/_macros.html", macros=usable, ticket=held.ticket, few=FEW)


panels.offer(panels.Place.TICKET_ACTIONS, _panel, rank=40)
