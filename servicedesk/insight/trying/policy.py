"""Who sees what an agreement that was tried would have meant."""

from sqlalchemy import ColumnElement, false

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, declare
from servicedesk.insight.trying.models import AgreementTrial


class TrialPermission(Permission):
    """On an agreement that is tried."""

    #: To see how far it has come and what it found, and to stop it. What it found is of the tickets that its starter
    #: oversees, and so for nobody else.
    SEE = "see"


def is_own_trial(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else AgreementTrial.by_id == who.id


POLICY = declare({TrialPermission.SEE: [[is_own_trial]]})
