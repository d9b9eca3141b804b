"""What people type in the search box, taken apart.

    search   = { term }
    term     = condition | words
    condition= field ":" value { "," value }       no space around the colon
    field    = a name in FIELDS, in Danish or English, in any case
    value    = '"' anything but '"' '"' | anything but space, '"' and ","
    words    = '"' anything but '"' '"' | anything but space

Everything can be read: what is no condition is words to look for, a quotation mark without its other half ends with the
text. There are no brackets and no "or" between fields: values of one condition, and conditions on one field, are
alternatives, and several fields hold together. `read` never raises, and takes no longer than the text is long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

#: Longer than anybody types; what comes after is left out, and said.
MOST_SIGNS = 400
MOST_CONDITIONS = 20
MOST_VALUES = 20


class Field(StrEnum):
    """What a condition can be about."""

    STATUS = "status"
    SYSTEM = "system"
    FILER = "filer"
    ASSIGNEE = "assignee"
    TEAM = "team"
    PRIORITY = "priority"
    KIND = "kind"
    UNIT = "unit"
    FILED = "filed"
    UPDATED = "updated"
    NUMBER = "number"


FIELDS: dict[str, Field] = {
    **{field.value: field for field in Field},
    "tilstand": Field.STATUS,
    "state": Field.STATUS,
    "indmelder": Field.FILER,
    "melder": Field.FILER,
    "bruger": Field.FILER,
    "ansvarlig": Field.ASSIGNEE,
    "hold": Field.TEAM,
    "prioritet": Field.PRIORITY,
    "slags": Field.KIND,
    "type": Field.KIND,
    "enhed": Field.UNIT,
    "oprettet": Field.FILED,
    "ændret": Field.UPDATED,
    "aendret": Field.UPDATED,
    "nummer": Field.NUMBER,
}

#: In `text` of a condition that is not about anything known; what looks like an address or a time is words.
_CONDITION = re.compile(r"([a-zæøåäöü_]{2,20}):(?!//)", re.IGNORECASE)
_VALUE = re.compile(r'"([^"]*)"?|([^\s",]+)')
_WORDS = re.compile(r'"([^"]*)"?|([^\s]+)')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Condition:
    """One of `values` holds for the field."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True)
class UnknownField:
    """Something with a colon that is about nothing known, and what may have been meant."""

    name: str
    meant: str | None


@dataclass(frozen=True)
class Asked:
    """A search taken apart."""

    words: str = ""
    conditions: tuple[Condition, ...] = ()
    unknown: tuple[UnknownField, ...] = ()
    #: Fields that were named without a value.
    empty: tuple[str, ...] = ()
    is_cut: bool = False

    def values(self, field: Field) -> tuple[str, ...]:
        """All that was said about a field."""
        return tuple(value for one in self.conditions if one.field is field for value in one.values)


def read(text: str) -> Asked:
    """The search in `text`, whatever it is."""
    asked = text[:MOST_SIGNS]
    words: list[str] = []
    conditions: list[Condition] = []
    unknown: list[UnknownField] = []
    empty: list[str] = []
    for name, said in _terms(asked):
        field = FIELDS.get(name.casefold())
        if field is None:
            words += said
            if name:
                unknown.append(UnknownField(name, suggested(name)))
        elif said:
            conditions.append(Condition(field, tuple(said[:MOST_VALUES])))
        else:
            empty.append(name)
    is_cut = len(text) > MOST_SIGNS or len(conditions) > MOST_CONDITIONS
    return Asked(" ".join(words), tuple(conditions[:MOST_CONDITIONS]), tuple(unknown), tuple(empty), is_cut)


def suggested(name: str) -> str | None:
    """The field whose name is nearest."""
    return next(iter(get_close_matches(name.casefold(), FIELDS, n=1, cutoff=0.6)), None)


def quoted(value: str) -> str:
    """The value so that it is read back as one."""
    bare = value.replace('"', "")
    return f'"{bare}"' if not bare or _SPACE.search(bare) or "," in bare or ":" in bare else bare


def _terms(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each term: the name before its colon, or nothing, and what was said."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif named := _CONDITION.match(text, at):
            values, at = _values(text, named.end())
            yield named[1], values
        else:
            at, said = _one(_WORDS, text, at)
            if said:
                yield "", [said]


def _values(text: str, at: int) -> tuple[list[str], int]:
    values: list[str] = []
    while at < len(text) and not text[at].isspace():
        if text[at] == ",":
            at += 1
            continue
        at, said = _one(_VALUE, text, at)
        if said:
            values.append(said)
    return values, at


def _one(pattern: re.Pattern[str], text: str, at: int) -> tuple[int, str]:
    found = pattern.match(text, at)
    if found is None:
        return at + 1, ""
    return found.end(), (found[1] if found[1] is not None else found[2]).strip()
