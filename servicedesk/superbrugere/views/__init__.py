"""The pages of superbrugere, their appointments and their guidelines."""

from flask import Blueprint

from servicedesk.superbrugere import words as words

bp = Blueprint("superbrugere", __name__, url_prefix="/superbrugere")

# The routes join the blueprint by being imported.
from servicedesk.superbrugere.views import (  # noqa: E402
    appointing,  # noqa: F401
    corps,  # noqa: F401
    coverage,  # noqa: F401
    floor,  # noqa: F401
    guidelines,  # noqa: F401
    meetings,  # noqa: F401
    networks,  # noqa: F401
    own,  # noqa: F401
)
