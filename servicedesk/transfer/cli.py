"""`servicedesk import tickets` and `servicedesk export tickets`."""

import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import click
from click._termui_impl import ProgressBar
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from servicedesk.config import Settings
from servicedesk.core import clock, spreadsheets
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.errors import RefusedError
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Unit
from servicedesk.transfer import commands, export, mapping
from servicedesk.transfer.commands import BATCH, Import, Outcome, UnknownAgreementError
from servicedesk.transfer.mapping import CaseMapping, MappingError
from servicedesk.transfer.reader import Case, Cases, FileError, Refused

_MADE = {"person": "persons", "unit": "units", "system": "systems", "team": "teams"}

readable_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def init_app(app: Flask) -> None:
    app.cli.add_command(import_)
    app.cli.add_command(export_)


@click.group("import")
def import_() -> None:
    """Bring in what another system holds."""


@import_.command("tickets")
@click.argument("file", type=readable_file)
@click.option("--mapping", "mapping_file", type=readable_file, required=True, help="TOML: what their columns mean.")
@click.option("--customer", help="The organisation they belong to; made if missing. Default: the only one.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def import_tickets(file: Path, mapping_file: Path, customer: str | None, dry_run: bool) -> None:
    """Bring in cases with their history from FILE, a CSV that may be packed with gzip.

    What was imported before is passed over, so an import that was stopped is just repeated. A case with a row that
    cannot be read is left out whole; each such row is told with its line, and the command ends with 1.
    """
    try:
        read_by = mapping.read(mapping_file)
        cases = Cases(file, read_by, now=clock.now())
        with _database_told():
            outcome = _bring_in(cases, read_by, customer, dry_run)
    except (MappingError, FileError, RefusedError) as error:
        is_mapping = isinstance(error, MappingError | UnknownAgreementError)
        name = mapping_file.name if is_mapping else file.name
        raise click.ClickException(f"{name}: {error}") from error
    _summarise(outcome, cases, dry_run)
    sys.exit(1 if outcome.refused_rows else 0)


@contextmanager
def _database_told() -> Iterator[None]:
    """A database that is away or empty is a line, not a trace."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(f"{reason} (a new database needs `servicedesk init` first)") from error


def _bring_in(cases: Cases, read_by: CaseMapping, customer: str | None, dry_run: bool) -> Outcome:
    into = _customer(customer, dry_run)
    importing = Import(read_by.source, into, now=clock.now(), rehearse=dry_run, agreement=read_by.agreement)
    total = Outcome()
    with _Progress(cases.contents.rows, "Trying" if dry_run else "Importing") as progress:
        for some in _batches(cases):
            outcome = importing.take(some)
            progress.clear_for(outcome.refused, _show_refused)
            total.add(outcome)
            progress.advance(sum(case.size for case in some))
    return total


def _customer(name: str | None, dry_run: bool) -> Unit | None:
    """The organisation to import into; None for one that a dry run would make."""
    found = commands.find_customers(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError("There are several organisations: say which one with --customer.")
    if name is None:
        raise click.UsageError("There is no organisation yet: name a new one with --customer.")
    return None if dry_run else commands.add_customer(name, now=clock.now())


def _batches(cases: Cases) -> Iterator[list[Case]]:
    waiting = iter(cases)
    while some := list(islice(waiting, BATCH)):
        yield some


def _show_refused(refused: Refused) -> None:
    click.echo(f"line {refused.line}: {refused.reason}", err=True)


def _summarise(outcome: Outcome, cases: Cases, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    made = ", ".join(f"{count} {_MADE[kind]}" for kind, count in outcome.made.items() if count)
    click.echo(f"{cases.contents.rows} rows of {len(cases.contents.rows_of)} cases read")
    click.echo(f"{outcome.imported} tickets with {outcome.entries} journal entries {would}imported")
    if made:
        click.echo(f"{made} {would}made")
    if outcome.known:
        click.echo(f"{outcome.known} cases were here already")
    if outcome.refused_rows:
        click.echo(f"{outcome.refused_rows} rows refused, and {outcome.left_out} cases left out because of them")


class _Progress:
    """A bar with rate and remaining time on a terminal; silent elsewhere."""

    def __init__(self, rows: int, label: str) -> None:
        self._started, self._done = time.monotonic(), 0
        self._bar: ProgressBar[None] = click.progressbar(
            length=rows, label=label, show_pos=True, item_show_func=lambda _item: self._rate(), file=sys.stderr
        )

    def __enter__(self) -> "_Progress":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(*error)  # type: ignore[arg-type]

    def advance(self, rows: int) -> None:
        self._done += rows
        self._bar.update(rows)

    def clear_for(self, lines: list[Refused], show: Callable[[Refused], None]) -> None:
        """Lets lines stand above the bar rather than in it."""
        if lines and self._bar._is_atty:
            click.echo("\r\033[K", nl=False, err=True)
        for line in lines:
            show(line)

    def _rate(self) -> str:
        return f"{self._done / max(time.monotonic() - self._started, 0.001):,.0f} rows/s"


# ------------------------------------------------------------------------------------------------ export


@click.group("export")
def export_() -> None:
    """Take out what the servicedesk holds."""


@export_.command("tickets")
@click.option("--format", "form", type=click.Choice(("csv", "xlsx", "jsonl")), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Default: standard output.")
@click.option("--customer", help="Only the tickets of this organisation.")
@click.option("--as", "initials", help="What this person may read; secret tickets are told only so.")
@with_appcontext
def export_tickets(form: str, out: Path | None, customer: str | None, initials: str | None) -> None:
    """Write every ticket to a file.

    Without --as, confidential and security tickets come without subject and description.
    """
    with _database_told():
        root = _named_customer(customer)
        who = _reader(initials, root)
        found = export.tickets(who, now=clock.now(), customer_id=root.id if root else None)
        if out is None:
            _write(form, found, sys.stdout.buffer)
            return
        # A file is there whole or not at all.
        unfinished = out.with_name(f"{out.name}.part")
        with unfinished.open("wb") as file:
            _write(form, found, file)
        unfinished.replace(out)


def _named_customer(name: str | None) -> Unit | None:
    if name is None:
        return None
    found = commands.find_customers(name)
    if len(found) != 1:
        raise click.UsageError(f"There is no organisation named {name}.")
    return found[0]


def _reader(initials: str | None, customer: Unit | None) -> Actor:
    if initials is None:
        return SYSTEM
    settings: Settings = current_app.extensions["settings"]
    found = commands.find_persons(initials, customer.id if customer else None)
    if len(found) != 1:
        raise click.UsageError(f"There is nobody, or more than one, with the initials {initials}.")
    who = load_actor(found[0], today=clock.local_date(clock.now(), settings.timezone))
    if who is None:
        raise click.UsageError(f"{initials} is not active any more.")
    return who


def _write(form: str, found: Iterable[Mapping[str, Any]], out: IO[bytes]) -> None:
    rows = (list(export.flat(ticket).values()) for ticket in found)
    match form:
        case "jsonl":
            for ticket in found:
                out.write(f"{json.dumps(ticket, ensure_ascii=False, default=spreadsheets.as_text)}\n".encode())
        case "csv":
            for line in spreadsheets.write_csv(export.COLUMNS, rows):
                out.write(line.encode())
        case _:
            settings: Settings = current_app.extensions["settings"]
            # Not even a pipe can be written backwards, which a workbook needs.
            book = io.BytesIO() if not out.seekable() else out
            with spreadsheets.Workbook(book, zone=ZoneInfo(settings.timezone)) as sheets:
                sheets.add_table("tickets", export.COLUMNS, rows)
            if isinstance(book, io.BytesIO):
                out.write(book.getvalue())
