"""`servicedesk sla simulate`: try an agreement on past tickets before it is signed."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import with_appcontext

from servicedesk.agreements.terms import Priority
from servicedesk.core import clock
from servicedesk.insight import agreement_file, simulate
from servicedesk.insight.agreement_file import AgreementFileError
from servicedesk.insight.simulate import Fate, Line, Outcome
from servicedesk.tickets.cli import sla

DATE = click.DateTime(["%Y-%m-%d"])


class _UnusableError(click.ClickException):
    """Asked wrongly, as with an option that is not known."""

    exit_code = 2


def init_app(_app: Flask) -> None:
    """The command hangs in the group `sla`."""


@sla.command("simulate")
@click.option(
    "--agreement",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The agreement to try; docs/examples/agreement.toml is one.",
)
@click.option("--from", "first", type=DATE, help="Only tickets filed on this day or later.")
@click.option("--to", "last", type=DATE, help="Only tickets filed on this day or before.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@with_appcontext
def simulate_agreement(file: Path, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Hold past tickets against another agreement, and compare; nothing is changed.

    Each ticket's journal is told to the clocks of FILE. THEN is what its clocks show, NOW what they would.
    """
    now = clock.now()
    try:
        book = agreement_file.read(file, this_year=now.year)
    except AgreementFileError as error:
        raise _UnusableError(f"{file.name}: {error}") from error
    since = _midnight(first, book.zone)
    until = _midnight(last + timedelta(days=1), book.zone) if last else None
    length = simulate.count(since, until)
    with click.progressbar(length=length, label="Simulating", show_pos=True, file=sys.stderr) as bar:
        outcome = simulate.simulate(book, now=now, since=since, until=until, advance=bar.update)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    else:
        _print(outcome)


def _midnight(day: datetime | None, zone: str) -> datetime | None:
    return day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if day else None


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "tickets": outcome.tickets,
        "lines": [
            {
                "clock": name,
                "priority": int(priority),
                "then": _figures(outcome.then.get((name, priority))),
                "now": _figures(outcome.now.get((name, priority))),
            }
            for name, priority in outcome.compared()
        ],
    }


def _figures(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {**{fate.value: line.fates[fate] for fate in Fate}, "share": line.share}


_HEAD = ("clock", "priority", *(f"{when} {what}" for when in ("then", "now") for what in ("kept", "met", "breached")))
_ENDED = ("ended then", "ended now", "open then", "open now")


def _print(outcome: Outcome) -> None:
    rows = [[*_HEAD, *_ENDED]]
    for key in outcome.compared():
        rows.append(_row(*key, outcome.then.get(key) or Line(*key), outcome.now.get(key) or Line(*key)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"\n{outcome.tickets} tickets; kept: met of those met or breached")


def _row(name: str, priority: Priority, then: Line, now: Line) -> list[str]:
    cells = [name, str(int(priority))]
    for line in (then, now):
        share = "-" if line.share is None else f"{100 * line.share:.1f} %"
        cells += [share, str(line.fates[Fate.MET]), str(line.fates[Fate.BREACHED])]
    return cells + [str(line.fates[fate]) for fate in (Fate.ENDED, Fate.OPEN) for line in (then, now)]
