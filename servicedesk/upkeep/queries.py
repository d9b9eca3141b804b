"""Reading the audit log, always for a person, and whether the database is as this program needs it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.paths import bundled
from servicedesk.signin.models import Identity
from servicedesk.upkeep.policy import UpkeepPermission

LINES_ON_A_PAGE = 50


@dataclass(frozen=True)
class AuditFilter:
    """Which lines are shown; empty means all."""

    action: str = ""
    #: The beginning of a name or the initials of who did it or whom it is about.
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditPage:
    """Lines, newest first, each with who did it; `older` and `newer` lead on."""

    lines: list[tuple[AuditLine, str | None]]
    older: int | None
    newer: int | None


def audit_lines(
    who: Actor, wanted: AuditFilter, *, before: int | None = None, after: int | None = None, size: int = LINES_ON_A_PAGE
) -> AuditPage:
    """Lines below the line `before`, or those right above the line `after`."""
    by = aliased(Person)
    query = select(AuditLine, by.name).outerjoin(by, by.id == AuditLine.by_id)
    query = query.where(granted(UpkeepPermission.READ_AUDIT, who), *_conditions(wanted))
    if after is not None:
        query = query.where(AuditLine.id > after).order_by(AuditLine.id)
    elif before is not None:
        query = query.where(AuditLine.id < before).order_by(AuditLine.id.desc())
    else:
        query = query.order_by(AuditLine.id.desc())
    rows: list[tuple[AuditLine, str | None]] = [
        (line, name) for line, name in db.session.execute(query.limit(size + 1))
    ]
    more, rows = len(rows) > size, rows[:size]
    if after is not None:
        rows.reverse()
    has_older, has_newer = (True, more) if after is not None else (more, before is not None)
    return AuditPage(
        rows, rows[-1][0].id if rows and has_older else None, rows[0][0].id if rows and has_newer else None
    )


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditLine.action == wanted.action)
    if wanted.since is not None:
        conditions.append(AuditLine.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditLine.at < wanted.until)
    if wanted.person:
        named = Person.name.istartswith(wanted.person, autoescape=True) | (Person.initials == wanted.person.lower())
        ids = select(Person.id).where(named)
        about = (AuditLine.subject_kind == "person") & AuditLine.subject_id.in_(ids)
        conditions.append(AuditLine.by_id.in_(ids) | about)
    return conditions


def is_schema_current() -> bool:
    """Whether the database can be reached and has been brought to the schema of this version."""
    wanted = (bundled("migrations") / ".current-head").read_text(encoding="utf-8").split()
    try:
        found = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return sorted(found) == sorted(wanted)


def find_administrator(today: date) -> Person | None:
    """Somebody who may do everything; the first, when there are several."""
    is_in_force = (RoleGrant.starts_on <= today) & (RoleGrant.ends_on.is_(None) | (RoleGrant.ends_on >= today))
    is_over_all = RoleGrant.unit_id.is_(None) & RoleGrant.system_id.is_(None)
    query = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).order_by(Person.id).limit(1)
    wanted = (Person.is_active, RoleGrant.role == Role.ADMINISTRATOR, is_in_force, is_over_all)
    return db.session.scalar(query.where(*wanted))


def may_sign_in(person: Person) -> bool:
    """Whether the person has a way to sign in."""
    return db.session.scalar(select(Identity.id).where(Identity.person_id == person.id).limit(1)) is not None
