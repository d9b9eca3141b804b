"""Writing, changing and deleting texts. What others use leaves a line in the audit log; one's own is one's own."""

import re
from datetime import datetime

from sqlalchemy import delete, func, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, NotAllowedError
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Team
from servicedesk.phrases import queries
from servicedesk.phrases.models import Phrase
from servicedesk.phrases.policy import PhrasePermission

MOST_NAME = 100
MOST_BODY = 20_000
#: As many as one person can keep for himself or herself.
MOST_OWN = 200
_KEYWORD = re.compile(r"[a-z0-9æøå][a-z0-9æøå-]{0,29}")
_AT_ONCE = 200


def add(
    *,
    name: str,
    keyword: str,
    body: str,
    by: Actor,
    now: datetime,
    team_id: int | None = None,
    customer_id: int | None = None,
) -> Phrase:
    """A text for oneself; with a `team_id` for that team, with a `customer_id` for all of that customer's staff.

    Raises NotAllowedError for a team or customer that is not one's own to write for.
    """
    with transaction() as session:
        is_own = team_id is None and customer_id is None
        if not is_own:
            _check_scope(f"team-{team_id}" if team_id is not None else f"all-{customer_id}", by)
        home = db.session.get_one(Team, team_id).customer_id if team_id is not None else customer_id or by.customer_id
        phrase = Phrase(customer_id=home, owner_id=by.id if is_own else None, team_id=team_id, changed_at=now)
        _write(phrase, name, keyword, body, now)
        session.add(phrase)
        session.flush()
        if is_own and _number_of_own(by) > MOST_OWN:
            raise FieldRefusedError("name", N_("Du har 200 tekster. Slet dem, du ikke bruger."))
        _record("phrase_added", phrase, by, now)
    return phrase


def change(phrase_id: int, *, name: str, keyword: str, body: str, by: Actor, now: datetime) -> Phrase:
    with transaction():
        phrase = queries.get(phrase_id, by, PhrasePermission.CHANGE)
        _write(phrase, name, keyword, body, now)
        _record("phrase_changed", phrase, by, now)
    return phrase


def remove(phrase_id: int, *, by: Actor, now: datetime) -> Phrase:
    """It can be had back for 30 days."""
    with transaction():
        phrase = queries.get(phrase_id, by, PhrasePermission.CHANGE)
        phrase.deleted_at = now
        _record("phrase_deleted", phrase, by, now)
    return phrase


def restore(phrase_id: int, *, by: Actor, now: datetime) -> Phrase:
    with transaction():
        phrase = queries.get_deleted(phrase_id, by, now)
        if phrase.deleted_at is not None:
            phrase.deleted_at = None
            _record("phrase_restored", phrase, by, now)
    return phrase


def forget(*, now: datetime) -> int:
    """Deletes for good what was deleted long ago; answers how many."""
    with transaction() as session:
        old = select(Phrase.id).where(Phrase.deleted_at < now - queries.REGRET).limit(_AT_ONCE)
        ids = session.scalars(old).all()
        session.execute(delete(Phrase).where(Phrase.id.in_(ids)))
    return len(ids)


def _write(phrase: Phrase, name: str, keyword: str, body: str, now: datetime) -> None:
    phrase.name, phrase.keyword = " ".join(name.split()), keyword.strip().lower().removeprefix("::")
    phrase.body, phrase.changed_at = body.replace("\x00", "").replace("\r\n", "\n").strip(), now
    if not phrase.name or len(phrase.name) > MOST_NAME:
        raise FieldRefusedError("name", N_("Skriv et navn på højst 100 tegn."))
    if not _KEYWORD.fullmatch(phrase.keyword):
        raise FieldRefusedError("keyword", N_("Brug højst 30 bogstaver, tal og bindestreger uden mellemrum."))
    if not phrase.body or len(phrase.body) > MOST_BODY:
        raise FieldRefusedError("body", N_("Skriv en tekst på højst 20.000 tegn."))


def _check_scope(scope: str, by: Actor) -> None:
    if scope not in {value for value, _name, _is_team in queries.scopes(by)}:
        raise NotAllowedError


def _number_of_own(by: Actor) -> int:
    query = select(func.count()).where(Phrase.owner_id == by.id, Phrase.deleted_at.is_(None))
    return db.session.scalar(query) or 0


def _record(action: str, phrase: Phrase, by: Actor, now: datetime) -> None:
    if phrase.owner_id is None:
        subject = ("phrase", phrase.id)
        audit.record(action, by=by, now=now, subject=subject, customer_id=phrase.customer_id, name=phrase.name)
