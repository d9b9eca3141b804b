"""Logs: constant event names with facts beside them, as text for people or JSON for machines."""

import logging
import sys
from typing import Any

import structlog


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
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for anew at each event: whoever redirects standard error, as tests do, gets what is said from then on.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get() -> Any:
    """The logger; bound facts go with the request."""
    return structlog.get_logger()
