"""Refusals: sentences for a person, with the status that says what kind of no it is.

Messages are Danish message ids; the handler in `core.pages` shows them in the reader's language.
"""

from typing import Any


def gettext_noop(message: str) -> str:
    """Marks a message for the catalogue where no request is at hand to translate it."""
    return message


N_ = gettext_noop


class RefusedError(Exception):
    """Something was asked for that is not going to happen; nothing was changed."""

    status = 422

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFoundError(RefusedError):
    """There is nothing there, or nothing that this person may know of: the answer is the same."""

    status = 404

    def __init__(self, message: str = N_("Siden findes ikke, eller du har ikke adgang til den.")) -> None:
        super().__init__(message)


class NotAllowedError(RefusedError):
    """The person may see it, but not do this to it."""

    status = 403

    def __init__(self, message: str = N_("Det har du ikke rettigheder til.")) -> None:
        super().__init__(message)


class ConflictError(RefusedError):
    """The thing is not, or no longer, in a state that allows this."""

    status = 409


class BusyError(RefusedError):
    """The database could not take the change now; trying again is safe."""

    status = 503
