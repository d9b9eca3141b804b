"""Who may use which texts, and who may change them."""

from sqlalchemy import ColumnElement, and_, false, true

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.scope import within
from servicedesk.phrases.models import Phrase

#: Who answers tickets at all.
_ANSWERING = (Role.SUPPORTER, Role.SERVICEDESK_MANAGER, Role.SUPERBRUGER, Role.ADMINISTRATOR)
#: Who writes what a whole customer uses.
RUNNING = (Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR)


class PhrasePermission(Permission):
    """On a text."""

    #: To put it into what one writes.
    USE = "use"
    CHANGE = "change"


def is_own(who: Actor) -> ColumnElement[bool]:
    if who.id is None or not who.has_role(*_ANSWERING):
        return false()
    return Phrase.owner_id == who.id


def is_of_own_team(who: Actor) -> ColumnElement[bool]:
    if not who.team_ids or not who.has_role(*_ANSWERING):
        return false()
    return Phrase.team_id.in_(who.team_ids)


def is_for_everybody(_who: Actor) -> ColumnElement[bool]:
    return and_(Phrase.owner_id.is_(None), Phrase.team_id.is_(None))


def is_not_private(_who: Actor) -> ColumnElement[bool]:
    return Phrase.owner_id.is_(None)


def is_where_person_answers(who: Actor) -> ColumnElement[bool]:
    """A customer that the person has a role at, over whatever part of it."""
    grants = who.granted(*_ANSWERING)
    if any(grant.is_over_all for grant in grants):
        return true()
    customers = {grant.customer_id for grant in grants if grant.customer_id is not None}
    if grants:
        customers |= who.team_customer_ids
    return Phrase.customer_id.in_(sorted(customers)) if customers else false()


def is_where_person_runs_the_desk(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*RUNNING), customer=Phrase.customer_id)


POLICY = declare(
    {
        PhrasePermission.USE: [[is_own], [is_of_own_team], [is_for_everybody, is_where_person_answers]],
        PhrasePermission.CHANGE: [[is_own], [is_of_own_team], [is_not_private, is_where_person_runs_the_desk]],
    }
)
