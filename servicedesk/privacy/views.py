"""The pages of people's data: finding and erasing a person, what is held back, and how long things are kept."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

import servicedesk.privacy.words  # noqa: F401
from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import RefusedError
from servicedesk.core.panels import Place, offer
from servicedesk.core.permissions import is_open
from servicedesk.organisation import administration
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person
from servicedesk.privacy import commands, queries, retention
from servicedesk.privacy.models import Erasure
from servicedesk.privacy.policy import PrivacyPermission
from servicedesk.tickets.models import NUMBER_PREFIX, number_of
from servicedesk.tickets.queries import Held

bp = Blueprint("privacy", __name__, url_prefix="/admin/privacy")

navigation.offer(navigation.Item(_("Persondata"), "privacy.overview", PrivacyPermission.WATCH, rank=94))
administration.offer(
    administration.Card(
        _("Persondata"),
        _("Slet en person, og bestem, hvor længe ting gemmes"),
        "privacy.overview",
        "lock",
        PrivacyPermission.SET_RETENTION,
        rank=75,
    )
)


@bp.get("")
@requires(PrivacyPermission.SET_RETENTION)
def overview() -> str:
    return _overview({}, {})


def _overview(given: dict[str, str], errors: dict[str, str]) -> str:
    who = actor()
    q = web.text_in_address("q", 100).strip()
    return render_template(
        "privacy/overview.html",
        q=q,
        found=queries.find_people(q, who) if q else None,
        most=queries.MOST_FOUND,
        erasures=queries.erasures(who),
        percent=_percent,
        holds=queries.holds(who),
        may_hold=is_open(PrivacyPermission.HOLD_TICKET, who),
        number_of=number_of,
        customers=queries.customers(who),
        given=given,
        errors=errors,
    )


# ------------------------------------------------------------------------------------------------ erasing


@bp.get("/people/<int:person_id>")
@requires(PrivacyPermission.ERASE)
def person(person_id: int) -> ResponseReturnValue:
    found = organisation.get_person(person_id, actor(), PrivacyPermission.ERASE)
    under_way = queries.erasure_of(found.id)
    if under_way is not None:
        return web.see_other("privacy.erasure", erasure_id=under_way.id)
    return _person_page(found, {}, {})


def _person_page(found: Person, given: dict[str, str], errors: dict[str, str]) -> str:
    who = actor()
    return render_template(
        "privacy/person.html",
        person=found,
        preview=queries.preview(found),
        obstacles=queries.obstacles(found),
        hold=queries.hold_on(found.id),
        may_hold=is_open(PrivacyPermission.HOLD_PERSON, who),
        given=given,
        errors=errors,
    )


@bp.post("/people/<int:person_id>/erasure")
@requires(PrivacyPermission.ERASE)
def erase(person_id: int) -> ResponseReturnValue:
    initials = request.form.get("initials", "")[:100]
    found = organisation.get_person(person_id, actor(), PrivacyPermission.ERASE)
    try:
        begun = commands.erase(person_id, initials=initials, by=actor(), now=clock.now())
    except RefusedError as refusal:
        if refusal.status == 404:
            raise
        errors = {"initials": gettext(refusal.message, **refusal.values)}
        return _person_page(found, {"initials": initials}, errors), refusal.status
    return web.see_other("privacy.erasure", erasure_id=begun.id)


@bp.get("/erasures/<int:erasure_id>")
@requires(PrivacyPermission.FOLLOW)
def erasure(erasure_id: int) -> str:
    found = queries.get_erasure(erasure_id, actor())
    return render_template("privacy/erasure.html", erasure=found, percent=_percent(found))


@bp.get("/erasures/<int:erasure_id>/progress")
@requires(PrivacyPermission.FOLLOW)
def progress(erasure_id: int) -> str:
    found = queries.get_erasure(erasure_id, actor())
    return render_template("privacy/_progress.html", erasure=found, percent=_percent(found))


def _percent(found: Erasure) -> int:
    """Tickets and steps count alike: nobody knows how long either takes."""
    if found.finished_at is not None:
        return 100
    steps = commands.steps_of_erasure()
    return min(99, 100 * (found.step + found.done) // (steps + max(found.total, 1)))


# ------------------------------------------------------------------------------------------------ holding back


@bp.post("/people/<int:person_id>/hold")
@requires(PrivacyPermission.HOLD_PERSON)
def hold_person(person_id: int) -> ResponseReturnValue:
    found = organisation.get_person(person_id, actor(), PrivacyPermission.HOLD_PERSON)
    reason = request.form.get("reason", "")
    try:
        commands.hold_person(person_id, reason=reason, by=actor(), now=clock.now())
    except FieldRefusedError as refusal:
        errors = {refusal.field: gettext(refusal.message, **refusal.values)}
        return _person_page(found, {"reason": reason}, errors), 422
    flash(gettext("%(name)s holdes tilbage.", name=found.name), "success")
    return web.see_other("privacy.person", person_id=person_id)


@bp.post("/holds")
@requires(PrivacyPermission.HOLD_TICKET)
def hold_ticket() -> ResponseReturnValue:
    given = {name: request.form.get(name, "").replace("\x00", "") for name in ("ticket", "reason")}
    try:
        held = commands.hold_ticket(_ticket_id(given["ticket"]), reason=given["reason"], by=actor(), now=clock.now())
    except FieldRefusedError as refusal:
        return _overview(given, {refusal.field: gettext(refusal.message, **refusal.values)}), 422
    flash(gettext("%(number)s holdes tilbage.", number=number_of(held.ticket_id or 0)), "success")
    return web.see_other("privacy.overview")


def _ticket_id(typed: str) -> int:
    """Of "SD-1042" or "1042"; 0, which no ticket has, of anything else."""
    digits = typed.strip().upper().removeprefix(NUMBER_PREFIX)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 18 else 0


@bp.post("/holds/<int:hold_id>/release")
@requires(PrivacyPermission.RELEASE)
def release(hold_id: int) -> ResponseReturnValue:
    commands.release(hold_id, by=actor(), now=clock.now())
    flash(gettext("Det holdes ikke længere tilbage."), "success")
    return web.see_other("privacy.overview")


# ------------------------------------------------------------------------------------------------ how long


@bp.get("/retention/<int:customer_id>")
@requires(PrivacyPermission.SET_RETENTION)
def rules(customer_id: int) -> str:
    return _rules_page(customer_id, {}, {})


def _rules_page(customer_id: int, given: dict[str, Any], errors: dict[str, str]) -> str:
    customer = queries.get_customer(customer_id, actor())
    return render_template(
        "privacy/retention.html",
        customer=customer,
        rules={**queries.rules(customer.id), **given},
        offered=retention.offered(),
        labels=_labels(),
        plan=queries.plan(customer.id, clock.now()),
        runs=queries.runs(customer.id),
        errors=errors,
    )


def _labels() -> dict[str, str]:
    named = {retention.TICKETS: gettext("Henvendelser"), retention.PEOPLE: gettext("Personer, der er stoppet")}
    return {**named, **{one.what: str(one.label) for one in retention.offered()}}


@bp.post("/retention/<int:customer_id>")
@requires(PrivacyPermission.SET_RETENTION)
def set_rules(customer_id: int) -> ResponseReturnValue:
    typed = {what: request.form.get(what, "").strip() for what in retention.usual() if what in request.form}
    try:
        months = {what: _months(text) for what, text in typed.items()}
        commands.set_rules(customer_id, months, by=actor(), now=clock.now())
    except FieldRefusedError as refusal:
        return _rules_page(customer_id, typed, {refusal.field: gettext(refusal.message, **refusal.values)}), 422
    flash(gettext("Reglerne er gemt. Se nedenfor, hvad de betyder i dag."), "success")
    return web.see_other("privacy.rules", customer_id=customer_id)


def _months(typed: str) -> int | None:
    """None of an empty field; for what is no number, one that the command refuses."""
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1


# ------------------------------------------------------------------------------------------------ on others' pages


def _on_person(person: Person, who: Actor) -> str | None:
    if not is_open(PrivacyPermission.ERASE, who):
        return None
    return render_template("privacy/_person_card.html", person=person)


def _on_ticket(held: Held, _who: Actor) -> str | None:
    """Nobody is erased while own tickets are not closed, so that those are not asked about."""
    last = queries.last_redaction(held.ticket.id) if held.ticket.closed_at is not None else None
    return render_template("privacy/_redacted.html", redaction=last) if last is not None else None


offer(Place.PERSON, _on_person, rank=90)
offer(Place.TICKET_TOP, _on_ticket, rank=5)
