"""The administration's pages about units, people and teams."""

from servicedesk.organisation.views import imports, people, start, teams, units
from servicedesk.organisation.views.blueprint import bp

__all__ = ["bp", "imports", "people", "start", "teams", "units"]
