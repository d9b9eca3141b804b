"""What the states of a mail and the kinds of mail are called."""

from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.notifications.models import ByMail, Delivery

labels.declare(
    {
        Delivery.WAITING: _("Venter"),
        Delivery.SENT: _("Sendt"),
        Delivery.DEAD: _("Opgivet"),
        Delivery.DROPPED: _("Ikke sendt: modtageren har ikke adgang længere"),
    }
)
labels.declare({ByMail.NOW: _("Straks"), ByMail.DIGEST: _("Samlet mail"), ByMail.NEVER: _("Aldrig")})

#: What a mail of each template is, for those who look into the outbox.
KINDS = {
    "ticket_filed": _("Kvittering for henvendelse"),
    "ticket_replied": _("Svar i henvendelse"),
    "ticket_question": _("Spørgsmål til brugeren"),
    "ticket_resolved": _("Henvendelse løst"),
    "ticket_reopened": _("Henvendelse genåbnet"),
    "ticket_assigned": _("Henvendelse tildelt"),
    "ticket_user_replied": _("Nyt fra brugeren"),
    "ticket_cancelled": _("Henvendelse annulleret"),
    "ticket_merged": _("Henvendelser lagt sammen"),
    "ticket_warned": _("Frist nærmer sig"),
    "ticket_breached": _("Frist overskredet"),
    "digest": _("Samlet mail"),
    "monthly_report": _("Månedsrapport"),
    "report_ended": _("Månedsrapport stoppet"),
    "password_reset": _("Ny adgangskode"),
}


def kind_of(template: str) -> str:
    return str(KINDS.get(template, template))
