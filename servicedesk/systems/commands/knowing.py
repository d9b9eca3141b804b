"""Known errors: written, changed, marked as solved, thrown away and fetched back, and thanked for."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit, cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.core.words import index_text
from servicedesk.organisation.changes import Changes, FieldRefusedError, change
from servicedesk.systems import queries
from servicedesk.systems.models import KnownError, KnownErrorHelp, System
from servicedesk.systems.policy import KnownErrorPermission, SystemPermission
from servicedesk.systems.rules import Audience, KnownErrorState

TITLE_LENGTH = 150
TEXT_LENGTH = 5_000
_NUMBER = re.compile(r"[A-Z]{1,5}-\d{1,12}")


class OutdatedError(ConflictError):
    """Somebody has changed it since the page was made."""


@dataclass(frozen=True, kw_only=True)
class KnownErrorWords:
    """What a known error says."""

    system_id: int
    title: str
    symptoms: str = ""
    workaround: str = ""
    audience: Audience = Audience.EVERYBODY
    #: Number of the problem behind it.
    problem: str = ""


def add_known_error(told: KnownErrorWords, *, by: Actor, now: datetime, source: str | None = None) -> KnownError:
    """`source` is the number of the ticket whose solution it was made from, for the audit log."""
    with transaction() as session:
        system = queries.get_system(told.system_id, by, SystemPermission.NOTE)
        _check_audience(told.audience, system, by)
        known = KnownError(
            customer_id=system.customer_id,
            system_id=system.id,
            by_id=by.id,
            made_at=now,
            changed_at=now,
            **_checked(told, system),
        )
        session.add(known)
        session.flush()
        _record("known_error_added", known, by, now, **({"number": source} if source else {}))
    return known


def change_known_error(id_: int, told: KnownErrorWords, *, seen: int | None, by: Actor, now: datetime) -> KnownError:
    """Raises OutdatedError when it is no longer the version that was `seen`."""
    with transaction():
        known = _held(id_, by)
        if seen is not None and seen != known.version:
            raise OutdatedError(N_("En anden har ændret den kendte fejl, siden du åbnede den."))
        # One that moves to another system must be within reach there as well, and stays with its customer.
        system = queries.get_system(told.system_id, by, SystemPermission.NOTE)
        _check_audience(told.audience, system, by)
        if system.customer_id != known.customer_id:
            raise FieldRefusedError("system_id", N_("Vælg et system i samme organisation."))
        values = _checked(told, system)
        changes = change(known, system_id=system.id, **values)
        if changes:
            _mark(known, by, now)
            _record("known_error_changed", known, by, now, changes=_told_of(changes))
    return known


def set_known_error_state(id_: int, state: KnownErrorState, *, by: Actor, now: datetime) -> KnownError:
    """A solved one is no longer suggested to anybody, and can be made active again."""
    with transaction():
        known = _held(id_, by)
        if change(known, state=state):
            _mark(known, by, now)
            is_solved = state is KnownErrorState.SOLVED
            _record("known_error_solved" if is_solved else "known_error_active_again", known, by, now)
    return known


def delete_known_error(id_: int, *, by: Actor, now: datetime) -> KnownError:
    """It is hidden from everybody but those who may fetch it back."""
    return _set_deleted(id_, now, by, now)


def restore_known_error(id_: int, *, by: Actor, now: datetime) -> KnownError:
    return _set_deleted(id_, None, by, now)


def note_solved_by(known_error_id: int, by: Actor, now: datetime, *, today: date | None = None) -> None:
    """Somebody says that it helped. Counts once for a person and a day."""
    with transaction() as session:
        known = queries.get_known_error(known_error_id, by, lock=True)
        told = {"known_error_id": known.id, "person_id": by.id, "helped_on": today or now.date()}
        if by.id is None or session.get(KnownErrorHelp, tuple(told.values())) is not None:
            return
        session.add(KnownErrorHelp(**told))
        known.solved_by_it += 1


def retell_words(system: System) -> None:
    """Puts the system's new name among the words that its known errors are found by."""
    for known in db.session.scalars(select(KnownError).where(KnownError.system_id == system.id)):
        known.words = _words(known.title, known.symptoms, known.workaround, system.name)


def _held(id_: int, by: Actor) -> KnownError:
    return queries.get_known_error(id_, by, KnownErrorPermission.CHANGE, lock=True)


def _set_deleted(id_: int, at: datetime | None, by: Actor, now: datetime) -> KnownError:
    with transaction():
        known = _held(id_, by)
        if (known.deleted_at is None) != (at is None):
            known.deleted_at = at
            _mark(known, by, now)
            _record("known_error_deleted" if at else "known_error_restored", known, by, now)
    return known


def _check_audience(audience: Audience, system: System, by: Actor) -> None:
    """What is for staff alone is theirs to write."""
    if audience is not Audience.EVERYBODY and not queries.may_inform(system, by):
        raise FieldRefusedError("audience", N_("Kun servicedesken og systemets ejer skriver det, som kun de må se."))


def _mark(known: KnownError, by: Actor, now: datetime) -> None:
    known.changed_by_id, known.changed_at, known.version = by.id, now, known.version + 1


def _checked(told: KnownErrorWords, system: System) -> dict[str, Any]:
    title = cpr.hide(" ".join(told.title.split())).text
    if not title:
        raise FieldRefusedError("title", N_("Skriv, hvad fejlen er."))
    if len(title) > TITLE_LENGTH:
        raise FieldRefusedError(
            "title", N_("Titlen er for lang. Den må højst fylde %(limit)s tegn."), limit=TITLE_LENGTH
        )
    texts = {name: cpr.hide(getattr(told, name).strip()).text for name in ("symptoms", "workaround")}
    for name, text in texts.items():
        if len(text) > TEXT_LENGTH:
            raise FieldRefusedError(
                name, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=TEXT_LENGTH
            )
    return {
        "title": title,
        **texts,
        "audience": told.audience,
        "problem": _checked_number(told.problem),
        "title_words": f" {index_text(title)} ",
        "words": _words(title, texts["symptoms"], texts["workaround"], system.name),
    }


def _words(*texts: str) -> str:
    joined = "\n".join(texts)
    return f" {index_text(joined)} "


def _checked_number(number: str) -> str | None:
    wanted = "".join(number.split()).upper()
    if wanted and not _NUMBER.fullmatch(wanted):
        raise FieldRefusedError("problem", N_("Skriv nummeret, som det står på henvendelsen, fx SD-1234."))
    return wanted or None


def _told_of(changes: Changes) -> Changes:
    """Long texts are not copied to the log: that they were changed is enough."""
    return {name: values for name, values in changes.items() if name in ("title", "audience", "problem")} | {
        name: ["…", "…"] for name in changes if name in ("symptoms", "workaround")
    }


def _record(action: str, known: KnownError, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("known_error", known.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=known.customer_id, name=known.title, **facts)
