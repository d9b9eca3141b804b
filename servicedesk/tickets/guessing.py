"""Which system a ticket is about, guessed from what was written and what the person uses; pure.

A guess is offered and never acted upon: whoever chose for himself or herself is not guessed for.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

#: What people write for things that nearly every place has, each with words that such a system's name holds.
COMMON = {
    "mail": ("outlook", "mail", "e-post"),
    "mails": ("outlook", "mail", "e-post"),
    "email": ("outlook", "mail", "e-post"),
    "e-mail": ("outlook", "mail", "e-post"),
    "postkasse": ("outlook", "mail", "e-post"),
    "kalender": ("outlook", "kalender"),
    "mødeindkaldelse": ("outlook", "kalender"),
    "printer": ("print", "udskrift"),
    "printeren": ("print", "udskrift"),
    "udskriver": ("print", "udskrift"),
    "udskrive": ("print", "udskrift"),
    "scanner": ("print", "scan"),
    "telefon": ("telefoni", "telefon", "omstilling"),
    "telefonen": ("telefoni", "telefon", "omstilling"),
    "mobil": ("mobil", "telefoni"),
    "wifi": ("netværk", "trådløst", "wifi"),
    "internet": ("netværk", "internet"),
    "netværk": ("netværk",),
    "skærm": ("pc-arbejdsplads", "arbejdsplads"),
    "tastatur": ("pc-arbejdsplads", "arbejdsplads"),
    "journal": ("journal",),
    "løn": ("løn",),
    "faktura": ("økonomi", "faktura"),
    "videomøde": ("teams", "videomøde"),
}
#: Words of names that say nothing of which system it is.
_IDLE = frozenset("og i til for med den det af på ny nyt system systemet it kommune kommunens app".split())
#: So many of the newest tickets must all be about one system before it is guessed without a word.
STEADY = 3
_SHORTEST = 3


class Named(NamedTuple):
    """A system that the person can choose, and what people call it."""

    id: int
    name: str
    #: Other names, with commas between.
    aliases: str = ""


class Because(StrEnum):
    WORDS = "words"
    HABIT = "habit"


class Guess(NamedTuple):
    system_id: int
    name: str
    because: Because


def guess(text: str, systems: Sequence[Named], used: Sequence[int] = (), around: Sequence[int] = ()) -> Guess | None:
    """The system that `text` most likely is about; None when nothing speaks for any.

    `used` are the systems of the person's newest tickets, newest first; `around` those of the unit's. They decide
    between systems that are named equally well, and `used` alone when the person has not used another for long.
    """
    told = _words(text)
    strengths = {system.id: _strength(told, system) for system in systems}
    best = max(strengths.values(), default=0)
    if best:
        named = [system for system in systems if strengths[system.id] == best]
        return _guessed(min(named, key=lambda one: _habit(one.id, used, around)), Because.WORDS)
    if len(used) >= STEADY and len(set(used[:STEADY])) == 1 and told:
        return next((_guessed(system, Because.HABIT) for system in systems if system.id == used[0]), None)
    return None


def favourites(used: Sequence[int], most: int) -> list[int]:
    """The systems used most, the newest counting most: of twenty tickets the oldest weighs half of the newest."""
    weights: dict[int, float] = {}
    for place, system_id in enumerate(used):
        weights[system_id] = weights.get(system_id, 0) + 20 / (20 + place)
    return sorted(weights, key=lambda id_: -weights[id_])[:most]


def _guessed(system: Named, because: Because) -> Guess:
    return Guess(system.id, system.name, because)


def _habit(system_id: int, used: Sequence[int], around: Sequence[int]) -> tuple[int, int]:
    return -used.count(system_id), -around.count(system_id)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    return re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", folded)


def _strength(told: Sequence[str], system: Named) -> int:
    """How well the system is named: all of a name before a part of it, a part before a common word for such things."""
    names = [system.name, *system.aliases.split(",")]
    whole = [words for name in names if (words := _words(name))]
    if any(_holds(told, words) for words in whole):
        return 100 + max(len("".join(words)) for words in whole if _holds(told, words))
    parts = {word for words in whole for word in words if word not in _IDLE and len(word) >= _SHORTEST}
    said = [part for part in parts if any(_is_form_of(word, part) for word in told)]
    if said:
        return 10 + max(len(part) for part in said)
    wanted = {hint for word in told for hint in COMMON.get(word, ())}
    return 1 if any(part == hint or part.startswith(hint) for part in parts for hint in wanted) else 0


def _holds(told: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the words stand in the text one after another; the last may have an ending."""
    last = len(words) - 1
    return any(
        all(
            _is_form_of(told[at + place], word) if place == last else told[at + place] == word
            for place, word in enumerate(words)
        )
        for at in range(len(told) - last)
    )


def _is_form_of(word: str, name: str) -> bool:
    """The name itself, with a Danish ending (Sensums, Nexus', printeren) or as the first part of a compound."""
    if word == name:
        return True
    if not word.startswith(name) or len(name) < _SHORTEST:
        return False
    ending = word[len(name) :].lstrip("-'")
    return len(name) > _SHORTEST or ending in _ENDINGS


_ENDINGS = frozenset(("", "s", "en", "et", "er", "erne", "ens", "ets"))


def in_order(systems: Iterable[Named], first: Sequence[int]) -> tuple[list[Named], list[Named]]:
    """Those in `first`, in that order, and the rest as they come."""
    by_id = {system.id: system for system in systems}
    chosen = [by_id.pop(id_) for id_ in first if id_ in by_id]
    return chosen, list(by_id.values())


Group = tuple[str, list[tuple[int, str]]]


def grouped(first: Sequence[Named], rest: Sequence[Named], heading: str, other: str) -> list[Group]:
    """The options of a list, those likely to be chosen first under a heading; without such, none has a heading."""
    groups = [(heading, first), (other if first else "", rest)]
    return [(title, [(system.id, system.name) for system in group]) for title, group in groups if group]
