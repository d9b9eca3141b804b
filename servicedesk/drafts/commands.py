"""Keeping what is typed, throwing it away and having it back. No line in the audit log: it is nobody's business."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.core.files import StoredFile
from servicedesk.drafts import queries, rules
from servicedesk.drafts.models import Draft, KeptFile, SendHabit, Sending


class OtherWindowError(ConflictError):
    """The draft was changed from another window or device after this one had it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(N_("Kladden er ændret i et andet vindue. Begge tekster er her."))
        self.draft = draft


def save(
    place: str, fields: Mapping[str, str], *, by: Actor, now: datetime, seen: int = 0, is_forced: bool = False
) -> Draft | None:
    """Keeps what was typed; answers the draft, or None when there is nothing to keep.

    `seen` is the version that the window last knew of. Raises OtherWindowError rather than write over another
    window's text, unless it `is_forced`; RefusedError when the person has too many.
    """
    with transaction():
        draft = queries.find(place, by, lock=True)
        if draft is not None and draft.discarded_at is None:
            if draft.fields == fields:
                return draft
            if draft.version != seen and not is_forced:
                raise OtherWindowError(draft)
        if rules.is_blank(fields) and not queries.files(place, by):
            _drop(place, by)
            return None
        return _write(draft, place, fields, by, now)


def _write(draft: Draft | None, place: str, fields: Mapping[str, str], by: Actor, now: datetime) -> Draft:
    assert by.id is not None
    assert by.customer_id is not None
    if draft is None:
        if queries.number(by) >= rules.MOST_DRAFTS:
            raise RefusedError(
                N_("Du har %(most)s kladder. Kassér dem, du ikke skal bruge, så der er plads."), most=rules.MOST_DRAFTS
            )
        draft = Draft(person_id=by.id, place=place, customer_id=by.customer_id, version=0)
        db.session.add(draft)
    if draft.discarded_at is not None:
        # What was thrown away gives way to the new; its files were part of it.
        _drop_files(place, by)
    draft.fields, draft.saved_at, draft.discarded_at = dict(fields), now, None
    draft.version += 1
    return draft


def discard(place: str, *, by: Actor, now: datetime) -> None:
    """Throws the draft away, if there is one; for a day it can be had back."""
    with transaction():
        draft = queries.find(place, by, lock=True)
        if draft is not None:
            draft.discarded_at = draft.discarded_at or now


def undo_discard(place: str, *, by: Actor) -> None:
    """Gives back what was thrown away, if it is not forgotten by now."""
    with transaction():
        draft = queries.find(place, by, lock=True)
        if draft is not None and draft.discarded_at is not None:
            draft.discarded_at = None
            draft.version += 1


def spend(place: str, *, by: Actor) -> None:
    """What was typed has been sent; part of the transaction in which it is. Its files have their place, or none."""
    with transaction():
        _drop(place, by)


def _drop(place: str, by: Actor) -> None:
    _drop_files(place, by)
    db.session.execute(delete(Draft).where(Draft.person_id == by.id, Draft.place == place))


def _drop_files(place: str, by: Actor) -> None:
    db.session.execute(delete(KeptFile).where(KeptFile.person_id == by.id, KeptFile.place == place))


# ------------------------------------------------------------------------------------------------ files


def add_files(place: str, added: Iterable[StoredFile], *, by: Actor, now: datetime) -> None:
    """Lets files that lie in the store belong to the draft. Raises RefusedError when they are too many."""
    with transaction():
        added = list(added)
        # Held, so that two windows that add at once are counted one after the other.
        draft = queries.find(place, by, lock=True)
        if draft is None or draft.discarded_at is not None:
            _write(draft, place, {}, by, now)
        if len(added) + len(queries.files(place, by)) > rules.MOST_FILES:
            raise RefusedError(N_("Der kan højst være %(most)s filer ad gangen."), most=rules.MOST_FILES)
        _keep(place, added, by, now)


def _keep(place: str, files: Iterable[StoredFile], by: Actor, now: datetime) -> None:
    assert by.id is not None
    for file in files:
        db.session.add(
            KeptFile(
                person_id=by.id,
                place=place,
                name=file.shown_name,
                stored_name=file.stored_name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                kept_at=now,
            )
        )


def remove_file(file_id: int, *, by: Actor) -> None:
    """Takes a file out of a draft; the store is swept of it later."""
    with transaction():
        db.session.delete(queries.file(file_id, by))


# ------------------------------------------------------------------------------------------------ on its way


def hold_back(
    place: str,
    fields: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
    send_at: datetime,
    seen: int,
    customer_id: int,
    files: Iterable[StoredFile] = (),
) -> Sending:
    """Puts what was sent aside until `send_at`, with its files; the draft that it was is no more.

    Part of the caller's transaction. There is one at a time in a place: whoever sends another lets the first go before.
    """
    with transaction():
        assert by.id is not None
        sending = Sending(
            person_id=by.id,
            customer_id=customer_id,
            place=place,
            fields=dict(fields),
            seen=seen,
            made_at=now,
            send_at=send_at,
        )
        db.session.add(sending)
        db.session.flush()
        _drop(place, by)
        _keep(place_of(sending), files, by, now)
    return sending


def place_of(sending: Sending) -> str:
    """Where its files lie."""
    return f"sending-{sending.id}"


def take_out(sending_id: int, *, by: Actor) -> tuple[Sending, list[StoredFile]] | None:
    """What was on its way, with its files, and no longer; None when it has left, or was taken out by another.

    Part of the transaction in which it finds its place: of several who try, one gets it.
    """
    with transaction():
        query = select(Sending).where(Sending.id == sending_id, Sending.person_id == by.id)
        sending = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
        if sending is None:
            return None
        files = [queries.stored(file) for file in queries.files(place_of(sending), by)]
        _drop_files(place_of(sending), by)
        db.session.delete(sending)
        db.session.flush()
    return sending, files


def take_back(sending_id: int, *, by: Actor, now: datetime) -> Sending | None:
    """What was on its way is a draft again, with its files; None when it has left already.

    What the person has begun to write in that place meanwhile comes after it.
    """
    with transaction():
        query = select(Sending).where(Sending.id == sending_id, Sending.person_id == by.id)
        sending = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
        if sending is None:
            return None
        draft = queries.find(sending.place, by, lock=True)
        newer = draft.fields if draft is not None and draft.discarded_at is None else {}
        draft = draft or _empty(sending)
        draft.fields, draft.saved_at, draft.discarded_at = rules.joined(sending.fields, newer), now, None
        draft.version += 1
        theirs = (KeptFile.person_id == by.id, KeptFile.place == place_of(sending))
        db.session.execute(update(KeptFile).where(*theirs).values(place=sending.place))
        db.session.delete(sending)
    return sending


def _empty(sending: Sending) -> Draft:
    """However many there are: what comes back is never turned away."""
    draft = Draft(person_id=sending.person_id, place=sending.place, customer_id=sending.customer_id, version=0)
    db.session.add(draft)
    return draft


def put_off(sending_id: int, *, until: datetime) -> None:
    """It cannot be sent now, for a reason that is nobody's decision: it is tried again."""
    with transaction():
        db.session.execute(update(Sending).where(Sending.id == sending_id).values(send_at=until))


def choose_seconds(seconds: int, *, by: Actor) -> None:
    """For how long the person can take back what he or she sends."""
    if seconds not in rules.CHOICES:
        raise RefusedError(N_("Vælg en af mulighederne."))
    with transaction():
        assert by.id is not None
        habit = db.session.get(SendHabit, by.id) or SendHabit(person_id=by.id)
        habit.seconds = seconds
        db.session.add(habit)


# ------------------------------------------------------------------------------------------------ forgetting

_AT_ONCE = 200


def forget(*, now: datetime) -> int:
    """Forgets drafts that were left, and those that were thrown away a day ago; answers how many."""
    with transaction():
        old = (Draft.saved_at < now - rules.KEPT_FOR) | (Draft.discarded_at < now - rules.REGRET)
        rows = db.session.execute(
            select(Draft.person_id, Draft.place).where(old).limit(_AT_ONCE).with_for_update()
        ).all()
        for person_id, place in rows:
            for kind in (KeptFile, Draft):
                db.session.execute(delete(kind).where(kind.person_id == person_id, kind.place == place))
    return len(rows)
