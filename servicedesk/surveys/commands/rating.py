"""Rating the help, by the link of a mail or signed in; an answer is final, and words can be added to it once."""

from datetime import datetime

from sqlalchemy import update

from servicedesk.core import cpr
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.surveys.commands.following_up import begin
from servicedesk.surveys.errors import AnsweredError, LinkUsedError
from servicedesk.surveys.models import Rating
from servicedesk.surveys.queries import ratings
from servicedesk.surveys.rules import LOW, WORDS_LENGTH, Reason, Step


def rate(token: str, step: Step, *, now: datetime) -> None:
    """Raises LinkUsedError or AnsweredError."""
    with transaction():
        _rate(ratings.of_token(token, now=now), step, now)


def rate_signed_in(ticket_id: int, step: Step, *, by: Actor, now: datetime) -> None:
    with transaction():
        _rate(ratings.of_person(ticket_id, by), step, now)


def add_words(token: str, words: str, *, wants_contact: bool, now: datetime) -> None:
    with transaction():
        _add(ratings.of_token(token, now=now), words, wants_contact, now)


def add_words_signed_in(ticket_id: int, words: str, *, wants_contact: bool, by: Actor, now: datetime) -> None:
    with transaction():
        _add(ratings.of_person(ticket_id, by), words, wants_contact, now)


def _rate(rating: Rating, step: Step, now: datetime) -> None:
    if rating.answered_at is None and rating.expires_at <= now:
        raise LinkUsedError
    # Two taps at once are one answer: the first of them.
    unanswered = (Rating.ticket_id == rating.ticket_id, Rating.answered_at.is_(None))
    given = update(Rating).where(*unanswered).values(step=step.value, answered_at=now).returning(Rating.ticket_id)
    if db.session.execute(given).first() is None:
        raise AnsweredError
    db.session.refresh(rating)
    if step <= LOW:
        begin(rating, Reason.LOW, by=SYSTEM, now=now)


def _add(rating: Rating, words: str, wants_contact: bool, now: datetime) -> None:
    if rating.answered_at is None:
        raise ConflictError(N_("Vælg først, hvor tilfreds du er."))
    if rating.expires_at <= now:
        raise LinkUsedError
    if len(words) > WORDS_LENGTH:
        raise FieldRefusedError(
            "words", N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=WORDS_LENGTH
        )
    if not words and not wants_contact:
        raise FieldRefusedError("words", N_("Skriv noget, eller sæt kryds."))
    told = {"words": cpr.hide(words).text, "wants_contact": wants_contact, "added_at": now}
    without = (Rating.ticket_id == rating.ticket_id, Rating.added_at.is_(None))
    if db.session.execute(update(Rating).where(*without).values(**told).returning(Rating.ticket_id)).first() is None:
        raise AnsweredError
    db.session.refresh(rating)
    if wants_contact:
        begin(rating, Reason.CONTACT, by=SYSTEM, now=now)
