"""Files that wait for their sender's yes, whatever they are about, and what must hold when it comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.imports.plan import Refusal
from servicedesk.organisation.models import ImportDraft, Unit

#: How long a preview waits for its yes.
DRAFT_LASTS = timedelta(days=1)


class Shown(Protocol):
    """A plan as people saw it."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def refused(self) -> Sequence[Refusal]: ...


def keep(kind: str, root: Unit, content: bytes, *, by: Actor, now: datetime) -> ImportDraft:
    """Keeps a file for its sender, who has been let in to the customer `root`; older ones of the same sender, and those
    nobody said yes to, are thrown away."""
    with transaction() as session:
        old = (ImportDraft.by_id == by.id) | (ImportDraft.made_at < now - DRAFT_LASTS)
        session.execute(delete(ImportDraft).where(old))
        draft = ImportDraft(by_id=by.id, customer_id=root.id, kind=kind, content=content, made_at=now)
        session.add(draft)
        session.flush()
    return draft


def get(draft_id: int, *kinds: str, by: Actor, now: datetime) -> ImportDraft:
    """A file of one of those kinds that this person sent less than a day ago; raises NotFoundError."""
    query = select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.by_id == by.id)
    query = query.where(ImportDraft.made_at >= now - DRAFT_LASTS, ImportDraft.kind.in_(kinds))
    draft = db.session.scalars(query).one_or_none()
    if draft is None:
        raise NotFoundError
    return draft


def discard(draft_id: int, *, by: Actor) -> None:
    with transaction() as session:
        session.execute(delete(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.by_id == by.id))


def check(plan: Shown, fingerprint: str | None) -> None:
    """All of it is done, and as it was shown, or nothing. Raises ConflictError or FieldRefusedError."""
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise ConflictError(N_("Noget er ændret, siden du så forhåndsvisningen. Se den igen, før du godkender."))
    if plan.refused:
        raise FieldRefusedError("file", N_("Intet er importeret, for der er linjer med fejl. Ret dem først."))
