"""Known errors, always for a person."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, literal, select
from sqlalchemy.orm import aliased, contains_eager

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.core.words import query_terms
from servicedesk.organisation.models import Person
from servicedesk.systems.models import KnownError, System
from servicedesk.systems.policy import KnownErrorPermission
from servicedesk.systems.rules import KnownErrorState

#: A word of the title says more than one further down.
_TITLE_WEIGHT = 3
#: Of the words asked for, so many have to be there: one of three, two of six.
_WORDS_FOR_ONE_HIT = 3
LISTED = 200


def known_errors(q: str, who: Actor, *, system_id: int | None = None, limit: int = 5) -> list[KnownError]:
    """Active known errors that could be what somebody describes with `q`, the likeliest first, with their systems.

    Without words to go by: those of the system that helped most, and none when no system is named either.
    One question to the database, in which a few hundred short texts are gone through.
    """
    terms = query_terms(q)
    if not terms and system_id is None:
        return []
    query = _finding(who, len(terms), system_id is not None)
    values: dict[str, Any] = {f"word{at}": f"% {term}%" for at, term in enumerate(terms)}
    found = db.session.scalars(query.limit(limit), values | {"about_id": system_id} if system_id else values)
    return list(found)


# Putting a statement together takes longer than asking the database with it, and suggestions come with each word typed.
@lru_cache(maxsize=1_000)
def _finding(who: Actor, words: int, is_of_one_system: bool) -> Select[KnownError]:
    query = _readable(who, KnownErrorPermission.READ).where(
        KnownError.state == KnownErrorState.ACTIVE, KnownError.deleted_at.is_(None)
    )
    if is_of_one_system:
        query = query.where(KnownError.system_id == bindparam("about_id"))
    if words:
        hits, weight = _hits(words)
        query = query.where(hits >= -(-words // _WORDS_FOR_ONE_HIT)).order_by(weight.desc())
    return query.order_by(KnownError.solved_by_it.desc(), KnownError.id.desc())


def _hits(words: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many of the words are found, and how much that weighs."""
    asked: list[Any] = [bindparam(f"word{at}") for at in range(words)]
    found = [KnownError.words.like(word) for word in asked]
    in_title = [KnownError.title_words.like(word) for word in asked]
    hits, titled = _sum(found, 1), _sum(in_title, _TITLE_WEIGHT - 1)
    return hits, hits + titled


def _sum(conditions: Sequence[ColumnElement[bool]], weight: int) -> Any:
    total: Any = literal(0)
    for condition in conditions:
        total = total + case((condition, weight), else_=0)
    return total


def list_known_errors(
    who: Actor, *, q: str = "", system_id: int | None = None, state: KnownErrorState | None, is_deleted: bool = False
) -> list[KnownError]:
    """Those that the person may read and that have all the words asked for, with their systems, by system and title.

    Without a state, those of any; with `is_deleted`, only those that were thrown away, for who may fetch them back.
    """
    query = _readable(who, KnownErrorPermission.CHANGE if is_deleted else KnownErrorPermission.READ)
    query = query.where(KnownError.deleted_at.is_not(None) if is_deleted else KnownError.deleted_at.is_(None))
    if state is not None:
        query = query.where(KnownError.state == state)
    if system_id is not None:
        query = query.where(KnownError.system_id == system_id)
    if q:
        terms = query_terms(q)
        query = query.where(and_(*(KnownError.words.like(f"% {term}%") for term in terms)) if terms else false())
    return list(db.session.scalars(query.order_by(System.name, KnownError.title, KnownError.id).limit(LISTED)))


def _readable(who: Actor, permission: KnownErrorPermission) -> Select[KnownError]:
    return (
        select(KnownError)
        .join(System, System.id == KnownError.system_id)
        .where(granted(permission, who))
        .options(contains_eager(KnownError.system))
    )


def get_known_error(
    id_: int, who: Actor, permission: KnownErrorPermission = KnownErrorPermission.READ, *, lock: bool = False
) -> KnownError:
    """With its system; raises NotFoundError when there is none that `who` may know of."""
    query = _readable(who, permission).where(KnownError.id == id_).execution_options(populate_existing=True)
    row = db.session.scalars(query.with_for_update(of=KnownError) if lock else query).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def may_change(known: KnownError, who: Actor) -> bool:
    query = select(KnownError.id).where(KnownError.id == known.id, granted(KnownErrorPermission.CHANGE, who))
    return db.session.scalar(query) is not None


class Behind(NamedTuple):
    """The names of who wrote it and who changed it last."""

    by: str | None
    changed_by: str | None


def people_behind(known: KnownError) -> Behind:
    writer, changer = aliased(Person), aliased(Person)
    query = select(
        select(writer.name).where(writer.id == known.by_id).scalar_subquery(),
        select(changer.name).where(changer.id == known.changed_by_id).scalar_subquery(),
    )
    return Behind(*db.session.execute(query).one())
