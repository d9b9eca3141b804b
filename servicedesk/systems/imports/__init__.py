"""Systems from a file: first a plan that people see, then all of it or nothing, by the register's own commands.

A system is known again by the key that it has where it comes from, else by its name. What a file does not speak of
stays as it is, and so do systems that are not in it.
"""

from servicedesk.organisation.imports.drafts import discard
from servicedesk.systems.imports.cells import COLUMNS, rows_of
from servicedesk.systems.imports.plan import Plan, Step
from servicedesk.systems.imports.run import KIND, get_draft, keep, preview, run

__all__ = ["COLUMNS", "KIND", "Plan", "Step", "discard", "get_draft", "keep", "preview", "rows_of", "run"]
