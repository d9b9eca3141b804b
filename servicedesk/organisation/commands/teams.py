"""Changes of the teams and of who is in them."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import Changes, FieldRefusedError, change, hold
from servicedesk.organisation.commands.persons import checked_email
from servicedesk.organisation.commands.units import checked_name
from servicedesk.organisation.models import Person, Team, TeamMember
from servicedesk.organisation.policy import UnitPermission

#: What exactly one team of a customer does; the one that takes it on takes it over from the other.
_DUTIES = ("is_first_line", "receives_confidential", "receives_security")


def add_team(
    *,
    customer_id: int,
    name: str,
    email: str | None = None,
    is_closed: bool = False,
    is_first_line: bool = False,
    receives_confidential: bool = False,
    receives_security: bool = False,
    by: Actor,
    now: datetime,
) -> Team:
    with transaction() as session:
        customer = queries.get_unit(customer_id, by, UnitPermission.MANAGE_CUSTOMER)
        hold(customer.id)
        name = _free_name(name, customer.id)
        is_closed = is_closed or receives_confidential or receives_security
        _check_open_to_all(is_first_line, is_closed)
        team = Team(
            customer_id=customer.id,
            name=name,
            email=checked_email(email),
            is_closed=is_closed,
            is_first_line=is_first_line,
            receives_confidential=receives_confidential,
            receives_security=receives_security,
        )
        session.add(team)
        session.flush()
        _record("team_added", team, by, now)
        _take_over_duties(team, by, now)
    return team


def change_team(
    team_id: int,
    *,
    name: str,
    email: str | None,
    is_closed: bool,
    is_first_line: bool,
    receives_confidential: bool,
    receives_security: bool,
    by: Actor,
    now: datetime,
) -> Team:
    with transaction():
        team = queries.get_team(team_id, by)
        hold(team.customer_id, team)
        is_closed = is_closed or receives_confidential or receives_security
        _check_open_to_all(is_first_line, is_closed)
        changes = change(
            team,
            name=_free_name(name, team.customer_id, but=team.id),
            email=checked_email(email),
            is_closed=is_closed,
            is_first_line=is_first_line,
            receives_confidential=receives_confidential,
            receives_security=receives_security,
        )
        _check_duties_kept(changes)
        if "is_closed" in changes and not team.is_closed:
            raise FieldRefusedError(
                "is_closed", N_("Et lukket team kan ikke åbnes: det, der er sendt til det, er kun til dets medlemmer.")
            )
        if "is_closed" in changes and team.id in by.team_ids:
            raise NotAllowedError(
                N_("Du er selv med i teamet og kan ikke gøre det lukket. Bed en anden administrator om det.")
            )
        if changes:
            _record("team_changed", team, by, now, changes)
            _take_over_duties(team, by, now)
    return team


def set_team_active(team_id: int, is_active: bool, *, by: Actor, now: datetime) -> Team:
    with transaction():
        team = queries.get_team(team_id, by)
        hold(team.customer_id, team)
        if not is_active and any(getattr(team, duty) for duty in _DUTIES):
            raise ConflictError(
                N_("Teamet modtager nye henvendelser. Lad et andet team overtage det, før du tager teamet ud af brug.")
            )
        if change(team, is_active=is_active):
            _record("team_activated" if is_active else "team_deactivated", team, by, now)
    return team


def add_member(team_id: int, person_id: int, *, by: Actor, now: datetime) -> None:
    """Puts a person in a team. Nobody lets himself or herself into a closed one."""
    with transaction() as session:
        team, person = queries.get_team(team_id, by), queries.get_person(person_id, by)
        hold(team.customer_id, team)
        if team.is_closed and person.id == by.id:
            raise NotAllowedError(
                N_("Du kan ikke sætte dig selv på et lukket team. Bed en anden administrator om det.")
            )
        if not person.is_active:
            raise FieldRefusedError("person_id", N_("Personen er ikke længere aktiv."))
        if session.get(TeamMember, (team.id, person.id)) is None:
            session.add(TeamMember(team_id=team.id, person_id=person.id, since=now))
            _record_member("team_member_added", team, person, by, now)


def remove_member(team_id: int, person_id: int, *, by: Actor, now: datetime) -> None:
    with transaction() as session:
        team = queries.get_team(team_id, by)
        member = session.get(TeamMember, (team.id, person_id))
        if member is not None:
            session.delete(member)
            _record_member("team_member_removed", team, session.get_one(Person, person_id), by, now)


def _free_name(name: str, customer_id: int, but: int | None = None) -> str:
    name = checked_name(name)
    taken = select(Team.id).where(Team.customer_id == customer_id, Team.name == name, Team.id.is_distinct_from(but))
    if db.session.scalar(taken) is not None:
        raise FieldRefusedError("name", N_("Der er allerede et team med det navn."))
    return name


def _check_open_to_all(is_first_line: bool, is_closed: bool) -> None:
    """New ordinary tickets only go to open teams, so a closed one in the first line would never get any."""
    if is_first_line and is_closed:
        raise FieldRefusedError(
            "is_first_line",
            N_("Et lukket team kan ikke modtage nye, almindelige henvendelser. Vælg et åbent team til dem."),
        )


def _check_duties_kept(changes: Changes) -> None:
    for duty in _DUTIES:
        if changes.get(duty, [None, None])[1] is False:
            raise FieldRefusedError(
                duty, N_("Vælg i stedet det team, der skal overtage. Så slipper dette team af sig selv.")
            )


def _take_over_duties(team: Team, by: Actor, now: datetime) -> None:
    others = db.session.scalars(select(Team).where(Team.customer_id == team.customer_id, Team.id != team.id)).all()
    for other in others:
        changes = change(other, **{duty: False for duty in _DUTIES if getattr(team, duty)})
        if changes:
            _record("team_changed", other, by, now, changes)


def _record(action: str, team: Team, by: Actor, now: datetime, changes: Changes | None = None) -> None:
    told = {"changes": changes} if changes else {}
    audit.record(
        action, by=by, now=now, subject=("team", team.id), customer_id=team.customer_id, name=team.name, **told
    )


def _record_member(action: str, team: Team, person: Person, by: Actor, now: datetime) -> None:
    subject = ("team", team.id)
    audit.record(
        action, by=by, now=now, subject=subject, customer_id=team.customer_id, name=team.name, person=person.name
    )
