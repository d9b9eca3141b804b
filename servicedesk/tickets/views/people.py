"""Suggestions of people for a field that completes, each for one purpose and never more than that allows."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import Permission
from servicedesk.organisation import choosing
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets.views import bp

#: What somebody is looked up for, as the address says it.
PURPOSES: Mapping[str, Permission] = {
    "bring": PersonPermission.BRING,
    "file": PersonPermission.FILE_FOR_OTHERS,
    "call": PersonPermission.TAKE_CALL,
}
SHOWN = 8


@bp.get("/tickets/people")
@signed_in
def people() -> ResponseReturnValue:
    """Options of a list. That nobody is found and that nobody may be found looks the same."""
    permission = PURPOSES.get(request.args.get("to", ""))
    if permission is None:
        raise NotFoundError
    found = choosing.choose(web.text_in_address("q", 100), actor(), permission, limit=SHOWN)
    return render_template("organisation/_people_options.html", people=[one for one in found if one.id != actor().id])
