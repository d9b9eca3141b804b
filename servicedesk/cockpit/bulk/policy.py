"""Who sees what was done to many tickets at once."""

from sqlalchemy import ColumnElement, false

from servicedesk.cockpit.bulk.models import BulkRun
from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, declare


class BulkPermission(Permission):
    """On a run over many tickets."""

    #: To see how it went, to try again, and to take it back.
    SEE = "see"


def is_own_run(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else BulkRun.by_id == who.id


POLICY = declare({BulkPermission.SEE: [[is_own_run]]})
