"""The outbox as administrators see it: who is told what kind of thing, and what stands in the way."""

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.labels import in_words
from servicedesk.notifications import commands, queries
from servicedesk.notifications.models import Delivery
from servicedesk.notifications.policy import NotificationPermission
from servicedesk.notifications.views import bp
from servicedesk.notifications.words import kind_of
from servicedesk.organisation import administration

administration.offer(
    administration.Card(
        lazy_gettext("Udbakke"),
        lazy_gettext("Mails, der venter, er sendt eller ikke kunne sendes"),
        "notifications.outbox",
        "mail",
        NotificationPermission.SEE_OUTBOX,
        rank=70,
    )
)


@bp.get("/admin/outbox")
@requires(NotificationPermission.SEE_OUTBOX)
def outbox() -> ResponseReturnValue:
    chosen = _chosen(request.args.get("state", ""))
    before = web.key_in_address("before")
    lines, next_before = queries.outbox(actor(), delivery=chosen, before=before)
    return render_template(
        "notifications/outbox.html",
        lines=lines,
        states=_states(chosen),
        state=chosen,
        newest=url_for(".outbox", state=chosen) if before else None,
        older=url_for(".outbox", state=chosen, before=next_before) if next_before else None,
        has_mail_server=bool(current_app.extensions["settings"].smtp_url),
        kind_of=kind_of,
    )


@bp.post("/admin/outbox/<int:mail_id>/again")
@requires(NotificationPermission.SEND_AGAIN)
def send_again(mail_id: int) -> ResponseReturnValue:
    commands.send_again(mail_id, by=actor(), now=clock.now())
    flash(gettext("Mailen er sat i kø og bliver sendt igen om et øjeblik."), "success")
    return web.see_other(".outbox", state=_chosen(request.form.get("state", "")))


def _chosen(state: str) -> Delivery | None:
    return Delivery(state) if state in list(Delivery) else None


def _states(chosen: Delivery | None) -> list[tuple[str, str, bool]]:
    every = (gettext("Alle"), url_for(".outbox"), chosen is None)
    return [every, *((in_words(state), url_for(".outbox", state=state), state is chosen) for state in Delivery)]
