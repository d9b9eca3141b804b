"""What a person is found by: parts of the name, initials, mail and telephone, each in one plain spelling; pure.

Åse, AASE and Aase are one spelling, and so are Søren and Soeren, André and Andre. Keys are plain ASCII and are asked
for by their beginnings, which is a range of an index on either database.
"""

import re
from collections.abc import Iterator

from servicedesk.core.words import spelled

#: Letters of a key that count, and words of a question.
KEY_LENGTH = 60
MOST_WORDS = 6
#: So many digits are taken for a telephone number; fewer for what they are.
PHONE_DIGITS = 4
_COUNTRY = "45"
_LOCAL_DIGITS = 8
#: Stands before a number that is kept backwards, as one is asked for by its last digits, too; no other key has it.
_BACKWARDS = "<"
_BETWEEN_PARTS = re.compile(r"[\s-]+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{2,}")


def keys_of(*, name: str | None, initials: str | None, email: str | None, phone: str | None) -> dict[str, str]:
    """Every key of a person, with how it is written; of several that are spelled alike, the first."""
    keys: dict[str, str] = {}
    for key, written in _keys(name or "", initials or "", email or "", phone or ""):
        if key:
            keys.setdefault(key[:KEY_LENGTH], written[:KEY_LENGTH])
    return keys


def _keys(name: str, initials: str, email: str, phone: str) -> Iterator[tuple[str, str]]:
    for part in (*_BETWEEN_PARTS.split(name), initials, *_BETWEEN_PARTS.split(initials), email):
        yield spelled(part), part.casefold()
    for number in _NUMBER.findall(phone):
        digits = phone_digits(number)
        yield digits, digits
        yield _backwards(digits), digits


def asked(q: str) -> list[tuple[str, ...]]:
    """For each word of a question the keys of which one has to begin so; nothing when it asks for nobody."""
    digits = phone_digits(q)
    if len(digits) >= PHONE_DIGITS:
        return [(digits, _backwards(digits))]
    return [(key,) for part in parts(q) if (key := spelled(part)[:KEY_LENGTH])]


def parts(q: str) -> list[str]:
    """The words of a question; a mail address is one, whatever is in it."""
    words = q.replace("\x00", "").split()[:MOST_WORDS]
    return [part for word in words for part in ([word] if "@" in word else _BETWEEN_PARTS.split(word)) if part]


def _backwards(digits: str) -> str:
    return f"{_BACKWARDS}{digits[::-1]}" if digits else ""


def phone_digits(written: str) -> str:
    """The digits of a number without the country's; "" when it is none."""
    digits = re.sub(r"[\s()./-]", "", written).removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdecimal()):
        return ""
    return digits.removeprefix(_COUNTRY) if len(digits) > _LOCAL_DIGITS else digits
