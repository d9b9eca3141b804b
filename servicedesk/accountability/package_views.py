"""Where the officer for data protection has packages made, and fetches them."""

from secrets import token_hex
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.accountability import packages
from servicedesk.accountability.models import PackageEnding
from servicedesk.accountability.packages import Told
from servicedesk.accountability.policy import AccessPermission
from servicedesk.accountability.views import bp
from servicedesk.core import clock, looking, navigation, panels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import UnitPermission
from servicedesk.tickets.jobs import store

navigation.offer(navigation.Item(_("Indsigt"), "accountability.packages_page", AccessPermission.ASK, rank=96))


@bp.get("/admin/access")
@requires(AccessPermission.ASK)
def packages_page() -> str:
    """Whom it shall be about, and those that were made."""
    asked = web.text_in_address("q", 100).strip()
    looking.note_search(asked)
    return render_template(
        "accountability/packages.html",
        asked=asked,
        found=choosing.choose(asked, actor(), AccessPermission.ASK) if asked else [],
        made=packages.recent(actor()),
        form_id=token_hex(16),
        **_common(),
    )


@bp.post("/admin/people/<int:person_id>/access")
@requires(AccessPermission.ASK)
def ask(person_id: int) -> ResponseReturnValue:
    form_id = request.form.get("form_id", "")[:64] or token_hex(16)
    made = packages.ask(person_id, by=actor(), now=clock.now(), form_id=form_id)
    return redirect(url_for("accountability.package", package_id=made.id), 303)


@bp.get("/admin/access/<int:package_id>")
@requires(AccessPermission.OPEN)
def package(package_id: int) -> str:
    return render_template("accountability/package_page.html", told=packages.get(package_id, actor()), **_common())


@bp.get("/admin/access/<int:package_id>/progress")
@requires(AccessPermission.OPEN)
def progress(package_id: int) -> str:
    """The part of the page that changes, asked for while it is under way."""
    return render_template("accountability/_progress.html", told=packages.get(package_id, actor()), **_common())


@bp.get("/admin/access/<int:package_id>/file.zip")
@requires(AccessPermission.OPEN)
def download(package_id: int) -> Response:
    found = packages.get(package_id, actor()).package
    if found.stored_name is None:
        raise NotFoundError
    if request.method == "GET":
        packages.taken(found, by=actor(), now=clock.now())
    response: Response = send_file(
        store().path(found.stored_name), mimetype="application/zip", etag=False, conditional=False, max_age=0
    )
    response.headers["Content-Disposition"] = f'attachment; filename="oplysninger-{found.id}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/admin/access/<int:package_id>/cancel")
@requires(AccessPermission.OPEN)
def cancel(package_id: int) -> ResponseReturnValue:
    packages.cancel(package_id, by=actor(), now=clock.now())
    return web.see_other("accountability.package", package_id=package_id)


@bp.post("/admin/access/<int:package_id>/removal")
@requires(AccessPermission.OPEN)
def remove(package_id: int) -> ResponseReturnValue:
    packages.remove(package_id, by=actor(), now=clock.now())
    flash(gettext("Pakken er slettet."), "success")
    return web.see_other("accountability.package", package_id=package_id)


def _common() -> dict[str, Any]:
    return {
        "state": _state,
        "is_ready": lambda told: told.package.stored_name is not None,
        "may_administer": is_open(UnitPermission.OPEN_ADMINISTRATION, actor()),
    }


def _state(told: Told) -> str:
    one = told.package
    if one.ended_at is None:
        return gettext("Bliver lavet") if one.held_until else gettext("Venter")
    if one.ending is PackageEnding.READY:
        return gettext("Klar") if one.stored_name else gettext("Slettet")
    return gettext("Stoppet")


def _on_person(person: Person, who: Actor) -> str | None:
    if not is_open(AccessPermission.ASK, who):
        return None
    may = choosing.choosable([person.id], who, AccessPermission.ASK)
    if not may:
        return None
    return render_template("accountability/_person.html", person=person, form_id=token_hex(16))


panels.offer(panels.Place.PERSON, _on_person, rank=70)
