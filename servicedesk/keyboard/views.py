"""The list of keys, and the choice on a person's own page."""

from functools import lru_cache

from flask import Blueprint, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from servicedesk.core import panels, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import Permission, is_open
from servicedesk.keyboard import rules
from servicedesk.organisation.commands import prefer
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets.policy import TicketPermission

bp = Blueprint("keyboard", __name__)


@bp.get("/keys")
@signed_in
def keys() -> str:
    """For those without JavaScript, and whoever wants the list on paper."""
    return render_template("keyboard/keys.html")


@bp.post("/me/keys")
@signed_in
def choose() -> ResponseReturnValue:
    wanted = rules.ON if request.form.get("keys") == rules.ON else rules.OFF
    prefer(rules.CHOSEN, wanted, by=actor())
    flash(_("Genveje er slået til.") if wanted == rules.ON else _("Genveje er slået fra."), "success")
    return web.see_other("signin.profile", _anchor="keys")


def _choice(_thing: object, who: Actor) -> str:
    return render_template("keyboard/_choice.html", is_on=rules.are_on(who))


panels.offer(panels.Place.PROFILE, _choice, rank=40)


@bp.app_template_global()
def keys_are_on() -> bool:
    return bool(g.get("actor")) and rules.are_on(g.actor)


@bp.app_template_global()
def may_oversee_tickets() -> bool:
    return _may(TicketPermission.OVERSEE)


def _may(permission: Permission) -> bool:
    return bool(g.get("actor")) and is_open(permission, g.actor)


@bp.app_template_global()
def dialogs() -> Markup:
    """What opens with a key on every page: the sheet of keys, and the palette."""
    return _dialogs(
        keys_are_on(), may_oversee_tickets(), _may(PersonPermission.TAKE_CALL), web.current_locale(), request.root_path
    )


# A tenth of what it takes to write a page, and the same for all who may do the same.
@lru_cache(maxsize=100)
def _dialogs(_has_keys: bool, _may_oversee: bool, _takes_calls: bool, _locale: str, _root: str) -> Markup:
    return Markup(render_template("layouts/_dialogs.html"))  # noqa: S704  a template escapes what it is given
