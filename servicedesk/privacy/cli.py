"""`servicedesk retention`."""

import json
import time

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.organisation.cli import refusals_told
from servicedesk.organisation.models import Unit
from servicedesk.privacy import commands, queries
from servicedesk.privacy.models import RetentionRun


def init_app(app: Flask) -> None:
    app.cli.add_command(retention)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--customer", "name", help="Name of one organisation. Default: all.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@with_appcontext
def retention(dry_run: bool, name: str | None, as_json: bool) -> None:
    """Anonymise, erase and delete what is older than each organisation's rules say.

    The worker does the same once a day. What is held back stays. Stopped on the way, it goes on where it was.
    """
    query = select(Unit.id, Unit.name).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    customers = db.session.execute(query if name is None else query.where(Unit.name == name)).all()
    if not customers:
        raise click.BadParameter("there is no organisation of that name", param_hint="--customer")
    with refusals_told():
        for id_, named in customers:
            counts = queries.plan(id_, clock.now()) if dry_run else _keep(id_)
            _say(named, counts, is_dry=dry_run, as_json=as_json)
        if not dry_run:
            while commands.carry_on(clock.now()):
                pass


def _keep(customer_id: int) -> dict[str, int]:
    run = commands.begin(customer_id, now=clock.now(), once_a_day=False)
    if run is None:
        return {}
    while _is_under_way(run.id):
        if not commands.keep(clock.now()):
            time.sleep(0.2)  # somebody else is at it, or reads what is about to go
    db.session.rollback()
    return db.session.get_one(RetentionRun, run.id).counts


def _is_under_way(run_id: int) -> bool:
    db.session.rollback()
    query = select(RetentionRun.finished_at).where(RetentionRun.id == run_id)
    return db.session.scalar(query) is None


def _say(customer: str, counts: dict[str, int], *, is_dry: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"customer": customer, "dry_run": is_dry, **counts}, ensure_ascii=False))
        return
    told = ", ".join(f"{what} {number}" for what, number in sorted(counts.items())) or "no rule says anything"
    click.echo(f"{customer}: {'would do' if is_dry else 'done'}: {told}")
