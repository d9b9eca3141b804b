"""What a draft may hold; pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from servicedesk.core.errors import N_, RefusedError

#: A draft that nobody has touched for so long is forgotten.
KEPT_FOR = timedelta(days=30)
#: So long can one that was thrown away be had back.
REGRET = timedelta(hours=24)
MOST_DRAFTS = 50
MOST_FIELDS = 40
MOST_TEXT = 100_000
MOST_FILES = 10
#: Seconds for which a person can choose to be able to take back what was sent.
CHOICES = (0, 10, 30)
USUAL_SECONDS = 10

_PLACE = re.compile(r"[a-z]{1,20}(?:-[1-9][0-9]{0,18})?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: What belongs to the page rather than to what is typed, and what nobody wants to find again on another device.
_NOT_KEPT = frozenset(
    {"csrf_token", "form_id", "seen", "undo", "kept", "draft_version", "draft_force", "phrase", "password"}
)
#: A form with none of these filled in holds nothing that took trouble to type.
_TYPED = ("subject", "description", "body", "solution", "reason", "tried")


def is_place(text: str) -> bool:
    """Whether it could be one; what comes from outside may be anything. Those of what is on its way are not drafts'."""
    return _PLACE.fullmatch(text) is not None and not text.startswith("sending-")


def kept(sent: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The part of a form that a draft keeps. Raises RefusedError when it is too much."""
    fields = {
        name: value.replace("\x00", "").replace("\r\n", "\n").encode(errors="ignore").decode()
        for name, value in sent
        if _NAME.fullmatch(name) and name not in _NOT_KEPT and value
    }
    if len(fields) > MOST_FIELDS or sum(map(len, fields.values())) > MOST_TEXT:
        raise RefusedError(
            N_("Teksten er for lang til at blive gemt som kladde. Gem den et andet sted, indtil du har kortet den af.")
        )
    return fields


def is_blank(fields: Mapping[str, str]) -> bool:
    return not any(fields.get(name, "").strip() for name in _TYPED)


def text_of(fields: Mapping[str, str]) -> str:
    """All that was typed, for showing it where its form is not."""
    return "\n\n".join(text for name in _TYPED if (text := fields.get(name, "").strip()))


def joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """One form out of two, no word lost: the texts one after the other, all else as in the first."""
    both = {**second, **first}
    for name in _TYPED:
        texts = [fields[name].strip() for fields in (first, second) if fields.get(name, "").strip()]
        if texts:
            both[name] = "\n\n".join(dict.fromkeys(texts))
    return both
