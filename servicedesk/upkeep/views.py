"""Whether the application is well, and the page of the audit log."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import formats, labels, navigation, web
from servicedesk.core.access import actor, public, requires
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation import administration
from servicedesk.tickets.models import number_of
from servicedesk.tickets.workflow import Level, Priority
from servicedesk.upkeep import queries
from servicedesk.upkeep.policy import UpkeepPermission
from servicedesk.upkeep.words import ACTIONS, FACTS

bp = Blueprint("upkeep", __name__)

navigation.offer(navigation.Item(_("Ændringslog"), "upkeep.audit_log", UpkeepPermission.WATCH, rank=95))

administration.offer(
    administration.Card(
        _("Ændringslog"),
        _("Hvem har ændret hvad, og hvornår"),
        "upkeep.audit_log",
        "calendar",
        UpkeepPermission.READ_AUDIT,
        rank=80,
    )
)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process lives; it asks nobody else."""
    return "ok", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Requests can be served: the database answers and has the schema of this version."""
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    return ("ok", plain) if queries.is_schema_current() else ("not ready", 503, plain)


@bp.get("/admin/audit")
@requires(UpkeepPermission.READ_AUDIT)
def audit_log() -> str:
    given = {name: request.args.get(name, "").replace("\x00", "").strip()[:100] for name in _FILTERS}
    page = queries.audit_lines(
        actor(), _filter(given), before=web.key_in_address("before"), after=web.key_in_address("after")
    )
    return render_template(
        "upkeep/audit_log.html",
        page=page,
        lines=[
            (line, name, _action(line.action), _about(line), _changes(line), _told(line)) for line, name in page.lines
        ],
        actions=sorted(((action, str(words)) for action, words in ACTIONS.items()), key=lambda pair: pair[1]),
        given=given,
        address={name: value or None for name, value in given.items()},
    )


_FILTERS = ("action", "person", "since", "until")


def _filter(given: dict[str, str]) -> queries.AuditFilter:
    last = _midnight(given["until"])
    return queries.AuditFilter(
        action=given["action"],
        person=given["person"],
        since=_midnight(given["since"]),
        until=_midnight(given["until"], days=1) if last else None,
    )


def _midnight(text: str, days: int = 0) -> datetime | None:
    """When a day begins where the installation is; no day counts as none asked for."""
    try:
        on = date.fromisoformat(text) + timedelta(days=days)
        zone = ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
        return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _action(action: str) -> str:
    return str(ACTIONS.get(action, action))


def _about(line: AuditLine) -> str | None:
    """What the line is about: its name, and of a ticket only the number."""
    if line.subject_kind == "ticket" and line.subject_id:
        return number_of(line.subject_id)
    name: str | None = line.facts.get("name")
    return name


def _changes(line: AuditLine) -> dict[str, list[Any]]:
    """Field to [before, after]; a cell of the matrix of priorities in words."""
    changes: dict[str, list[Any]] = line.facts.get("changes", {})
    if not line.action.startswith("priorities_"):
        return changes
    told = {}
    for cell, pair in changes.items():
        impact, urgency = (labels.in_words(Level(level)) for level in cell.split("_"))
        what = gettext("Påvirkning %(impact)s, hastegrad %(urgency)s", impact=impact, urgency=urgency)
        told[what] = [labels.in_words(Priority[name.upper()]) for name in pair]
    return told


def _told(line: AuditLine) -> list[tuple[str, str]]:
    """The facts of a line for people: (what, value); the name and the changes are shown apart."""
    facts = {name: value for name, value in line.facts.items() if name not in ("name", "changes") and value is not None}
    ordered = sorted(facts, key=lambda name: list(FACTS).index(name) if name in FACTS else len(FACTS))
    return [(str(FACTS.get(name, name)), _in_words(name, facts[name])) for name in ordered]


def _in_words(name: str, value: Any) -> str:
    if name == "role" and value in {role.value for role in Role}:
        return labels.in_words(Role(value))
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nej"))
    if name in ("starts_on", "ends_on"):
        return formats.day(date.fromisoformat(value))
    if isinstance(value, dict):
        return ", ".join(f"{FACTS.get(part, part)}: {_in_words(part, one)}" for part, one in value.items())
    return str(value)
