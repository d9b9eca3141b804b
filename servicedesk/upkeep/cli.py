"""`servicedesk init`, `check`, `worker status` and `policy show`."""

import json
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext

from servicedesk.config import Settings
from servicedesk.core import access, clock, permissions
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.cli import refusals_told
from servicedesk.organisation.models import Person
from servicedesk.paths import bundled
from servicedesk.tickets.jobs import store
from servicedesk.upkeep import chain, commands, health, queries
from servicedesk.upkeep import check as checking
from servicedesk.upkeep.commands import Step


def init_app(app: Flask) -> None:
    app.cli.add_command(init)
    app.cli.add_command(check)
    app.cli.add_command(policy)


# ------------------------------------------------------------------------------------------------ init


@click.command()
@click.option("--organisation", help="Name of the first organisation. Default: SERVICEDESK_ORGANISATION.")
@click.option("--admin-initials", help="Initials of the first administrator.")
@click.option("--admin-name", help="His or her name.")
@click.option("--admin-email", help="His or her mail address, for a new password.")
@click.option("--admin-password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def init(
    organisation: str | None,
    admin_initials: str | None,
    admin_name: str | None,
    admin_email: str | None,
    admin_password_stdin: bool,
) -> None:
    """Set up the database, or bring it to the newest schema, and make what is needed to begin.

    Safe to repeat: what is there already stays as it is.
    """
    settings: Settings = current_app.extensions["settings"]
    flask_migrate.upgrade(directory=str(bundled("migrations")))
    click.echo("The database has the newest schema.")
    now = clock.now()
    today = clock.local_date(now, settings.timezone)
    with refusals_told():
        _say("Organisation", commands.set_up_customer(organisation or settings.organisation, now=now))
        for step in commands.set_up_teams(now=now):
            _say("Team", step)
        _say("Agreement", commands.set_up_agreement(now=now))
        person = queries.find_administrator(today)
        if person is None:
            told = _asked(admin_initials, admin_name, admin_email)
            person = commands.set_up_administrator(**told, today=today, now=now) if told else None
        if person is None:
            click.echo("Nobody is administrator yet: repeat with --admin-initials and --admin-name.", err=True)
        else:
            _let_in(person, is_told=admin_password_stdin, now=now)


def _say(what: str, step: Step) -> None:
    click.echo(f"{what} {step.name}: {'made' if step.is_new else 'is there already'}.")


def _asked(initials: str | None, name: str | None, email: str | None) -> dict[str, Any] | None:
    """Who shall be the first administrator, asked for on a terminal; None when nobody says."""
    if sys.stdin.isatty():
        initials = initials or click.prompt("Initials of the first administrator")
        name = name or click.prompt("Name")
        email = email or click.prompt("Mail address (may be empty)", default="", show_default=False)
    if not initials and not name:
        return None
    if not initials or not name:
        raise click.UsageError("--admin-initials and --admin-name go together.")
    return {"initials": initials, "name": name, "email": email or None}


def _let_in(person: Person, *, is_told: bool, now: datetime) -> None:
    """Gives the administrator a password, unless he or she has one; one that was made up is shown this once."""
    if queries.may_sign_in(person):
        click.echo(f"Administrator {person.name} ({person.initials}): is there already.")
        return
    told = _password(is_told)
    made_up = secrets.token_urlsafe(12) if not told else ""
    login = commands.let_in(person, told or made_up, now=now)
    click.echo(f"Administrator {person.name}: signs in as {login}.")
    if made_up:
        click.echo(f"Password, shown only now: {made_up}")


def _password(is_told: bool) -> str:
    if is_told:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise click.UsageError("There is no password on standard input.")
        return password
    if not sys.stdin.isatty():
        return ""
    question = "Password (empty for one that is made up)"
    return str(click.prompt(question, default="", show_default=False, hide_input=True, confirmation_prompt=True))


# ------------------------------------------------------------------------------------------------ check


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.option("--anchor", is_flag=True, help="Print the end of the audit log's chain at the end, to be kept elsewhere.")
@click.option(
    "--anchors",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A file of such lines to hold the audit log against, besides the one in the data folder.",
)
@with_appcontext
def check(as_json: bool, anchor: bool, anchors: Sequence[str]) -> None:
    """Replay every journal, compare everything that is kept twice, and follow the audit log's chain.

    A line for each violation; ends with 1 when there is any.
    """
    _check_schema()
    found = 0
    tickets = checking.count_tickets()
    known = [*chain.anchors(_anchors_file()), *(one for file in anchors for one in chain.anchors(Path(file)))]
    with click.progressbar(length=tickets, label="Checking", show_pos=True, file=sys.stderr) as bar:
        for violation in checking.check(store(), now=clock.now(), advance=bar.update):
            found += _tell(violation, as_json)
    for fault in chain.faults(known):
        found += _tell(checking.Violation("audit log", f"place {fault.place}", fault.reason), as_json)
    _tell_of_chain(anchor)
    click.echo(f"{tickets} tickets checked, {found or 'no'} violations found", err=True)
    sys.exit(1 if found else 0)


def _tell(violation: checking.Violation, as_json: bool) -> int:
    click.echo(json.dumps(violation._asdict(), ensure_ascii=False) if as_json else str(violation))
    return 1


def _tell_of_chain(anchor: bool) -> None:
    if waiting := chain.count_unsealed():
        click.echo(f"{waiting} lines of the audit log have no place in the chain yet: the worker gives it", err=True)
    if anchor:
        place, digest = chain.find_end()
        click.echo(f"{clock.now().isoformat(timespec='seconds')} {place} {digest or '-'}")


def _anchors_file() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / chain.ANCHORS


def _check_schema() -> None:
    if not queries.is_schema_current():
        raise click.ClickException("the database is not of this version: run `servicedesk init` first")


# ------------------------------------------------------------------------------------------------ workers


@click.command("status")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def worker_status(as_json: bool) -> None:
    """Tell whether a worker lives and how its jobs go; ends with 1 when none does."""
    _check_schema()
    seen = health.look(SYSTEM, now=clock.now())
    if as_json:
        told = {"alive": len(seen.alive), "workers": [_worker(one) for one in seen.workers], "jobs": _jobs(seen)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo(f"{len(seen.alive) or 'no'} worker{'s' if len(seen.alive) != 1 else ''} alive")
        _table([[str(value) for value in _worker(one).values()] for one in seen.workers])
        _table([["-" if value is None else str(value) for value in job.values()] for job in _jobs(seen)])
    sys.exit(0 if seen.alive else 1)


def _worker(seen: health.Seen) -> dict[str, Any]:
    worker = seen.worker
    return {
        "standing": seen.standing.value,
        "host": worker.host,
        "pid": worker.pid,
        "version": worker.version,
        "started_at": worker.started_at.isoformat(timespec="seconds"),
        "seen_at": worker.seen_at.isoformat(timespec="seconds"),
    }


def _jobs(seen: health.Health) -> list[dict[str, Any]]:
    return [
        {
            "job": job.job,
            "every_seconds": round(job.every.total_seconds()),
            "state": job.state.value,
            "finished_at": job.finished_at and job.finished_at.isoformat(timespec="seconds"),
            "failures": job.failures,
            "error": job.error,
        }
        for job in seen.jobs
    ]


# ------------------------------------------------------------------------------------------------ policy


@click.group()
def policy() -> None:
    """Who may do what."""


@policy.command("show")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def show_policy(as_json: bool) -> None:
    """Print every permission with the ways to it, and every route with who may use it."""
    ways = list(permissions.described())
    routes = sorted(access.declared(current_app), key=lambda route: (route[1], route[0]))
    if as_json:
        told = [{"method": method, "route": route, "access": who} for method, route, who in routes]
        click.echo(json.dumps({"permissions": dict(ways), "routes": told}, ensure_ascii=False, indent=2))
        return
    click.echo("PERMISSIONS: any of the ways between |, each of which needs all of its tests\n")
    _table(ways)
    click.echo(
        "\nROUTES: public, for everybody who is signed in, or for those who could have a permission on something\n"
    )
    _table(routes)


def _table(rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
