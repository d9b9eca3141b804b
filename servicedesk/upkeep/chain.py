"""The audit log as a chain: each line has a place, and a digest over itself and the digest before it.

Places are given by the worker, soon after the lines were written, so that those who write them never wait for each
other; see docs/adr, the chain of the audit log. What the chain cannot tell by itself, that its end was cut off or that
all of it was written anew, its anchors do: places and digests in a file beside the database, which only grows.
"""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import String, func, select, type_coerce, update

from servicedesk.core import audit, logging
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import canonical_json, db, transaction

#: Lines that are given their places together.
BATCH = 1_000
#: A line more in the file of anchors is written no sooner.
ANCHOR_EVERY = timedelta(minutes=10)
ANCHORS = "audit-anchors.txt"
#: Nobody else gives places while it is held (PostgreSQL).
_LOCK = 7_310_224
#: Of two transactions at once the one with the higher number may be saved first; on SQLite there is but one.
_SLACK = 1_000
#: So many faults are named; whoever sees that many looks into it.
_MOST = 50

_ERASED = canonical_json(audit.ERASED)

log = logging.get()


class Anchor(NamedTuple):
    """What was the end of the chain at a time."""

    place: int
    digest: str
    at: str


class Fault(NamedTuple):
    """What does not fit, by its place in the chain."""

    place: int
    reason: str


# ------------------------------------------------------------------------------------------------ sealing


def seal(now: datetime, folder: Path) -> int:
    """Gives the oldest lines without a place theirs; answers how many. Leaves an anchor now and then."""
    if not _is_anything_new():
        return 0
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        end = find_end()
        lines = session.scalars(select(AuditLine).where(AuditLine.place.is_(None)).order_by(AuditLine.id).limit(BATCH))
        sealed = list(_sealed(lines.all(), end))
        if sealed:
            session.execute(update(AuditLine), sealed)
    if sealed:
        _leave_anchor(sealed[-1]["place"], sealed[-1]["digest"], now, folder)
    return len(sealed)


def _is_anything_new() -> bool:
    """Looks without taking the writer's place on SQLite."""
    found = db.session.scalar(select(AuditLine.id).where(AuditLine.place.is_(None)).limit(1))
    db.session.rollback()
    return found is not None


def find_end() -> tuple[int, str]:
    """The last place and its digest."""
    query = select(AuditLine.place, AuditLine.digest).where(AuditLine.place.is_not(None))
    row = db.session.execute(query.order_by(AuditLine.place.desc()).limit(1)).one_or_none()
    return (row.place or 0, row.digest or "") if row is not None else (0, "")


def _sealed(lines: Sequence[AuditLine], end: tuple[int, str]) -> Iterator[dict[str, Any]]:
    place, digest = end
    for line in lines:
        place, salt = place + 1, token_hex(16)
        facts_digest = digest_of_facts(canonical_json(line.facts), salt)
        digest = digest_of(line, place, facts_digest, digest)
        yield {"id": line.id, "place": place, "digest": digest, "salt": salt, "facts_digest": facts_digest}


def digest_of_facts(facts: str, salt: str) -> str:
    """Apart from the line's own, so that facts can be taken out some day and the chain still holds."""
    return sha256((salt + facts).encode()).hexdigest()


def digest_of(line: Any, place: int, facts_digest: str, before: str) -> str:
    about = [line.by_id, line.customer_id, line.subject_kind, line.subject_id]
    told = [before, place, line.id, line.at.isoformat(timespec="microseconds"), line.action, *about, facts_digest]
    return sha256(canonical_json(told).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------ anchors


def _leave_anchor(place: int, digest: str, now: datetime, folder: Path) -> None:
    """In the log each time, which is often kept elsewhere; in the file now and then."""
    log.info("audit_sealed", place=place, digest=digest)
    last = next(iter(anchors(folder / ANCHORS)[-1:]), None)
    if last is not None and datetime.fromisoformat(last.at) > now - ANCHOR_EVERY:
        return
    line = f"{now.isoformat(timespec='seconds')} {place} {digest}\n"
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / ANCHORS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def anchors(file: Path) -> Sequence[Anchor]:
    """Those in a file, oldest first; a line that was only half written is passed over."""
    if not file.exists():
        return []
    parts = (line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines())
    return [Anchor(int(one[1]), one[2], one[0]) for one in parts if len(one) == 3 and one[1].isdigit()]


# ------------------------------------------------------------------------------------------------ verifying


def faults(known: Sequence[Anchor]) -> Iterator[Fault]:
    """What does not fit, the first place first; then what the anchors know better."""
    yield from islice(_Walk(known).all(), _MOST)


class _Walk:
    """Along the chain from its beginning."""

    def __init__(self, known: Sequence[Anchor]) -> None:
        self._anchors = {anchor.place: anchor for anchor in known}
        self._last = max(known, key=lambda anchor: anchor.place, default=None)
        self._place, self._digest = 0, ""
        #: The highest number of a line so far, and the last place that an anchor agrees with.
        self._highest, self._good = 0, 0
        #: Lines without facts: number to place; and those of which a line says so.
        self._erased: dict[int, int] = {}
        self._accounted: set[int] = set()

    def all(self) -> Iterator[Fault]:
        for line in _lines():
            yield from self._at(line)
            self._note(line)
        last = self._last
        if last is not None and last.place > self._place:
            known = f"the anchor of {last.at} knows place {last.place}"
            yield Fault(self._place + 1, f"is missing, with all that came after it: {known}")
        for id_ in sorted(self._erased.keys() - self._accounted):
            yield Fault(self._erased[id_], "had its facts taken out, and no line says that this was done")

    def _at(self, line: Any) -> Iterator[Fault]:
        if line.place != self._place + 1:
            yield Fault(self._place + 1, f"is missing: the next line has place {line.place}")
        elif reason := _why_wrong(line, self._digest, self._highest):
            yield Fault(line.place, reason)
        anchor = self._anchors.get(line.place)
        if anchor is not None and anchor.digest != line.digest:
            doubt = f"all after place {self._good} is in doubt"
            yield Fault(line.place, f"is another line than the anchor of {anchor.at} knows: {doubt}")
        elif anchor is not None:
            self._good = line.place

    def _note(self, line: Any) -> None:
        self._place, self._digest, self._highest = line.place, line.digest, max(self._highest, line.id)
        if line.facts == _ERASED:
            self._erased[line.id] = line.place
        if line.action == audit.ERASING:
            self._accounted.update(_lines_in(line.facts))


def _lines() -> Iterator[Any]:
    """Every sealed line in order, a few at a time."""
    last = 0
    # As text: facts that are no JSON any more must not keep the others from being looked at.
    facts = type_coerce(AuditLine.facts, String).label("facts")
    columns = [*(column for column in AuditLine.__table__.columns if column.key != "facts"), facts]
    while True:
        query = select(*columns).where(AuditLine.place > last).order_by(AuditLine.place).limit(BATCH)
        rows = db.session.execute(query).all()
        db.session.rollback()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].place


def _why_wrong(line: Any, before: str, highest: int) -> str | None:
    is_erased = line.facts == _ERASED and line.salt is None
    if not is_erased and digest_of_facts(line.facts, line.salt or "") != line.facts_digest:
        return "was changed: its digest does not fit what it tells"
    if digest_of(line, line.place, line.facts_digest, before) != line.digest:
        return "was changed, moved or put in: its digest does not fit it and the line before"
    slack = _SLACK if db.engine.dialect.name == "postgresql" else 0
    return "was put in later than its number says" if line.id < highest - slack else None


def _lines_in(facts: str) -> list[int]:
    try:
        told: list[int] = json.loads(facts)["lines"]
    except (ValueError, KeyError, TypeError):
        return []
    return told


def count_unsealed() -> int:
    query = select(func.count()).select_from(AuditLine).where(AuditLine.place.is_(None))
    return db.session.scalar(query) or 0
