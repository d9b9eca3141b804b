"""Many tickets at once: asked for under the queue, shown once more, carried out, and told how it went."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import Response, flash, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from servicedesk.cockpit import naming, step_words, steps
from servicedesk.cockpit.bulk import actions, commands, queries
from servicedesk.cockpit.bulk.actions import ACTIONS, ActionForm, Wanted
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.bulk.queries import MOST
from servicedesk.cockpit.macros import queries as macros
from servicedesk.cockpit.steps import StepError
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.core.keys import read_key
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.tickets import choices, lists, soon
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.models import number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Cause, Kind, Level, Secrecy


@bp.app_context_processor
def _offer() -> dict[str, Any]:
    """For cockpit/_bulk.html, which the queue includes."""
    return {"bulk_bar": _bar, "bulk_most": MOST}


def _bar(known: choices.Offered) -> Markup:
    """Every action with its fields, from what the page offers to choose from anyway."""
    return _written(tuple((name, tuple(values)) for name, values in _choices(known).items()), web.current_locale())


# Its lists take longer to write than all the tickets, and are the same each time.
@lru_cache(maxsize=200)
def _written(offered: tuple[tuple[str, tuple[tuple[Any, str], ...]], ...], _locale: str) -> Markup:
    moves = get_template_attribute("cockpit/_bulk_fields.html", "moves")
    return Markup(moves(ACTIONS, dict(offered)))  # noqa: S704  a macro escapes what it is given


def _choices(known: choices.Offered) -> dict[str, list[tuple[Any, str]]]:
    """What the fields of the actions offer the person."""
    who = actor()
    return {
        "to_assignee": [(who.id, _("Mig selv")), *known.colleagues],
        "to_team": [*known.teams],
        "set_system": [*known.systems, (actions.NO_SYSTEM, _("Intet system"))],
        "macro": [(id_, name) for id_, name, _description in macros.usable(who)],
        "set_kind": _options(Kind),
        "set_impact": _options(Level),
        "set_urgency": _options(Level),
        "cause": _options(Cause),
    }


def _options(kind: Any) -> list[tuple[Any, str]]:
    return [(member.value, in_words(member)) for member in kind]


@bp.post("/queue/bulk")
@requires(TicketPermission.WORK)
def bulk() -> ResponseReturnValue:
    """Says what will happen to how many; nothing has happened yet."""
    ids, is_cut = _asked_for(actor())
    return _confirm(ids, is_cut)


def _asked_for(who: Actor) -> tuple[list[int], bool]:
    """The tickets that were ticked, or all that the queue's filters find; and whether there were more than fit."""
    if request.form.get("all_matching"):
        found = lists.ids(soon.told(Filters.read(request.form), who, clock.now()), who, limit=MOST + 1)
        return found[:MOST], len(found) > MOST
    sent = _ids([*request.form.getlist("ticket"), *request.form.get("tickets", "").split(",")])
    return sent[:MOST], len(sent) > MOST


def _ids(texts: Iterable[str]) -> list[int]:
    keys = (read_key(text.strip()) for text in texts)
    return list(dict.fromkeys(key for key in keys if key is not None))


def _confirm(ids: Sequence[int], is_cut: bool) -> ResponseReturnValue:
    who, form, do = actor(), ActionForm(), request.form.get("do", "")
    if not ids:
        flash(_("Sæt hak ved de henvendelser, det gælder, og vælg så, hvad der skal ske."), "warning")
        return web.see_other("cockpit.queue", **Filters.read(request.form).address())
    try:
        wanted = actions.read(do, form, who)
    except StepError as error:
        return _mend(do, form, ids, error), 422
    except ConflictError as error:  # the macro names what is not in use any more
        return _mend(do, form, ids, error), error.status
    return _page(wanted, form, ids, is_cut)


def _page(wanted: Wanted, form: ActionForm, ids: Sequence[int], is_cut: bool) -> str:
    forecast = queries.foresee(ids, wanted.steps, actor())
    names = naming.names_in(wanted.steps)
    rows = lists.listed([id_ for some in forecast.refused.values() for id_ in some][:MOST_SHOWN], actor())
    return render_template(
        "cockpit/bulk_confirm.html",
        wanted=wanted,
        action=ACTIONS[wanted.do],
        told=[(step, step_words.described(step, names), step_words.ICONS[step.deed]) for step in wanted.steps],
        forecast=forecast,
        ids=ids,
        is_cut=is_cut,
        rows=rows,
        why=step_words.why,
        number_of=number_of,
        stays=_stays(wanted.steps),
        can_be_undone=steps.can_be_undone(wanted.steps),
        typed=form.typed(),
        filters=Filters.read(request.form),
        form_id=token_hex(16),
    )


#: A list on the confirmation names no more than this under each reason.
MOST_SHOWN = 100


def _stays(some: Iterable[steps.Step]) -> list[str]:
    return [str(step_words.STAYS[deed]) for deed in steps.lasting(some)]


def _mend(do: str, form: ActionForm, ids: Sequence[int], error: RefusedError) -> str:
    """The action once more with what was typed, and what is missing in it."""
    field = getattr(error, "field", "macro")
    return render_template(
        "cockpit/bulk_mend.html",
        do=do,
        action=ACTIONS[do],
        choices=_choices(choices.offered_to(actor())),
        typed=form.typed(),
        errors={field: step_words.refusal(error)},
        ids=ids,
        filters=Filters.read(request.form),
    )


@bp.post("/queue/bulk/runs")
@requires(TicketPermission.WORK)
def bulk_start() -> ResponseReturnValue:
    """Yes: from here on it is a run, whatever becomes of the browser."""
    who, form, now = actor(), ActionForm(), clock.now()
    ids = _ids(request.form.get("tickets", "").split(","))
    try:
        wanted = actions.read(request.form.get("do", ""), form, who)
        if wanted.stamp != request.form.get("stamp", ""):
            flash(_("Makroen er ændret, siden du så den. Se den igennem igen."), "warning")
            return _page(wanted, form, ids, False), 409
        run = commands.start(
            ids, wanted.steps, by=who, now=now, form_id=_form_id(request.form.get("form_id", "")), name=wanted.name
        )
    except (StepError, ConflictError) as error:
        return _mend(request.form.get("do", ""), form, ids, error), error.status
    commands.carry_on(run.id, by=who, now=now)
    return web.see_other("cockpit.bulk_run", run_id=run.id)


def _form_id(text: str) -> str:
    return text if len(text) == 32 and all(sign in "0123456789abcdef" for sign in text) else ""


# ------------------------------------------------------------------------------------------------ how it goes


@bp.get("/queue/bulk/runs")
@requires(TicketPermission.WORK)
def bulk_runs() -> str:
    runs = queries.recent(actor())
    return render_template(
        "cockpit/bulk_runs.html",
        runs=[(run, _title(run)) for run in runs],
        counts=queries.counts([run.id for run in runs]),
        outcomes=Outcome,
    )


@bp.get("/queue/bulk/runs/<int:run_id>")
@requires(TicketPermission.WORK)
def bulk_run(run_id: int) -> str:
    return _run_page(queries.get(run_id, actor()))


@bp.post("/queue/bulk/runs/<int:run_id>/more")
@requires(TicketPermission.WORK)
def bulk_more(run_id: int) -> ResponseReturnValue:
    """The page itself goes on with its run; without JavaScript by a button, or the worker does."""
    commands.carry_on(run_id, by=actor(), now=clock.now())
    if request.headers.get("HX-Request") != "true":
        return web.see_other("cockpit.bulk_run", run_id=run_id)
    run = queries.get(run_id, actor())
    if run.finished_at is not None:
        return Response(headers={"HX-Redirect": url_for("cockpit.bulk_run", run_id=run_id)})
    return render_template("cockpit/_bulk_progress.html", run=run, counts=_counts(run))


def _counts(run: BulkRun) -> dict[str, int]:
    counts = queries.counts([run.id])[run.id]
    return {outcome.value: number for outcome, number in counts.items()} | {"all": sum(counts.values())}


def _run_page(run: BulkRun) -> str:
    results, now = queries.results(run), clock.now()
    back = queries.undone_by(run)
    rows = lists.listed([result.ticket_id for result in results], actor())
    done = [result for result in results if result.outcome is Outcome.DONE]
    return render_template(
        "cockpit/bulk_run.html",
        run=run,
        title=_title(run),
        told=_told(run),
        counts=_counts(run),
        done=done,
        unchanged=sum(not result.changed for result in done),
        refused=_grouped(results),
        rows=rows,
        number_of=number_of,
        back=back,
        may_undo=back is None and commands.may_be_undone(run, now) and any(result.changed for result in done),
        undo_until=run.finished_at + commands.UNDO_WITHIN if run.finished_at else None,
        stays=_stays(run.deeds) if not run.undo_of_id else [],
    )


def _told(run: BulkRun) -> list[tuple[steps.Step, str, str]]:
    if run.undo_of_id is not None:
        return []
    names = naming.names_in(run.deeds)
    return [(step, step_words.described(step, names), step_words.ICONS[step.deed]) for step in run.deeds]


def _title(run: BulkRun) -> str:
    if run.undo_of_id is not None:
        return _("Fortrydelse")
    if run.name:
        return _("Makroen “%(name)s”", name=run.name)
    return in_words(run.deeds[0].deed)


def _grouped(results: Iterable[BulkResult]) -> list[tuple[str, list[int]]]:
    """Those that were not done, by why not, the most frequent reason first."""
    groups: dict[str, list[int]] = {}
    for result in results:
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            groups.setdefault(_why(result), []).append(result.ticket_id)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


FAULT = N_("Der skete en fejl hos os. Der er ikke ændret noget.")


def _why(result: BulkResult) -> str:
    return step_words.why(FAULT if result.outcome is Outcome.FAILED else result.reason, result.reason_values)


@bp.get("/queue/bulk/runs/<int:run_id>/results.<sheet:ending>")
@requires(TicketPermission.WORK)
def bulk_table(run_id: int, ending: str) -> ResponseReturnValue:
    run = queries.get(run_id, actor())
    results = queries.results(run)
    rows = lists.listed([result.ticket_id for result in results], actor())
    columns = [_("Henvendelse"), _("Emne"), _("Resultat"), _("Begrundelse")]
    told = ((number_of(one.ticket_id), _subject(rows, one), in_words(one.outcome), _why(one)) for one in results)
    title = _("Resultat af en ændring af flere henvendelser")
    return taken_home(Table(file=f"resultat-{run.id}", title=title, columns=columns, rows=told), ending)


def _subject(rows: dict[int, lists.Row], one: BulkResult) -> str:
    row = rows.get(one.ticket_id)
    return row.subject if row is not None and row.secrecy is Secrecy.ORDINARY else ""


@bp.post("/queue/bulk/runs/<int:run_id>/retry")
@requires(TicketPermission.WORK)
def bulk_retry(run_id: int) -> ResponseReturnValue:
    """What was refused is tried again: the ticket that is named, or all."""
    commands.retry(run_id, by=actor(), ticket_id=read_key(request.form.get("ticket", "")))
    commands.carry_on(run_id, by=actor(), now=clock.now())
    return web.see_other("cockpit.bulk_run", run_id=run_id)


@bp.post("/queue/bulk/runs/<int:run_id>/undo")
@requires(TicketPermission.WORK)
def bulk_undo(run_id: int) -> ResponseReturnValue:
    who, now = actor(), clock.now()
    back = commands.undo(run_id, by=who, now=now, reason=_("Ændringen er fortrudt."))
    commands.carry_on(back.id, by=who, now=now)
    return web.see_other("cockpit.bulk_run", run_id=back.id)
