"""The pages of superbrugere, their appointments and their guidelines."""

from flask import Blueprint

from servicedesk.superbrugere import words as words

bp = Blueprint("superbrugere", __name__, url_prefix="/superbrugere")

# The routes join the blueprint by being imported.
from servicedesk.superbrugere.views import appointing, corps, coverage, guidelines, meetings, networks, own  # noqa: E402, F401
