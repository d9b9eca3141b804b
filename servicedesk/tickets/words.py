"""What the values of a ticket are called."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.tickets.filters import Course
from servicedesk.tickets.models import Visibility
from servicedesk.tickets.workflow import (
    Kind,
    Level,
    LinkKind,
    Priority,
    Secrecy,
    State,
    Tier,
)

labels.declare(
    {
        State.NEW: _("Ny"),
        State.OPEN: _("Under behandling"),
        State.WAITING_USER: _("Afventer bruger"),
        State.WAITING_SUPPLIER: _("Afventer leverandør"),
        State.RESOLVED: _("Løst"),
        State.CLOSED: _("Lukket"),
        State.CANCELLED: _("Annulleret"),
    }
)
labels.declare(
    {
        Kind.INCIDENT: _("Hændelse"),
        Kind.REQUEST: _("Serviceanmodning"),
    }
)
labels.declare(
    {
        Tier.LOCAL: _("Hos superbruger"),
        Tier.SERVICEDESK: _("Hos servicedesk"),
    }
)
labels.declare(
    {
        Secrecy.ORDINARY: _("Almindelig"),
        Secrecy.CONFIDENTIAL: _("Fortrolig"),
        Secrecy.SECURITY: _("Sikkerhedshændelse"),
    }
)
labels.declare(
    {
        Level.HIGH: _("Høj"),
        Level.MEDIUM: _("Middel"),
        Level.LOW: _("Lav"),
    }
)
labels.declare(
    {
        Priority.CRITICAL: _("Kritisk"),
        Priority.HIGH: _("Høj"),
        Priority.MEDIUM: _("Middel"),
        Priority.LOW: _("Lav"),
    }
)
labels.declare(
    {
        LinkKind.PARENT: _("Hører under"),
        LinkKind.CHILD: _("Har under sig"),
        LinkKind.DUPLICATE: _("Gentager"),
        LinkKind.DUPLICATED: _("Gentages af"),
        LinkKind.RELATED: _("Har at gøre med"),
    }
)
labels.declare(
    {
        Visibility.PUBLIC: _("Synlig for brugeren"),
        Visibility.INTERNAL: _("Intern note"),
    }
)
labels.declare(
    {
        Course.THERE: _("Har været hos en superbruger"),
        Course.SOLVED: _("Løst af en superbruger"),
        Course.PASSED_ON: _("Sendt videre fra en superbruger"),
        Course.REOPENED: _("Genåbnet hos en superbruger"),
    }
)
