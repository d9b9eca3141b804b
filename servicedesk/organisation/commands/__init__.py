"""Every change of the organisation: one function, one use case, one line in the audit log."""

from servicedesk.organisation.commands.absences import end_absence, plan_absence
from servicedesk.organisation.commands.persons import add_person, change_person, set_person_active
from servicedesk.organisation.commands.preferring import prefer
from servicedesk.organisation.commands.roles import end_role, first_administrator, give_role
from servicedesk.organisation.commands.settings import change_settings
from servicedesk.organisation.commands.teams import add_member, add_team, change_team, remove_member, set_team_active
from servicedesk.organisation.commands.units import add_customer, add_unit, move_unit, rename_unit, set_unit_active

__all__ = [
    "add_customer",
    "add_member",
    "add_person",
    "add_team",
    "add_unit",
    "change_person",
    "change_settings",
    "change_team",
    "end_absence",
    "end_role",
    "first_administrator",
    "give_role",
    "move_unit",
    "plan_absence",
    "prefer",
    "remove_member",
    "rename_unit",
    "set_person_active",
    "set_team_active",
    "set_unit_active",
]
