"""What a superbruger may file for others: within the appointment, and as the guideline lets him or her."""

from sqlalchemy import literal, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, NotAllowedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.superbrugere import queries as superbrugere
from servicedesk.superbrugere.policy import MandatePermission
from servicedesk.systems.models import System
from servicedesk.tickets.workflow import Secrecy


class BeyondMandateError(NotAllowedError):
    """The appointment does not reach so far, or the guideline does not let superbrugere do it."""


def check(affected: Person, system: System | None, secrecy: Secrecy, by: Actor) -> int | None:
    """The version of the guideline under which somebody files for another as a superbruger; None for one's own and for
    those whose desk it is.

    Raises BeyondMandateError.
    """
    if affected.id == by.id or _is_at_desk(affected, by):
        return None
    if secrecy is not Secrecy.ORDINARY:
        raise BeyondMandateError(
            N_("Superbrugere opretter ikke fortrolige henvendelser for andre. Lad kollegaen gøre det selv.")
        )
    guideline = superbrugere.guideline_for(affected.customer_id, system.id if system else None)
    if guideline is not None and not guideline.terms.files_for:
        raise BeyondMandateError(N_("Retningslinjen lader ikke superbrugere oprette henvendelser for andre om det."))
    if not _is_within_mandate(affected, system, by):
        raise BeyondMandateError(
            N_("Du kan kun oprette henvendelser for andre om de systemer, du er superbruger for. Vælg et af dem.")
        )
    return guideline.version_id if guideline else None


def _is_at_desk(affected: Person, by: Actor) -> bool:
    query = select(Person.id).where(Person.id == affected.id, granted(PersonPermission.FILE_FOR_AT_DESK, by))
    return db.session.scalar(query) is not None


def _is_within_mandate(affected: Person, system: System | None, by: Actor) -> bool:
    about = System.id == literal(system.id if system else None)
    query = select(Person.id).select_from(Person).outerjoin(System, about).where(Person.id == affected.id)
    return db.session.scalar(query.where(granted(MandatePermission.FILE_FOR, by))) is not None
