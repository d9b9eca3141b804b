"""The pages of training."""

from flask import Blueprint

from servicedesk.training import events as events
from servicedesk.training import words as words

bp = Blueprint("training", __name__)

# The routes join the blueprint by being imported.
from servicedesk.training.views import (  # noqa: E402
    courses,  # noqa: F401
    guidelines,  # noqa: F401
    importing,  # noqa: F401
    instructing,  # noqa: F401
    own,  # noqa: F401
    panels,  # noqa: F401
    people,  # noqa: F401
    requirements,  # noqa: F401
    sessions,  # noqa: F401
    staff,  # noqa: F401
)
