"""Publishing guidelines, and going by them."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.agreements.terms import read_length
from servicedesk.core import audit
from servicedesk.core.actor import Actor, Role
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.notifications import commands as notifications
from servicedesk.notifications.commands import News
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere import events
from servicedesk.superbrugere.models import (
    Appointment,
    AppointmentSystem,
    Guideline,
    GuidelineAcceptance,
    GuidelineVersion,
)
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import GuidelineTerms
from servicedesk.systems.models import System
from sla import SlaError

MOST_BODY = 20_000
MOST_WORDS = 100


def publish_guideline(
    customer_id: int,
    terms: GuidelineTerms,
    *,
    body: str,
    system_id: int | None = None,
    seen: int = 0,
    by: Actor,
    now: datetime,
) -> GuidelineVersion:
    """A new version that holds from this moment, in general or for one system; `seen` is the number it follows on.

    Raises NotFoundError for a customer or system that is not the publisher's, ConflictError when somebody published
    meanwhile, and FieldRefusedError for what makes no sense.
    """
    with transaction() as session:
        _hold_customer(customer_id, by)
        _check_system(system_id, customer_id)
        own = Guideline.system_id.is_not_distinct_from(system_id)
        guideline = session.scalars(select(Guideline).where(Guideline.customer_id == customer_id, own)).one_or_none()
        if (guideline.version if guideline else 0) != seen:
            raise ConflictError(N_("Retningslinjen er udgivet på ny, siden du åbnede den. Se den, og ret så."))
        _check(terms, body)
        if guideline is None:
            guideline = Guideline(customer_id=customer_id, system_id=system_id, version=0)
            session.add(guideline)
        guideline.version += 1
        guideline.incident, guideline.request = terms.incident, terms.request
        guideline.files_for, guideline.writes_known = terms.files_for, terms.writes_known
        guideline.local = terms.local
        session.flush()
        number, told = guideline.version, terms.write()
        version = GuidelineVersion(
            guideline_id=guideline.id, number=number, at=now, by_id=by.id, body=body.strip(), told=told
        )
        session.add(version)
        session.flush()
        audit.record(
            "guideline_published",
            by=by,
            now=now,
            subject=("guideline", guideline.id),
            customer_id=customer_id,
            number=version.number,
            system_id=system_id,
            **terms.write(),
        )
        _tell(guideline, version, by, now)
    return version


def _tell(guideline: Guideline, version: GuidelineVersion, by: Actor, now: datetime) -> None:
    """Those whom it concerns, now or soon."""
    today = now.astimezone(own_zone()).date()
    of_customer = (Appointment.customer_id == guideline.customer_id, Appointment.is_not_over(today))
    query = select(Appointment.person_id).where(*of_customer)
    if guideline.system_id is not None:
        about = select(AppointmentSystem.appointment_id).where(AppointmentSystem.appointment_id == Appointment.id)
        query = query.where(~about.exists() | about.where(AppointmentSystem.system_id == guideline.system_id).exists())
    path = f"/superbrugere/guidelines/{guideline.id}"
    system = db.session.get(System, guideline.system_id) if guideline.system_id is not None else None
    news = News(
        event=events.GUIDELINE,
        thread=f"guideline-{guideline.id}",
        source=f"guideline-{guideline.id}:{version.number}",
        path=path,
        customer_id=guideline.customer_id,
        facts={"by": by.name} if by.id is not None else {},
        template="guideline_published",
        mail={"url": path, "system": system.name if system else "", "by": by.name},
    )
    notifications.tell(news, db.session.scalars(query.distinct()).all(), by=by, now=now)


def _hold_customer(customer_id: int, by: Actor) -> None:
    """The root, locked, so that two versions cannot have the same number."""
    query = select(Unit.id).where(Unit.id == customer_id, granted(CorpsPermission.MANAGE, by)).with_for_update()
    if db.session.scalar(query) is None:
        raise NotFoundError


def _check_system(system_id: int | None, customer_id: int) -> None:
    if system_id is None:
        return
    query = select(System.id).where(System.id == system_id, System.customer_id == customer_id)
    if db.session.scalar(query) is None:
        raise NotFoundError


def _check(terms: GuidelineTerms, body: str) -> None:
    if not body.strip():
        raise FieldRefusedError("body", N_("Skriv, hvad superbrugerne skal gøre og lade være med."))
    if len(body) > MOST_BODY:
        raise FieldRefusedError("body", N_("Teksten er for lang."))
    if len(terms.words) > MOST_WORDS:
        raise FieldRefusedError("words", N_("Der er plads til 100 ord."))
    if terms.local is not None:
        try:
            read_length(terms.local)
        except (SlaError, ValueError):
            raise FieldRefusedError(
                "local", N_("Skriv, hvor længe en henvendelse må blive hos superbrugeren.")
            ) from None


def accept_guideline(version_id: int, *, by: Actor, now: datetime) -> int:
    """A superbruger has read that version; saying so again changes nothing. Answers the guideline.

    Raises NotFoundError, and NotAllowedError for somebody who is no superbruger today.
    """
    with transaction() as session:
        known = (
            select(GuidelineVersion.guideline_id)
            .join(Guideline, Guideline.id == GuidelineVersion.guideline_id)
            .where(GuidelineVersion.id == version_id, Guideline.customer_id == by.customer_id)
        )
        guideline_id = session.scalar(known)
        if by.id is None or guideline_id is None:
            raise NotFoundError
        if not by.has_role(Role.SUPERBRUGER):
            raise NotAllowedError(N_("Retningslinjen er for superbrugere."))
        if session.get(GuidelineAcceptance, (version_id, by.id)) is None:
            session.add(GuidelineAcceptance(version_id=version_id, person_id=by.id, at=now))
            audit.record("guideline_accepted", by=by, now=now, subject=("guideline_version", version_id))
    return guideline_id
