"""Refusals that only this capability has."""

from servicedesk.core.errors import N_, ConflictError, RefusedError


class LinkUsedError(RefusedError):
    """A mail's link that has run out or never was; which of them is not told."""

    status = 410

    def __init__(self) -> None:
        super().__init__(N_("Linket virker ikke længere."))


class AnsweredError(ConflictError):
    """An answer is final."""

    def __init__(self) -> None:
        super().__init__(N_("Du har allerede svaret. Et svar kan ikke ændres."))
