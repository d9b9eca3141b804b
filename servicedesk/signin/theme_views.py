"""Light or dark: a choice of the browser, kept in a cookie of its own, so that signing out does not forget it."""

from flask import Blueprint, Response, current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.config import Settings
from servicedesk.core import panels, web
from servicedesk.core.access import signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, RefusedError

bp = Blueprint("theme", __name__)

A_YEAR = 365 * 24 * 3600


@bp.post("/me/theme")
@signed_in
def choose() -> ResponseReturnValue:
    theme = request.form.get("theme", "")
    if theme not in web.THEMES:
        raise RefusedError(N_("Det udseende har vi ikke."))
    response = current_app.make_response(web.see_other("signin.profile"))
    _keep(response, theme)
    flash(gettext("Siderne vises nu, som du har valgt, i denne browser."), "success")
    return response


def _keep(response: Response, theme: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    response.set_cookie(
        web.THEME_COOKIE, theme, max_age=A_YEAR, secure=settings.is_secure, httponly=True, samesite="Lax"
    )


def _panel(_thing: None, _who: Actor) -> str:
    return render_template("signin/_theme.html", theme=web.current_theme())


panels.offer(panels.Place.PROFILE, _panel, rank=10)
