"""Flask-Babel's functions with types, as it has none."""

from typing import Any

import flask_babel


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, with named values put in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The form that fits the number, which is the value `num` in it."""
    return str(flask_babel.ngettext(one, many, num, **values))
