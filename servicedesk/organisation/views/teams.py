"""Teams and who is in them."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration, choosing, commands, queries
from servicedesk.organisation.forms import MemberForm, NewTeamForm, TeamForm, attempt
from servicedesk.organisation.models import Team
from servicedesk.organisation.policy import PersonPermission, TeamPermission, UnitPermission
from servicedesk.organisation.views.blueprint import bp

TEAM_FIELDS = ("name", "email", "is_closed", "is_first_line", "receives_confidential", "receives_security")

administration.offer(
    administration.Card(
        _("Teams"),
        _("Supporternes teams, og hvem der er med i dem"),
        "organisation.teams",
        "group",
        TeamPermission.MANAGE,
        rank=30,
    )
)


@bp.get("/admin/teams")
@requires(TeamPermission.MANAGE)
def teams() -> str:
    return _list_page({}, {})


@bp.post("/admin/teams")
@requires(TeamPermission.MANAGE)
def add_team() -> ResponseReturnValue:
    form = NewTeamForm()
    made: list[Team] = []
    errors = attempt(form, lambda: made.append(commands.add_team(**form.data, by=actor(), now=clock.now())))
    if errors:
        return _list_page(form.data, errors), 422
    flash(gettext("%(name)s er oprettet. Sæt nu medlemmer på.", name=made[0].name), "success")
    return web.see_other("organisation.team", team_id=made[0].id)


@bp.get("/admin/teams/<int:team_id>")
@requires(TeamPermission.MANAGE)
def team(team_id: int) -> str:
    return _team_page(queries.get_team(team_id, actor()))


@bp.post("/admin/teams/<int:team_id>")
@requires(TeamPermission.MANAGE)
def change_team(team_id: int) -> ResponseReturnValue:
    form = TeamForm()
    errors = attempt(form, lambda: commands.change_team(team_id, **form.data, by=actor(), now=clock.now()))
    if errors:
        return _team_page(queries.get_team(team_id, actor()), form.data, errors), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("organisation.team", team_id=team_id)


@bp.post("/admin/teams/<int:team_id>/members")
@requires(TeamPermission.MANAGE)
def add_member(team_id: int) -> ResponseReturnValue:
    form = MemberForm()
    person_id = form.person_id.data or 0
    errors = attempt(form, lambda: commands.add_member(team_id, person_id, by=actor(), now=clock.now()))
    if errors:
        return _team_page(queries.get_team(team_id, actor()), errors=errors), 422
    flash(gettext("Personen er med i teamet."), "success")
    return web.see_other("organisation.team", team_id=team_id, _anchor="members")


@bp.post("/admin/teams/<int:team_id>/members/<int:person_id>/removal")
@requires(TeamPermission.MANAGE)
def remove_member(team_id: int, person_id: int) -> ResponseReturnValue:
    commands.remove_member(team_id, person_id, by=actor(), now=clock.now())
    flash(gettext("Personen er ikke længere med i teamet."), "success")
    return web.see_other("organisation.team", team_id=team_id, _anchor="members")


@bp.post("/admin/teams/<int:team_id>/deactivation")
@requires(TeamPermission.MANAGE)
def deactivate_team(team_id: int) -> ResponseReturnValue:
    commands.set_team_active(team_id, False, by=actor(), now=clock.now())
    flash(gettext("Teamet er taget ud af brug."), "success")
    return web.see_other("organisation.team", team_id=team_id)


@bp.post("/admin/teams/<int:team_id>/activation")
@requires(TeamPermission.MANAGE)
def activate_team(team_id: int) -> ResponseReturnValue:
    commands.set_team_active(team_id, True, by=actor(), now=clock.now())
    flash(gettext("Teamet er i brug igen."), "success")
    return web.see_other("organisation.team", team_id=team_id)


def _list_page(given: dict[str, Any], errors: dict[str, str]) -> str:
    customers = queries.customers(actor(), UnitPermission.MANAGE_CUSTOMER)
    return render_template(
        "organisation/teams.html",
        teams=queries.teams(actor()),
        customers=[(customer.id, customer.name) for customer in customers],
        names={customer.id: customer.name for customer in customers},
        given=given,
        errors=errors,
    )


def _team_page(team: Team, given: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    q = request.args.get("q", "").replace("\x00", "").strip()[:100]
    members = queries.members_of(team.id)
    inside = {person.id for _member, person in members}
    found = choosing.choose(q, actor(), PersonPermission.MANAGE)
    return render_template(
        "organisation/team.html",
        team=team,
        given=given or {name: getattr(team, name) for name in TEAM_FIELDS},
        errors=errors or {},
        members=members,
        q=q,
        found=[person for person in found if person.id not in inside],
    )
