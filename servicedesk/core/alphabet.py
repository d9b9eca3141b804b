"""The order of names in Danish: æ, ø and å last, aa as å, accents ignored, numbers by their size.

The same on both databases, because neither decides: docs/adr/0007-alphabet.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

#: Letters that count as others in a Danish list. What stands for æ, ø and å follows z in every order of bytes.
_LETTERS = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "œ": "|", "å": "}", "ü": "y", "ð": "d", "đ": "d", "þ": "th", "ł": "l"}
)
_NUMBER = re.compile(r"\d+")
#: Digits of a number that count.
_DIGITS = 9


# A page sorts hundreds of names, and the same ones again and again.
@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """What a name is sorted by: plain ASCII for all that is written in Latin letters."""
    lower = unicodedata.normalize("NFC", name).casefold().replace("aa", "å").translate(_LETTERS)
    apart = unicodedata.normalize("NFD", lower)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    words = " ".join(re.sub(r"[^\w{|}]+", " ", plain).split())
    return _NUMBER.sub(lambda number: number[0].lstrip("0").zfill(_DIGITS)[:_DIGITS], words)


def in_order(things: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """The things by their names; those with names that sort alike by how they are written."""
    return sorted(things, key=lambda thing: (sort_key(name(thing)), name(thing)))
