"""Fields in a text, such as {{bruger.fornavn}}: names from a fixed list, put in once and never evaluated; pure."""

import re
from collections.abc import Mapping

_FIELD = re.compile(r"\{\{\s*([a-zæøå]+(?:\.[a-zæøå]+)*)\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each field that has a value replaced by it, in one pass; all else stays as it is written.

    What a value says is never looked at again, so a field in somebody's name stays the letters that it is.
    """
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)
