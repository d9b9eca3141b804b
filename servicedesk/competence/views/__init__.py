"""The pages about what people need to be shown."""

from flask import Blueprint

bp = Blueprint("competence", __name__)

from servicedesk.competence import events as events  # noqa: E402
from servicedesk.competence import marking as marking  # noqa: E402
from servicedesk.competence import words as words  # noqa: E402
from servicedesk.competence.views import asking as asking  # noqa: E402
from servicedesk.competence.views import counts as counts  # noqa: E402
from servicedesk.competence.views import effects as effects  # noqa: E402
from servicedesk.competence.views import maps as maps  # noqa: E402
from servicedesk.competence.views import offers as offers  # noqa: E402
from servicedesk.competence.views import panels as panels  # noqa: E402
from servicedesk.competence.views import tickets as tickets  # noqa: E402
from servicedesk.competence.views import topics as topics  # noqa: E402
from servicedesk.competence.views import visits as visits  # noqa: E402
