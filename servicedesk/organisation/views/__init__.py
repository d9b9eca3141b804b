"""The administration's pages about units, people and teams."""

import servicedesk.organisation.views.absences
import servicedesk.organisation.views.imports
import servicedesk.organisation.views.people
import servicedesk.organisation.views.settings
import servicedesk.organisation.views.start
import servicedesk.organisation.views.teams
import servicedesk.organisation.views.units  # noqa: F401
from servicedesk.organisation.views.blueprint import bp

__all__ = ["bp"]
