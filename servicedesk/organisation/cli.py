"""People from the command line, for whoever has the server."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import RefusedError
from servicedesk.organisation import commands, imports, queries
from servicedesk.organisation.models import Person, Unit

LISTED = 1_000
#: Roles that follow from something else: a system's owner, an appointment.
FOLLOWING = (Role.SYSTEM_OWNER, Role.SUPERBRUGER)


def init_app(app: Flask) -> None:
    app.cli.add_command(person)


person = AppGroup("person", help="People and their roles.")


@person.command("add")
@click.option("--initials", required=True, help="Short name within the organisation, such as anje.")
@click.option("--name", required=True)
@click.option("--email", default=None, help="Leave out for somebody without a mailbox.")
@click.option(
    "--unit", "unit_name", default=None, help="Name or id of the unit; the top of the organisation if left out."
)
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=None,
    help="Held over the unit and all below it.",
)
@click.option("--over-all", is_flag=True, help="The role is held over every organisation.")
def add(initials: str, name: str, email: str | None, unit_name: str | None, role: str | None, over_all: bool) -> None:
    """Adds a person."""
    with refusals_told():
        unit, now = _unit(unit_name), clock.now()
        if role == Role.SYSTEM_OWNER:
            raise click.UsageError("a system owner is set on the system's own page")
        if role == Role.SUPERBRUGER:
            raise click.UsageError("a superbruger is appointed on the page /superbrugere")
        with transaction():
            made = commands.add_person(name=name, initials=initials, email=email, unit_id=unit.id, by=SYSTEM, now=now)
            if role is not None:
                over = None if over_all else unit.id
                commands.give_role(made.id, role=Role(role), unit_id=over, starts_on=clock.today(), by=SYSTEM, now=now)
        click.echo(f"Added {made.name} ({made.initials}) to {unit.name}.")


@person.command("role")
@click.argument("initials")
@click.argument("role", type=click.Choice([role.value for role in Role if role not in FOLLOWING]))
@click.option(
    "--unit", "unit_name", default=None, help="Name or id of the unit; the person's whole organisation if left out."
)
@click.option("--over-all", is_flag=True, help="Over every organisation.")
def give(initials: str, role: str, unit_name: str | None, over_all: bool) -> None:
    """Gives somebody a role from today; an administrator cannot do that for himself or herself on the page."""
    with refusals_told():
        found = _person(initials)
        over = None if over_all else _unit(unit_name).id if unit_name else found.customer_id
        commands.give_role(found.id, role=Role(role), unit_id=over, starts_on=clock.today(), by=SYSTEM, now=clock.now())
        click.echo(f"{found.name} is now {role}.")


@person.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([kind.value for kind in imports.Kind]), default="persons")
@click.option("--unit", "unit_name", default=None, help="The organisation, where there are several.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--i-know", is_flag=True, help="Deactivate even when more than 5 % would be.")
def import_file(file: Path, kind: str, unit_name: str | None, dry_run: bool, i_know: bool) -> None:
    """Imports persons (or units) from a CSV file: all of it, or nothing when a line is refused."""
    with refusals_told():
        root, content = _unit(unit_name), file.read_bytes()
        plan = imports.preview(imports.Kind(kind), root.id, content, by=SYSTEM, now=clock.now())
        for column in plan.unused_columns:
            click.echo(f"column not used: {column}", err=True)
        for refusal in plan.refused:
            place = f"{file}:{refusal.line}" if refusal.line else str(file)
            click.echo(f"{place}: {refusal.message % refusal.values if refusal.values else refusal.message}", err=True)
        if plan.refused:
            sys.exit(1)
        if not dry_run:
            imports.run(imports.Kind(kind), root.id, content, i_know=i_know, by=SYSTEM, now=clock.now())
        told = ", ".join(f"{plan.count(action)} {action}" for action in ("made", "changed", "deactivated"))
        click.echo(f"{'Would be' if dry_run else 'Done'}: {told}, {plan.unchanged} unchanged.")


@person.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.option("--all", "with_inactive", is_flag=True, help="Deactivated people too.")
def list_people(as_json: bool, with_inactive: bool) -> None:
    """Lists people by name."""
    for row in _everybody(with_inactive):
        told = {"initials": row.initials, "name": row.name, "unit": row.unit.name, "email": row.email}
        if as_json:
            click.echo(json.dumps({"id": row.id, **told, "is_active": row.is_active}, ensure_ascii=False))
        else:
            click.echo(f"{row.initials:<12} {row.name:<32} {row.unit.name:<28} {row.email or '-'}")


def _everybody(with_inactive: bool) -> Iterator[Person]:
    for is_active in (True, False) if with_inactive else (True,):
        after: int | None = None
        while True:
            wanted = queries.PeopleFilter(is_active=is_active)
            page = queries.people(SYSTEM, wanted, after=after, size=LISTED)
            yield from page.rows
            after = page.after
            if after is None:
                break


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal is a line on standard error and exit status 1."""
    try:
        yield
    except RefusedError as error:
        click.echo(f"servicedesk: {error}", err=True)
        sys.exit(1)


def _unit(given: str | None) -> Unit:
    """A unit by name or id; the only root there is when nothing is given."""
    query = select(Unit)
    if given is None:
        query = query.where(Unit.parent_id.is_(None))
    elif given.isascii() and given.isdecimal():
        query = query.where(Unit.id == int(given))
    else:
        query = query.where(Unit.name == given)
    found = db.session.scalars(query.order_by(Unit.id).limit(2)).all()
    if len(found) != 1:
        what = given or "the organisation"
        raise click.UsageError(f"{'no' if not found else 'more than one'} unit is {what!r}; give its id with --unit")
    return found[0]


def _person(initials: str) -> Person:
    query = select(Person).where(Person.initials == initials.lower(), Person.is_active)
    found = db.session.scalars(query.limit(2)).all()
    if len(found) != 1:
        raise click.UsageError(f"{'nobody has' if not found else 'more than one has'} the initials {initials!r}")
    return found[0]
