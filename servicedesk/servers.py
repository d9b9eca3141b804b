import click


@click.command()
def run() -> None:
    """Web and worker together."""


@click.command()
def web() -> None:
    """Web only."""


@click.command()
def worker() -> None:
    """Worker only."""
