from flask import Blueprint

import servicedesk.organisation.words  # noqa: F401  the names of the roles are used on most pages

bp = Blueprint("organisation", __name__)
