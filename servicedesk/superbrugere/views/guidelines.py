"""What superbrugere may do: for everybody to read, for superbrugere to accept, for the servicedesk to publish."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.agreements.terms import read_length
from servicedesk.agreements.terms_form import UNITS, length_fields
from servicedesk.agreements.words import length_text_in_words
from servicedesk.core import clock, markup, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.errors import ConflictError, NotFoundError
from servicedesk.core.labels import options
from servicedesk.core.language import gettext
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere import commands, corps, guidelines
from servicedesk.superbrugere.commands.guiding import MOST_BODY
from servicedesk.superbrugere.forms import GuidelineForm
from servicedesk.superbrugere.guidelines import Published
from servicedesk.superbrugere.models import GuidelineVersion
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import Fact, GuidelineTerms, Leeway
from servicedesk.superbrugere.views import bp
from servicedesk.superbrugere.views.corps import chosen_customer, standing

bp.add_app_template_filter(length_text_in_words, "length_text_in_words")


@bp.get("/guidelines", endpoint="guidelines")
@requires(CorpsPermission.READ)
def overview() -> str:
    who = actor()
    customer = chosen_customer(who)
    found = guidelines.of_customer(customer.id)
    taken = {one.guideline.system_id for one in found}
    return render_template(
        "superbrugere/guidelines.html",
        **standing(who, customer),
        found=found,
        has_general=None in taken,
        pending={one.version.id for one in guidelines.to_accept(who)},
        systems=[(one.id, one.name) for one in corps.systems_of(customer.id) if one.id not in taken],
    )


@bp.get("/guidelines/<int:guideline_id>")
@signed_in
def guideline(guideline_id: int) -> str:
    """With ?version=2 as it was then, and what was changed from the one before."""
    who = actor()
    one = guidelines.get(guideline_id, who)
    customer = next(each for each in corps.customers(who) if each.id == one.guideline.customer_id)
    told = standing(who, customer)
    all_ = guidelines.versions(one.guideline)
    shown = _shown([each.version for each in all_])
    before = next((each.version for each in all_ if each.version.number == shown.number - 1), None)
    return render_template(
        "superbrugere/guideline.html",
        **told,
        one=one,
        shown=shown,
        body=markup.render(shown.body),
        versions=all_,
        before=before,
        lines=guidelines.changed_lines(before.body, shown.body) if before else [],
        changed=guidelines.changed_terms(before.terms, shown.terms) if before else [],
        accepted=guidelines.accepted_at(shown, who),
        followers=guidelines.followers(one, clock.today()) if told["may_manage"] else [],
    )


def _shown(all_: list[GuidelineVersion]) -> GuidelineVersion:
    asked = web.key_in_address("version")
    found = next((one for one in all_ if one.number == asked), None) if asked else all_[0]
    if found is None:
        raise NotFoundError
    return found


@bp.post("/guidelines/versions/<int:guideline_version_id>/acceptance")
@signed_in
def accept(guideline_version_id: int) -> ResponseReturnValue:
    guideline_id = commands.accept_guideline(guideline_version_id, by=actor(), now=clock.now())
    flash(gettext("Tak. Det er skrevet ned, at du går efter retningslinjen."), "success")
    return web.see_other("superbrugere.guideline", guideline_id=guideline_id)


@bp.get("/guidelines/publish")
@requires(CorpsPermission.MANAGE)
def write() -> str:
    customer = chosen_customer(actor(), CorpsPermission.MANAGE)
    one = guidelines.find(customer.id, _system_id(customer))
    return _page(customer, _told(one), {}, one)


@bp.post("/guidelines/publish")
@requires(CorpsPermission.MANAGE)
def publish() -> ResponseReturnValue:
    customer = chosen_customer(actor(), CorpsPermission.MANAGE)
    form, made = GuidelineForm(), list[GuidelineVersion]()
    one = guidelines.find(customer.id, _system_id(customer))
    if "preview" in request.form:
        return _page(customer, _typed(), {}, one, preview=_read(request.form.get("body", "")))
    try:
        errors = attempt(form, lambda: made.append(_publish(customer, form)))
    except ConflictError as error:
        # Nothing typed is lost; sending again, now that it is said, follows on the other's.
        one = guidelines.find(customer.id, _system_id(customer))
        typed = {**_typed(), "seen": one.guideline.version if one else 0}
        return _page(customer, typed, {}, one, news=web.refusal(error)), error.status
    if errors:
        return _page(customer, _typed(), errors, one), 422
    flash(gettext("Retningslinjen er udgivet og gælder fra nu af. Superbrugerne har fået besked."), "success")
    return web.see_other("superbrugere.guideline", guideline_id=made[0].guideline_id)


@bp.post("/guidelines/preview")
@requires(CorpsPermission.MANAGE)
def preview() -> str:
    """The text as superbrugere read it, while it is being written."""
    return render_template("superbrugere/_preview.html", text=_read(request.form.get("body", "")))


def _read(body: str) -> str:
    return markup.render(body[:MOST_BODY])


def _publish(customer: Unit, form: GuidelineForm) -> GuidelineVersion:
    return commands.publish_guideline(
        customer.id,
        form.terms(),
        body=form.body.data or "",
        system_id=_system_id(customer),
        seen=form.seen.data or 0,
        by=actor(),
        now=clock.now(),
    )


def _system_id(customer: Unit) -> int | None:
    """The system that the address names; raises NotFoundError when it is not the customer's."""
    asked = web.key_in_address("system")
    if request.args.get("system") and asked not in {one.id for one in corps.systems_of(customer.id)}:
        raise NotFoundError
    return asked


def _typed() -> dict[str, Any]:
    return {**request.form.to_dict(), "facts": request.form.getlist("facts")}


def _told(one: Published | None) -> dict[str, Any]:
    """What stands in the fields: the newest version, or the usual."""
    terms = one.version.terms if one else GuidelineTerms()
    return {
        "body": one.version.body if one else "",
        "incident": terms.incident.value,
        "request": terms.request.value,
        "files_for": terms.files_for,
        "writes_known": terms.writes_known,
        **length_fields("local", read_length(terms.local) if terms.local else None),
        "facts": [fact.value for fact in terms.facts],
        "words": "\n".join(terms.words),
        "seen": one.guideline.version if one else 0,
    }


def _page(customer: Unit, given: Mapping[str, Any], errors: dict[str, str], one: Published | None, **more: Any) -> str:
    system_id = _system_id(customer)
    return render_template(
        "superbrugere/publish.html",
        customer=customer,
        given=given,
        errors=errors,
        one=one,
        system=next((each for each in corps.systems_of(customer.id) if each.id == system_id), None),
        leeways=options(Leeway),
        facts=options(Fact),
        length_units=UNITS,
        **more,
    )
