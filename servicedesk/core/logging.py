"""Logs: constant event names with facts beside them, as text for people or JSON for machines."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from servicedesk.core import cpr


def configure(log_format: str, level: int = logging.INFO) -> None:
    """Sends structlog's events to standard error, one a line."""
    last: Any = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_numbers,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for anew at each event: whoever redirects standard error, as tests do, gets what is said from then on.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _hide_numbers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A log is kept long and read by many: no CPR number in it, whatever was in the address or the error."""
    return {name: cpr.hide(value).text if isinstance(value, str) else value for name, value in event.items()}


def get() -> Any:
    """The logger; bound facts go with the request."""
    return structlog.get_logger()
