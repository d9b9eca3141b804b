"""Which Chromium the tests drive: the one without windows is quicker, and draws the same."""

import shutil

PROGRAMS = ("chromium-headless-shell", "chromium")


def program() -> str | None:
    """Where it is; None where no Chromium is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
