"""Signing in and out, and everything that happens to a password."""

import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update

from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, BusyError, ConflictError, NotAllowedError, NotFoundError, RefusedError
from servicedesk.notifications import commands as notifications
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.models import Person, Unit
from servicedesk.signin import passwords, queries
from servicedesk.signin.models import Identity, RateCount, ResetToken, SignIn

#: A browser's time of use is written down no more often than this.
SEEN_EVERY = timedelta(minutes=5)
DEVICE_LENGTH = 300


class WrongPasswordError(RefusedError):
    """What was given as the present password is not."""


class LinkUsedError(RefusedError):
    """A mail's link that was used, has run out, or never was."""

    status = 410

    def __init__(self) -> None:
        super().__init__(N_("Linket virker ikke længere. Bed om et nyt."))


# ------------------------------------------------------------------------------------------------ in and out


def authenticate(name: str, password: str, *, now: datetime) -> int | None:
    """The id of the person who signs in so; None, after just as much work, for whatever reason it is not possible."""
    identity, person = queries.find_by_name(name) or (None, None)
    is_right = passwords.is_right(password, identity.secret if identity else None)
    if identity is None or person is None or not is_right or not person.is_active:
        _record_failure(name, person, now)
        return None
    if identity.secret and passwords.is_outdated(identity.secret):
        _store_anew(identity.id, identity.secret, password)
    return person.id


def start(person_id: int, *, device: str, now: datetime) -> str:
    """Signs a browser in, and answers the token that it has to keep; only the token's digest is kept here."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        by = _as_actor(_person(person_id))
        times = {"started_at": now, "seen_at": now}
        session.add(
            SignIn(digest=queries.token_digest(token), person_id=person_id, device=device[:DEVICE_LENGTH], **times)
        )
        audit.record("signed_in", by=by, now=now, subject=("person", person_id))
    return token


def note_seen(digest: str, *, now: datetime) -> None:
    """Somebody uses this browser; left for the next request when the database is busy."""
    try:
        with transaction(waits=False) as session:
            stale = (SignIn.digest == digest, SignIn.seen_at <= now - SEEN_EVERY)
            session.execute(update(SignIn).where(*stale).values(seen_at=now))
    except BusyError:
        return


def end(token: str, *, by: Actor, now: datetime) -> None:
    """Signs one browser out."""
    with transaction() as session:
        this = delete(SignIn).where(SignIn.digest == queries.token_digest(token)).returning(SignIn.digest)
        if session.execute(this).first() is not None:
            audit.record("signed_out", by=by, now=now, subject=_subject(by))


def end_all(person_id: int, *, by: Actor, now: datetime) -> None:
    """Signs the person out everywhere."""
    with transaction() as session:
        ended = session.execute(delete(SignIn).where(SignIn.person_id == person_id).returning(SignIn.digest)).all()
        if ended:
            _record("sessions_ended", _person(person_id), by, now, count=len(ended))


# ------------------------------------------------------------------------------------------ names and passwords


def give_identity(
    person_id: int, *, by: Actor, now: datetime, login: str | None = None, password: str | None = None
) -> Identity:
    """Lets a person sign in: by `login`, else by the initials, and by e-mail.

    Initials that somebody else signs in by already get the organisation's name added: "anje@odder-kommune". Without a
    password the person has to ask for one by mail. Raises ConflictError when the person has a sign-in name already
    or `login` is taken.
    """
    with transaction() as session:
        person = _person(person_id)
        if queries.find_password(person_id):
            raise ConflictError(N_("Personen kan allerede logge ind."))
        subject = _free_login(person, login)
        secret = _checked_digest(password, person) if password is not None else None
        identity = Identity(person_id=person_id, subject=subject, secret=secret, changed_at=now)
        session.add(identity)
        session.flush()
        _record("identity_given", person, by, now, login=subject)
    return identity


def set_password(person_id: int, password: str, *, by: Actor, now: datetime) -> None:
    """Gives the person, who must have a sign-in name, a new password, and signs him or her out everywhere.

    Raises PasswordRefusedError for a password that may not be used.
    """
    person = _person(person_id)
    secret = _checked_digest(password, person)  # slow on purpose: not while others wait for the database
    with transaction():
        _replace(person, secret, by, now)


def change_own_password(present: str, new: str, *, by: Actor, now: datetime) -> None:
    """Raises WrongPasswordError unless `present` is the password so far."""
    identity = queries.find_password(_own_id(by))
    if not passwords.is_right(present, identity.secret if identity else None):
        raise WrongPasswordError(N_("Den nuværende adgangskode er ikke rigtig."))
    set_password(_own_id(by), new, by=by, now=now)


def ask_reset(name: str, *, now: datetime) -> None:
    """Mails a link for a new password to the person who signs in by this name or address, if there is one.

    Whether there is one does not show: not in the answer, and hardly in the time.
    """
    _, person = queries.find_by_name(name) or (None, None)
    with transaction():
        if person is None or not person.is_active or not person.email:
            audit.record("password_reset_asked", by=SYSTEM, now=now, name=queries.name_digest(name), is_sent=False)
            return
        _mail_link(person, SYSTEM, now)


def reset(token: str, password: str, *, now: datetime) -> None:
    """Uses a mail's link, once. Raises LinkUsedError, or PasswordRefusedError and then the link can still be used."""
    link = queries.find_reset(token, now=now)
    if link is None:
        raise LinkUsedError
    person = _person(link.person_id)
    secret = _checked_digest(password, person)
    with transaction() as session:
        unused = (ResetToken.digest == queries.reset_digest(token), ResetToken.used_at.is_(None))
        used = session.execute(update(ResetToken).where(*unused).values(used_at=now).returning(ResetToken.digest))
        if used.first() is None:
            raise LinkUsedError
        _replace(person, secret, _as_actor(person), now)


# --------------------------------------------------------------------------------------------- by an administrator


def let_in(person_id: int, password: str, *, by: Actor, now: datetime) -> None:
    """Sets a person's password, with a sign-in name for one who has none.

    Raises NotAllowedError for a person whose roles reach further than those of `by`: whoever sets a password can
    sign in with it.
    """
    person = organisation.get_person(person_id, by)
    if not queries.may_set_password(person_id, by):
        raise NotAllowedError(N_("Personen har roller, der rækker længere end dine. Send et link i stedet for."))
    secret = _checked_digest(password, person)
    with transaction():
        if queries.find_password(person_id) is None:
            give_identity(person_id, by=by, now=now)
        _replace(person, secret, by, now)


def mail_link(person_id: int, *, by: Actor, now: datetime) -> None:
    """Mails a person a link to choose a password, with a sign-in name for one who has none."""
    with transaction():
        person = organisation.get_person(person_id, by)
        if not person.is_active or not person.email:
            raise ConflictError(N_("Personen er deaktiveret eller har ingen e-mail."))
        if queries.find_password(person_id) is None:
            give_identity(person_id, by=by, now=now)
        _mail_link(person, by, now)


def sign_out_for(person_id: int, *, by: Actor, now: datetime) -> None:
    """Signs a person out everywhere, for instance when a telephone is lost."""
    with transaction():
        end_all(organisation.get_person(person_id, by).id, by=by, now=now)


# ------------------------------------------------------------------------------------------------ own profile


def choose_language(locale: str, *, by: Actor) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.id == _own_id(by)).values(locale=locale))


# ---------------------------------------------------------------------------------------------------- upkeep


def sweep(*, now: datetime) -> int:
    """Forgets browsers that are signed out by time, links that have run out, and windows that are over."""
    gone = select(Person.id).where(~Person.is_active)
    with transaction() as session:
        swept = [
            session.execute(delete(SignIn).where(or_(~queries.is_fresh(now), SignIn.person_id.in_(gone)))),
            session.execute(delete(ResetToken).where(ResetToken.made_at <= now - queries.RESET_LASTS)),
            session.execute(delete(RateCount).where(RateCount.expires_at <= now.timestamp())),
        ]
        return sum(cast(CursorResult[Any], result).rowcount for result in swept)


# ---------------------------------------------------------------------------------------------------- within


def _person(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFoundError
    return person


def _as_actor(person: Person) -> Actor:
    return Actor(id=person.id, name=person.name, customer_id=person.customer_id)


def _own_id(who: Actor) -> int:
    if who.id is None:
        raise NotFoundError
    return who.id


def _subject(who: Actor) -> tuple[str, int] | None:
    return None if who.id is None else ("person", who.id)


def _record(action: str, person: Person, by: Actor, now: datetime, **facts: object) -> None:
    audit.record(action, by=by, now=now, subject=("person", person.id), customer_id=person.customer_id, **facts)


def _record_failure(name: str, person: Person | None, now: datetime) -> None:
    known: dict[str, Any] = {}
    if person:
        known = {"subject": ("person", person.id), "customer_id": person.customer_id}
    with transaction():
        audit.record("sign_in_failed", by=SYSTEM, now=now, name=queries.name_digest(name), **known)


def _mail_link(person: Person, by: Actor, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    db.session.add(ResetToken(digest=queries.reset_digest(token), person_id=person.id, made_at=now))
    notifications.add(template="password_reset", person=person, facts={"url": f"/password/reset/{token}"}, now=now)
    _record("password_reset_asked", person, by, now, is_sent=True)


def _replace(person: Person, secret: str, by: Actor, now: datetime) -> None:
    has_name = (Identity.person_id == person.id, Identity.provider == queries.PASSWORD)
    changed = update(Identity).where(*has_name).values(secret=secret, changed_at=now).returning(Identity.id)
    if db.session.execute(changed).first() is None:
        raise NotFoundError
    db.session.execute(delete(ResetToken).where(ResetToken.person_id == person.id))
    end_all(person.id, by=by, now=now)
    _record("password_changed", person, by, now)


def _store_anew(identity_id: int, outdated: str, password: str) -> None:
    secret = passwords.digest(password)
    with transaction() as session:
        unchanged = (Identity.id == identity_id, Identity.secret == outdated)
        session.execute(update(Identity).where(*unchanged).values(secret=secret))


def _checked_digest(password: str, person: Person) -> str:
    passwords.check(password, *_about(person))
    return passwords.digest(password)


def _about(person: Person) -> tuple[str, ...]:
    """What others would try first for this person."""
    customer = db.session.scalar(select(Unit.name).where(Unit.id == person.customer_id)) or ""
    return (person.name, person.initials, (person.email or "").partition("@")[0], customer)


def _free_login(person: Person, wanted: str | None) -> str:
    login = queries.plain_name(wanted or person.initials)
    if not queries.is_taken(login):
        return login
    if wanted is None:
        customer = db.session.scalar(select(Unit.name).where(Unit.id == person.customer_id)) or ""
        login = f"{login}@{_slug(customer)}"
        if not queries.is_taken(login):
            return login
    raise ConflictError(N_("Det navn logger en anden ind med."))


def _slug(name: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in queries.plain_name(name)).split())
