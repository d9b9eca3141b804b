"""The pages of satisfaction: rating, figures, follow-up and surveys."""

from flask import Blueprint

from servicedesk.surveys import events as events
from servicedesk.surveys import words as words

bp = Blueprint("surveys", __name__)

# The routes join the blueprint by being imported.
from servicedesk.surveys.views import (  # noqa: E402
    answering,  # noqa: F401
    building,  # noqa: F401
    figures,  # noqa: F401
    numbers,  # noqa: F401
    rating,  # noqa: F401
    results,  # noqa: F401
    settings,  # noqa: F401
    surveys,  # noqa: F401
    tasks,  # noqa: F401
)
