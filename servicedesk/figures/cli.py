"""`servicedesk figures rebuild`."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select

from servicedesk.core.db import db
from servicedesk.figures import commands
from servicedesk.tickets.models import Ticket

figures = AppGroup("figures", help="The sums that dashboards read.")


def init_app(app: Flask) -> None:
    app.cli.add_command(figures)


@figures.command("rebuild")
def rebuild() -> None:
    """Reckon all figures anew from the journals; people and the worker may go on meanwhile."""
    length = db.session.scalar(select(func.count()).select_from(Ticket)) or 0
    with click.progressbar(length=length, label="Reckoning", show_pos=True, file=sys.stderr) as bar:
        number = commands.rebuild(advance=bar.update)
    click.echo(f"The figures of {number} tickets are told anew.")
