"""Fields in a text, such as {{bruger.fornavn}}: looked up in a list of names, once, and never run; pure.

What stands in for a field comes from people, who may be called anything. It is put so that the Markdown that replies
are shown with reads it as the plain words that it is.
"""

import re
from collections.abc import Mapping

from servicedesk.core.errors import N_

#: Every field that there is, with what it stands for.
FIELDS: Mapping[str, str] = {
    "bruger.fornavn": N_("Brugerens fornavn"),
    "bruger.navn": N_("Brugerens navn"),
    "bruger.enhed": N_("Brugerens enhed"),
    "henvendelse.nummer": N_("Henvendelsens nummer"),
    "henvendelse.emne": N_("Henvendelsens emne"),
    "system.navn": N_("Det system, den handler om"),
    "mig.fornavn": N_("Dit eget fornavn"),
    "mig.navn": N_("Dit eget navn"),
    "mig.team": N_("Dit team"),
    "dato": N_("Dags dato"),
}

_FIELD = re.compile(r"\{\{[ \t]*([^{}\n]{0,60}?)[ \t]*\}\}")
#: Signs that could be Markdown wherever they stand. Between letters an underscore is one.
_SIGNS = re.compile(r"[\\*`\[\]<~]|(?<![^\W_])_|_(?![^\W_])")
#: What makes a line something else than words when it begins with it, or an address of what stands before it.
_LINE_START = re.compile(r"^(?:([-+=#>.)/])|(\d{1,9})([.)]))")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each known field's value in its place, in one go: nothing in a value is looked at again.

    A field that does not exist, or has no value, stays as it stands.
    """

    def one(found: re.Match[str]) -> str:
        name = found.group(1)
        return as_words(values[name]) if name in FIELDS and name in values else found.group()

    return _FIELD.sub(one, text)


def unknown(text: str) -> list[str]:
    """What looks like a field and is none, in order."""
    return list(dict.fromkeys(name for name in _FIELD.findall(text) if name not in FIELDS))


def as_words(value: str) -> str:
    """A value on one line, with whatever Markdown would take for its own marked as plain signs."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    marked = _SIGNS.sub(lambda found: "\\" + found.group(), line).replace("://", "\\://")
    return _LINE_START.sub(_plain_start, marked)


def _plain_start(found: re.Match[str]) -> str:
    sign, number, after = found.groups()
    return f"\\{sign}" if sign else f"{number}\\{after}"
