"""What people answer to an invitation, in the reader's words."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.superbrugere.networks.models import Coming

labels.declare({Coming.YES: _("Kommer"), Coming.MAYBE: _("Måske"), Coming.NO: _("Kommer ikke")})
