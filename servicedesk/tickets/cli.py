"""`servicedesk sla`: what the clocks say, for whoever has the server."""

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import AppGroup

from servicedesk.agreements.book import book_of
from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.tickets import clocks, finding
from servicedesk.tickets.clockwork import clocks_of
from servicedesk.tickets.explaining import Explained, Stretch, as_json, duration, explain
from servicedesk.tickets.models import Ticket
from sla import Why


def init_app(app: Flask) -> None:
    app.cli.add_command(sla)


#: Other capabilities add their commands to it.
sla = AppGroup("sla", help="Clocks and agreements.")


@sla.command("explain")
@click.argument("number")
@click.option("--json", "as_data", is_flag=True, help="For scripts.")
def explain_ticket(number: str, as_data: bool) -> None:
    """Every clock of a ticket (SD-12 or 12): what counted, what did not and why, and when it is due."""
    ticket_id = finding.number_in(number)
    ticket = db.session.get(Ticket, ticket_id) if ticket_id is not None else None
    if ticket is None:
        click.echo(f"There is no ticket {number}.", err=True)
        sys.exit(1)
    now, book = clock.now(), book_of(ticket.customer_id)
    readings = clocks_of(clocks.journals([ticket.id])[ticket.id], book).read(now)
    explained = [explain(name, reading, book) for name, reading in readings.items()]
    if as_data:
        told = {"number": ticket.number, "state": ticket.state.value, "clocks": [as_json(one) for one in explained]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{ticket.number} {ticket.state.value}")
    if not explained:
        click.echo("No agreement sets a clock for it.")
    for one in explained:
        _tell(one)


def _tell(one: Explained) -> None:
    reading, zone = one.reading, one.reading.target.calendar.zone
    target = as_json(one)["target"]
    click.echo(
        f"\n{one.name}: {reading.phase.value}, target {target}" + (f", hours “{one.hours}”" if one.hours else "")
    )
    for stretch in one.stretches:
        span = f"{_local(stretch.start, zone)} - {_local(stretch.end, zone)}"
        click.echo(f"  {span}  {'counts' if stretch.counted else '':6}  {_why(stretch):28}  {duration(stretch.total)}")
    figures = {"used": reading.elapsed, "on hold": reading.paused, "solved and reopened": reading.stopped}
    told = [f"{name} {duration(amount)}" for name, amount in figures.items() if amount]
    told += [f"due {_local(reading.due_at, zone)}"] if reading.due_at else []
    told += [f"breached {_local(reading.breached_at, zone)}"] if reading.breached_at else []
    click.echo(f"  {', '.join(told) or 'nothing counted yet'}")


def _why(stretch: Stretch) -> str:
    if stretch.why is Why.CLOSED:
        return f"closed ({', '.join(stretch.closed_days)})" if stretch.closed_days else "closed"
    if stretch.why is Why.OPEN:
        return "open, after due" if stretch.is_after_due else "open"
    return f"{'on hold' if stretch.why is Why.PAUSED else 'stopped'}: {stretch.state}"


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"
