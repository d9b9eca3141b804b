"""Jinja's environment, with plain globals."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Jinja looks through the globals key by key wherever a template imports or includes another, a few dozen times for
    a page. It lays each template's own over those of all in a `ChainMap`, which is slow at that; ours have none.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
