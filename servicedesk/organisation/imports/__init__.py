"""Units and persons from files: first a plan that people see, then all of it or nothing.

A file is the whole truth about what has come from files before: rows are matched on the immutable id that they have
where they come from, and what is missing is deactivated. What was made by hand is left alone. Roles never come from a
file.
"""

from servicedesk.organisation.imports.drafts import discard
from servicedesk.organisation.imports.plan import Kind, Plan, Refusal, Step
from servicedesk.organisation.imports.run import get_draft, keep, preview, run

__all__ = ["Kind", "Plan", "Refusal", "Step", "discard", "get_draft", "keep", "preview", "run"]
