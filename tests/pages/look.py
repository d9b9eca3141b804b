"""What a look at a page is."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Look:
    """A page as one kind of person sees it; `then` brings it into another state first."""

    name: str
    who: str | None
    path: str
    then: Callable[[Page], None] | None = None

    #: A page that is the same as another but for what a role or a choice takes away is looked at in Danish only.
    is_variant: bool = False
