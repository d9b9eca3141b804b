"""Every command of the program is documented."""

from collections.abc import Iterator
from pathlib import Path

import click

from servicedesk.cli import program

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_the_page_tells_of_every_command(app):
    page = PAGE.read_text(encoding="utf-8")
    commands = [*commands_of("servicedesk", program), *commands_of("servicedesk", app.cli)]
    assert [name for name in commands if name not in page] == []


def test_every_command_says_what_it_does(app):
    groups = [*program.commands.values(), *app.cli.commands.values()]
    assert [command.name for command in groups if not command.help and not command.short_help] == []


def commands_of(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for part, inner in command.commands.items():
        if part not in ("db", "limiter"):  # Flask-Migrate's and Flask-Limiter's own, for who writes code
            yield from commands_of(f"{name} {part}", inner)
