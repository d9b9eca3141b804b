"""What the roles are called."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.core.actor import Role

labels.declare(
    {
        Role.SUPERBRUGER: _("Superbruger"),
        Role.SUPPORTER: _("Supporter"),
        Role.MANAGER: _("Leder"),
        Role.SYSTEM_OWNER: _("Systemejer"),
        Role.TRAINING_COORDINATOR: _("Uddannelseskoordinator"),
        Role.SERVICEDESK_MANAGER: _("Servicedesk-leder"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.DATA_PROTECTION_OFFICER: _("Databeskyttelsesrådgiver"),
    }
)
