"""A session as a participant's calendar has it."""

from dataclasses import dataclass
from datetime import datetime

from servicedesk.organisation.models import Person
from servicedesk.superbrugere.networks import calendar_file
from servicedesk.training.models import Session, SignUp


@dataclass(frozen=True)
class Occasion:
    """One session for one participant: the same UID for ever, and a number that only grows."""

    uid: str
    sequence: int
    title: str
    place: str
    agenda: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None


def occasion(session: Session, sign_up: SignUp | None = None, *, is_off: bool = False) -> Occasion:
    """`is_off` when the participant does not come, whether or not the session is held."""
    changed_at = max(session.changed_at, sign_up.changed_at) if sign_up else session.changed_at
    return Occasion(
        uid=session.uid,
        sequence=session.sequence + (sign_up.sequence if sign_up else 0),
        title=session.course.name,
        place=session.place,
        agenda="",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        made_at=session.made_at,
        changed_at=changed_at,
        cancelled_at=changed_at if is_off or session.cancelled_at else None,
    )


def invitation(
    session: Session, sign_up: SignUp, to: Person, organiser: Person | None, *, is_off: bool
) -> dict[str, str] | None:
    """What goes with a mail; None for somebody without a mailbox."""
    if not to.email:
        return None
    is_there = organiser is not None and organiser.is_active and organiser.email
    sender = (organiser.name, str(organiser.email)) if organiser is not None and is_there else None
    return calendar_file.invitation(occasion(session, sign_up, is_off=is_off), organiser=sender, to=(to.name, to.email))
