"""What the worker does for the audit log."""

from datetime import datetime

from flask import current_app

from servicedesk.upkeep import chain


def seal_audit(now: datetime) -> int:
    """Gives the next lines their places in the chain; answers how many."""
    return chain.seal(now, current_app.extensions["settings"].data_dir)
