"""Keeping agreements: which there are, what each has said and will say, and a new version with a look beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.agreements import commands, following, previewing, promises, queries
from servicedesk.agreements.book import Book, Version, book_of
from servicedesk.agreements.commands.agreeing import checked_terms
from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.agreements.terms import AUTO_CLOSE, Priority, Promise, Terms, TermsError
from servicedesk.agreements.terms_form import LINES, UNITS, Reader, cell, fields_of, one_by_one
from servicedesk.agreements.terms_form import promises as promises_of
from servicedesk.agreements.words import length_in_words, warnings_in_words
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.core.formats import on_weekday
from servicedesk.core.keys import read_key
from servicedesk.organisation import administration
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customers, get_unit
from sla import SlaError

MANAGE = AgreementPermission.MANAGE
#: The key of a version that is only looked at.
NOT_KEPT = -1

bp = Blueprint("agreements", __name__)

administration.offer(
    administration.Card(
        _("Aftaler"),
        _("Hvad der loves: serviceaftaler, interne aftaler og leverandøraftaler"),
        "agreements.all_agreements",
        "checklist",
        MANAGE,
        rank=52,
    )
)


@dataclass
class Draft:
    """The form as it was sent, read as far as it can be."""

    name: str
    starts_on: date
    terms: Terms | None
    team_id: int | None
    supplier_id: int | None
    errors: dict[str, str]


@bp.get("/admin/agreements")
@requires(MANAGE)
def all_agreements() -> str:
    customer = chosen_customer()
    now = clock.now()
    found = queries.agreements(customer.id)
    book = book_of(customer.id)
    return render_template(
        "agreements/list.html",
        customer=customer,
        customers=customers(actor(), MANAGE),
        groups=[(kind, [one for one in found if one.kind is kind and not one.withdrawn_at]) for kind in AgreementKind],
        withdrawn=[one for one in found if one.withdrawn_at],
        newest={one.id: book.newest(one.id, now) for one in found},
        coming=_coming(book, now),
        parties=queries.parties(customer.id),
        may_give_example=not found and not book.names,
        calendar_names=book.names,
    )


@bp.post("/admin/agreements/example/<int:customer_id>")
@requires(MANAGE)
def give_example(customer_id: int) -> ResponseReturnValue:
    made = commands.give_example(customer_id, by=actor(), now=clock.now())
    flash(gettext("Eksemplet er oprettet. Ret det til, så det passer til jer."), "success")
    return web.see_other("agreements.agreement", agreement_id=made.id)


@bp.get("/admin/agreements/<int:agreement_id>")
@requires(MANAGE)
def agreement(agreement_id: int) -> str:
    found = queries.get_agreement(agreement_id, actor())
    book, now = book_of(found.customer_id), clock.now()
    today = clock.local_date(now, book.zone)
    present = book.newest(found.id, now)
    return render_template(
        "agreements/agreement.html",
        agreement=found,
        party=queries.parties(found.customer_id).get((found.team_id, found.supplier_id)),
        present=present,
        versions=[(one, _stand(one.version, present, today)) for one in queries.versions(found.id)],
        laid_out={
            id_: promises.targets(version.terms, book, today)
            for id_, version in book.versions.items()
            if version.agreement_id == found.id
        },
        terms={id_: version.terms for id_, version in book.versions.items()},
        book=book,
        systems=queries.system_names(found.customer_id),
        work=queries.last_recalculation(found.id),
        now=now,
        length_in_words=length_in_words,
        warnings_in_words=warnings_in_words,
    )


# ------------------------------------------------------------------------------------------------ new


@bp.get("/admin/agreements/new/<int:customer_id>")
@requires(MANAGE)
def new(customer_id: int) -> str:
    customer = get_unit(customer_id, actor(), MANAGE)
    today = _today(book_of(customer.id))
    given = {**_empty_fields(book_of(customer.id)), "starts_on": today.isoformat(), "name": ""}
    return _new_page(customer, _asked_kind(request.args), given, {})


@bp.post("/admin/agreements/new/<int:customer_id>")
@requires(MANAGE)
def add(customer_id: int) -> ResponseReturnValue:
    customer = get_unit(customer_id, actor(), MANAGE)
    kind, given, book = _asked_kind(request.form), _given(), book_of(customer.id)
    draft = _read(given, kind, book, earliest=_today(book))
    _read_party(draft, kind, given, customer.id)
    if draft.errors or draft.terms is None:
        return _new_page(customer, kind, given, draft.errors), 422
    if request.form.get("do") == "preview":
        version = _unsaved(draft, kind, 0, draft.team_id, draft.supplier_id)
        return _new_page(customer, kind, given, {}, _preview(book, version, None))
    made: list[Agreement] = []
    errors = _attempt(
        lambda terms: made.append(
            commands.add_agreement(
                customer.id,
                kind=kind,
                name=draft.name,
                terms=terms,
                starts_on=draft.starts_on,
                team_id=draft.team_id,
                supplier_id=draft.supplier_id,
                by=actor(),
                now=clock.now(),
            )
        ),
        draft.terms,
    )
    if errors:
        return _new_page(customer, kind, given, errors), 422
    flash(gettext("Aftalen er gemt."), "success")
    return web.see_other("agreements.agreement", agreement_id=made[0].id)


# ------------------------------------------------------------------------------------------------ a new version


@bp.get("/admin/agreements/<int:agreement_id>/edit")
@requires(MANAGE)
def edit(agreement_id: int) -> str:
    found = _alive(agreement_id)
    book = book_of(found.customer_id)
    tomorrow = _today(book) + timedelta(days=1)
    latest = next(iter(queries.versions(found.id)), None)
    fields = fields_of(book.versions[latest.version.id].terms) if latest else _empty_fields(book)
    return _edit_page(found, {**fields, "starts_on": tomorrow.isoformat(), "name": found.name, "note": ""}, {})


@bp.post("/admin/agreements/<int:agreement_id>/edit")
@requires(MANAGE)
def change(agreement_id: int) -> ResponseReturnValue:
    found = _alive(agreement_id)
    book, given = book_of(found.customer_id), _given()
    draft = _read(given, found.kind, book, earliest=_earliest(found, book))
    if draft.errors or draft.terms is None:
        return _edit_page(found, given, draft.errors), 422
    if request.form.get("do") == "preview":
        version = _unsaved(draft, found.kind, found.id, found.team_id, found.supplier_id)
        return _edit_page(found, given, {}, _preview(book, version, found.id))
    note = str(given.get("note", ""))
    errors = _attempt(
        lambda terms: commands.change_agreement(
            found.id,
            name=draft.name,
            terms=terms,
            starts_on=draft.starts_on,
            note=note,
            by=actor(),
            now=clock.now(),
        ),
        draft.terms,
    )
    if errors:
        return _edit_page(found, given, errors), 422
    flash(gettext("Den nye udgave er gemt."), "success")
    return web.see_other("agreements.agreement", agreement_id=agreement_id)


@bp.post("/admin/agreements/versions/<int:version_id>/discard")
@requires(MANAGE)
def discard(version_id: int) -> ResponseReturnValue:
    found = commands.discard_version(version_id, by=actor(), now=clock.now())
    flash(gettext("Udgaven er fjernet, før den kom til at gælde."), "success")
    return web.see_other("agreements.agreement", agreement_id=found.id)


@bp.get("/admin/agreements/<int:agreement_id>/withdrawal")
@requires(MANAGE)
def withdrawal(agreement_id: int) -> str:
    return render_template("agreements/withdrawal.html", agreement=_alive(agreement_id))


@bp.post("/admin/agreements/<int:agreement_id>/withdrawal")
@requires(MANAGE)
def withdraw(agreement_id: int) -> ResponseReturnValue:
    number = commands.withdraw(agreement_id, by=actor(), now=clock.now())
    flash(gettext("Aftalen er trukket tilbage. Åbne henvendelser, der fulgte den: %(num)s.", num=number), "success")
    return web.see_other("agreements.agreement", agreement_id=agreement_id)


# ------------------------------------------------------------------------------------------------ the form


def chosen_customer() -> Unit:
    """The one that the address names, else the first that the person manages."""
    wanted = web.key_in_address("customer")
    found = [one for one in customers(actor(), MANAGE) if wanted in (None, one.id)]
    if not found:
        raise NotFoundError
    return found[0]


def _asked_kind(asked: Mapping[str, str]) -> AgreementKind:
    try:
        return AgreementKind(asked.get("kind", ""))
    except ValueError:
        return AgreementKind.SERVICE


def _given() -> dict[str, Any]:
    """What was typed, to be read and to be shown again."""
    told: dict[str, Any] = {name: value.replace("\x00", "") for name, value in request.form.items()}
    return {**told, "systems": request.form.getlist("systems")}


def _empty_fields(book: Book) -> dict[str, Any]:
    first = next(iter(book.calendars), "")
    return fields_of(Terms(calendar=first, auto_close=AUTO_CLOSE))


def _read(given: Mapping[str, Any], kind: AgreementKind, book: Book, *, earliest: date) -> Draft:
    reader = Reader(given, kind, list(book.calendars), list(queries.system_names(book.customer_id)))
    draft = Draft(reader.name(), reader.starts_on(earliest), reader.terms(), None, None, reader.errors)
    if draft.terms is not None:
        for promised in one_by_one(draft.terms):
            errors = _attempt(lambda terms: checked_terms(book.customer_id, terms, clock.now()), promised)
            draft.errors = errors | draft.errors
    return draft


def _read_party(draft: Draft, kind: AgreementKind, given: Mapping[str, Any], customer_id: int) -> None:
    if kind is AgreementKind.SERVICE:
        return
    chosen = read_key(str(given.get("party", "")))
    if chosen not in [id_ for id_, _name in queries.free_parties(customer_id, kind)]:
        draft.errors["party"] = gettext("Vælg, hvem aftalen er med.")
    elif kind is AgreementKind.INTERNAL:
        draft.team_id = chosen
    else:
        draft.supplier_id = chosen


def _attempt(act: Any, terms: Terms) -> dict[str, str]:
    """What `act` has against it, by the field that it is about."""
    try:
        act(terms)
    except TermsError as refused:
        is_calendar = "alender" in refused.message
        return {"calendar" if is_calendar else _first_cell(terms): web.refusal(refused)}
    except SlaError:
        return {"calendar": gettext("Kalenderen åbner ikke længe nok til, at målene kan regnes ud.")}
    except ConflictError as refused:
        return {"name": web.refusal(refused)}
    except NotFoundError:
        raise
    except RefusedError as refused:
        return {"starts_on": web.refusal(refused)}
    return {}


def _first_cell(terms: Terms) -> str:
    goal = terms.goals[0]
    promise = next(one for one in (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE) if goal.length(one))
    return cell(goal.kind.value if goal.kind else "all", goal.priority, promise)


def _unsaved(
    draft: Draft, kind: AgreementKind, agreement_id: int, team_id: int | None, supplier_id: int | None
) -> Version:
    assert draft.terms is not None
    return Version(NOT_KEPT, agreement_id, draft.name, kind, team_id, supplier_id, draft.starts_on, None, draft.terms)


def _preview(book: Book, version: Version, agreement_id: int | None) -> dict[str, Any]:
    """What the page shows of a version that is not kept: open tickets that change, and an example of each goal."""
    after = previewing.with_version(book, version)
    effects = following.effects(book, after, agreement_id, clock.now()) if agreement_id else following.Effects()
    filed_at = promises.friday_noon(version.starts_on, after.calendars[version.terms.calendar])
    return {"effects": effects, "filed_at": filed_at, "examples": promises.examples(version, after, filed_at)}


def _new_page(
    customer: Unit,
    kind: AgreementKind,
    given: Mapping[str, Any],
    errors: dict[str, str],
    preview: dict[str, Any] | None = None,
) -> str:
    parties = queries.free_parties(customer.id, kind)
    return _form_page(None, customer.id, kind, given, errors, preview, parties=parties, customer=customer)


def _edit_page(
    found: Agreement, given: Mapping[str, Any], errors: dict[str, str], preview: dict[str, Any] | None = None
) -> str:
    return _form_page(found, found.customer_id, found.kind, given, errors, preview)


def _form_page(
    found: Agreement | None,
    customer_id: int,
    kind: AgreementKind,
    given: Mapping[str, Any],
    errors: dict[str, str],
    preview: dict[str, Any] | None,
    **more: Any,
) -> str:
    book = book_of(customer_id)
    return render_template(
        "agreements/form.html",
        agreement=found,
        kind=kind,
        given=given,
        errors=errors,
        preview=preview,
        calendars=[(key, book.names[key]) for key in book.calendars],
        systems=list(queries.system_names(customer_id).items()),
        lines=LINES if kind is AgreementKind.SERVICE else {"all": None},
        priorities=list(Priority),
        promises=promises_of(kind),
        units=UNITS,
        cell=cell,
        on_weekday=on_weekday,
        **more,
    )


# ------------------------------------------------------------------------------------------------ what stands


def _alive(agreement_id: int) -> Agreement:
    found = queries.get_agreement(agreement_id, actor())
    if found.withdrawn_at is not None:
        raise ConflictError(N_("Aftalen er trukket tilbage."))
    return found


def _today(book: Book) -> date:
    return clock.local_date(clock.now(), book.zone)


def _earliest(found: Agreement, book: Book) -> date:
    """A day whose version is in force already keeps it."""
    today = _today(book)
    taken = any(one.version.starts_on == today for one in queries.versions(found.id))
    return today + timedelta(days=1) if taken else today


def _coming(book: Book, now: datetime) -> dict[int, date]:
    """The next version's first day, by agreement."""
    today = clock.local_date(now, book.zone)
    found = sorted((one.starts_on, one.agreement_id) for one in book.versions.values() if one.starts_on > today)
    return {agreement_id: on for on, agreement_id in reversed(found)}


def _stand(version: AgreementVersion, present: Version | None, today: date) -> str:
    if version.starts_on > today:
        return "coming"
    return "present" if present is not None and present.id == version.id else "past"
