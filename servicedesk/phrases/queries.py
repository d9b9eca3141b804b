"""Reading texts, always for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Team, Unit
from servicedesk.organisation.scope import within
from servicedesk.phrases.models import Phrase
from servicedesk.phrases.policy import RUNNING, PhrasePermission

SUGGESTED = 20
#: As many as a person may have in a list to choose from.
CHOOSABLE = 200
#: So long can a deleted one be had back.
REGRET = timedelta(days=30)

_IN_USE = Phrase.deleted_at.is_(None)
#: One's own before the team's before everybody's.
_NEAREST = case((Phrase.owner_id.is_not(None), 0), (Phrase.team_id.is_not(None), 1), else_=2)


@dataclass(frozen=True)
class Listed:
    """A text in the list of those that a person may use."""

    phrase: Phrase
    team: str | None
    customer: str
    may_change: bool


def get(phrase_id: int, who: Actor, permission: PhrasePermission = PhrasePermission.USE) -> Phrase:
    """A text in use; raises NotFoundError."""
    return _one(phrase_id, who, permission, _IN_USE)


def get_deleted(phrase_id: int, who: Actor, now: datetime) -> Phrase:
    """One that is deleted, or was given back already; raises NotFoundError when it is no more."""
    is_there = or_(Phrase.deleted_at.is_(None), Phrase.deleted_at > now - REGRET)
    return _one(phrase_id, who, PhrasePermission.CHANGE, is_there)


def _one(phrase_id: int, who: Actor, permission: PhrasePermission, also: ColumnElement[bool]) -> Phrase:
    found = db.session.scalar(select(Phrase).where(Phrase.id == phrase_id, granted(permission, who), also))
    if found is None:
        raise NotFoundError
    return found


def usable(who: Actor, *, customer_id: int | None = None) -> Sequence[Phrase]:
    """All that the person may use, by name; for a customer's tickets only what is meant for them."""
    return db.session.scalars(_usable(who, customer_id)).all()


@lru_cache(maxsize=500)
def _usable(who: Actor, customer_id: int | None) -> Select[Phrase]:
    query = select(Phrase).where(_IN_USE, granted(PhrasePermission.USE, who), _meant_for(customer_id))
    return query.order_by(_NEAREST, Phrase.name, Phrase.id).limit(CHOOSABLE)


def suggested(q: str, who: Actor, *, customer_id: int) -> Sequence[Phrase]:
    """Those whose keyword or name begins with what is typed, or has it in it; the nearest first."""
    asked = " ".join(q.lower().split())[:50]
    name = func.lower(Phrase.name)
    found = or_(Phrase.keyword.startswith(asked, autoescape=True), name.contains(asked, autoescape=True))
    query = select(Phrase).where(_IN_USE, granted(PhrasePermission.USE, who), _meant_for(customer_id), found)
    begins = case((Phrase.keyword.startswith(asked, autoescape=True), 0), else_=1)
    return db.session.scalars(query.order_by(begins, _NEAREST, Phrase.name, Phrase.id).limit(SUGGESTED)).all()


def _meant_for(customer_id: int | None) -> ColumnElement[bool]:
    if customer_id is None:
        return _IN_USE
    return or_(Phrase.owner_id.is_not(None), Phrase.team_id.is_not(None), Phrase.customer_id == customer_id)


def listed(who: Actor) -> list[Listed]:
    """With whom each is for, and whether the person may change it."""
    changes = granted(PhrasePermission.CHANGE, who)
    query = (
        select(Phrase, Team.name, Unit.name, changes)
        .outerjoin(Team, Team.id == Phrase.team_id)
        .join(Unit, Unit.id == Phrase.customer_id)
        .where(_IN_USE, or_(granted(PhrasePermission.USE, who), changes))
        .order_by(_NEAREST, Unit.name, Team.name, Phrase.name, Phrase.id)
    )
    return [Listed(*row) for row in db.session.execute(query)]


def deleted(who: Actor, now: datetime) -> Sequence[Phrase]:
    """Those that the person could have back."""
    lately = Phrase.deleted_at > now - REGRET
    query = select(Phrase).where(lately, granted(PhrasePermission.CHANGE, who)).order_by(Phrase.deleted_at.desc())
    return db.session.scalars(query.limit(SUGGESTED)).all()


def scopes(who: Actor) -> list[tuple[str, str, bool]]:
    """For whom else the person can write a text: (what stands for it, name, whether it is a team)."""
    teams = select(Team.id, Team.name).where(Team.id.in_(who.team_ids), Team.is_active).order_by(Team.name)
    running = within(who.granted(*RUNNING), customer=Unit.customer_id)
    customers = select(Unit.id, Unit.name).where(Unit.parent_id.is_(None), running).order_by(Unit.name)
    own = [(f"team-{id_}", name, True) for id_, name in db.session.execute(teams)]
    return own + [(f"all-{id_}", name, False) for id_, name in db.session.execute(customers)]
