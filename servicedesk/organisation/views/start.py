from flask import render_template
from flask_babel import lazy_gettext as _

from servicedesk.core import navigation
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.views.blueprint import bp

navigation.offer(
    navigation.Item(
        _("Administration"),
        "organisation.admin",
        UnitPermission.OPEN_ADMINISTRATION,
        rank=35,
        owns=(
            "organisation.",
            "systems.",
            "matrix.",
            "agreements.",
            "hours.",
            "suppliers.",
            "upkeep.",
            "notifications.",
            "signin.persons_",
            "developer.",
        ),
    )
)


@bp.get("/admin")
@requires(UnitPermission.OPEN_ADMINISTRATION)
def admin() -> str:
    return render_template("organisation/admin.html", cards=administration.cards_for(actor()))
