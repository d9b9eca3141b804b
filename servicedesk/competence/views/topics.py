"""Where the lists of topics are kept tidy, and what kind of place each unit is."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.competence import commands, need, topics
from servicedesk.competence.forms import MergeForm, TopicForm
from servicedesk.competence.models import Topic
from servicedesk.competence.policy import TopicPermission, UnitCompetencePermission
from servicedesk.competence.topics import Remedy
from servicedesk.competence.views import bp, place
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import ConflictError, NotFoundError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.forms import attempt
from servicedesk.superbrugere import corps

KEEP, COORDINATE = TopicPermission.KEEP, UnitCompetencePermission.COORDINATE
_KIND = "kind-"


@bp.get("/competence/topics")
@requires(KEEP)
def topic_list() -> str:
    who = actor()
    if not topics.keeps_any(who):
        raise NotFoundError
    found = place.customers(who)
    return render_template(
        "competence/topics.html",
        kept=topics.kept_by(who),
        offered=topics.offered_by_topic(who),
        standing=place.standing(who, place.chosen(who)) if found else None,
    )


@bp.get("/competence/topics/<int:topic_id>")
@requires(KEEP)
def topic(topic_id: int) -> str:
    one = topics.get(topic_id, actor())
    return _page(one, {"name": one.name, "remedy": str(Remedy(one.course_id, one.known_error_id))}, {})


def _page(one: Topic, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    others = [each.topic for of in topics.kept_by(actor()) if of.system.id == one.system_id for each in of.topics]
    return render_template(
        "competence/topic.html",
        topic=one,
        given=given,
        errors=errors,
        system=topics.system_of(one),
        choices=topics.choices(one.system_id),
        others=[(each.id, each.name) for each in others if each.id != one.id],
    )


@bp.post("/competence/topics/<int:topic_id>")
@requires(KEEP)
def change_topic(topic_id: int) -> ResponseReturnValue:
    one, form = topics.get(topic_id, actor()), TopicForm()
    try:
        errors = attempt(form, lambda: _change(topic_id, form))
    except ConflictError as error:
        return _page(one, form.data, {"name": web.refusal(error)}), error.status
    if errors:
        return _page(topics.get(topic_id, actor()), form.data, errors), 422
    flash(gettext("Emnet er gemt."), "success")
    return web.see_other("competence.topic_list")


def _change(topic_id: int, form: TopicForm) -> None:
    remedy = Remedy.read(form.remedy.data or "")
    commands.change_topic(
        topic_id, name=form.name.data or "", remedy=remedy, seen=form.seen.data, by=actor(), now=clock.now()
    )


@bp.post("/competence/topics/<int:topic_id>/merging")
@requires(KEEP)
def merge_topic(topic_id: int) -> ResponseReturnValue:
    one, form = topics.get(topic_id, actor()), MergeForm()
    into_id = form.into.data if form.validate() else None
    if into_id is None:
        return _page(one, {"name": one.name}, form.first_errors()), 422
    into = commands.merge_topics(topic_id, into_id, by=actor(), now=clock.now())
    flash(gettext("Lagt sammen: henvendelserne hører nu til “%(name)s”.", name=into.name), "success")
    return web.see_other("competence.topic_list")


# ------------------------------------------------------------------------------------------------ kinds of units


@bp.get("/competence/kinds")
@requires(COORDINATE)
def kinds() -> str:
    who = actor()
    customer = place.chosen(who, COORDINATE)
    known = need.kinds_of(customer.id)
    return render_template(
        "competence/kinds.html",
        **place.standing(who, customer),
        units=organisation.in_tree_order(corps.units_of(customer.id)),
        known=known,
        names=sorted(set(known.values())),
        prefix=_KIND,
    )


@bp.post("/competence/kinds")
@requires(COORDINATE)
def set_kinds() -> ResponseReturnValue:
    customer = place.chosen(actor(), COORDINATE)
    told: dict[int, str] = {}
    for name, kind in request.form.items():
        unit_id = read_key(name.removeprefix(_KIND)) if name.startswith(_KIND) else None
        if unit_id is not None:
            told[unit_id] = kind.replace("\x00", "")
    commands.set_kinds(customer.id, told, by=actor(), now=clock.now())
    flash(gettext("Gemt. En enhed sammenlignes nu med dem af samme slags."), "success")
    return web.see_other("competence.heat_map", customer=customer.id)
