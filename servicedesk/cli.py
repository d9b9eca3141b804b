"""The program `servicedesk`: every capability's commands, and those that start the servers."""

import sys

import click
from flask.cli import FlaskGroup

from servicedesk import servers
from servicedesk.app import create_app
from servicedesk.config import SettingError, Settings
from servicedesk.demo.cli import command as demo_command
from servicedesk.upkeep.cli import worker_status


class Program(FlaskGroup):
    """Refuses a wrong setting with a sentence, before any command runs."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            Settings.from_environment()
        except SettingError as error:
            click.echo(f"servicedesk: {error}", err=True)
            ctx.exit(2)
        return super().invoke(ctx)


program = Program(
    name="servicedesk",
    create_app=lambda: create_app(),
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    help="A servicedesk for a municipality. Settings come from SERVICEDESK_* (see docs/settings.md).",
)
program.add_command(servers.run)
program.add_command(servers.web)
servers.worker.add_command(worker_status)
program.add_command(servers.worker)
program.add_command(servers.sweep)
program.add_command(demo_command(create_app, servers.run_together))


def main() -> None:
    sys.exit(program.main(prog_name="servicedesk"))
