"""Passwords: how they are hashed, and which are too easy to guess.

A password is taken as it was typed, blanks included, but brought to Unicode's composed form (NFC) first: the same å
can be sent as one character or as two, depending on the machine on which it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION, Type

from servicedesk.core.errors import N_, RefusedError

SHORTEST, LONGEST = 8, 1000

#: As OWASP recommends for argon2id: 19 MiB a sign-in, so that a busy morning fits in memory.
PARAMETERS = Parameters(
    type=Type.ID, version=ARGON2_VERSION, salt_len=16, hash_len=32, time_cost=2, memory_cost=19_456, parallelism=1
)

#: Words that a Danish municipality's passwords are made of when people must think of a new one.
_HOUSE_WORDS = """
    kommune kommunen rådhus rådhuset borgmester servicedesk helpdesk support it-support superbruger medarbejder
    velkommen goddag password kodeord adgangskode hemmelig skiftmig login admin administrator bruger test demo
    forår foråret sommer sommeren efterår efteråret vinter vinteren påske pinse jul julen nytår ferie sommerferie
    januar februar marts april maj juni juli august september oktober november december
    mandag tirsdag onsdag torsdag fredag lørdag søndag danmark dansk københavn århus aarhus odense aalborg odder
    skole skolen plejehjem børnehave vuggestue hjemmepleje summer winter autumn spring welcome secret monday"""
_ROWS = ("abcdefghijklmnopqrstuvwxyzæøå", "01234567890123456789", "qwertyuiopå", "asdfghjklæø", "zxcvbnm,.-")
_FRONT, _BACK = re.compile(r"^[\W\d_]*"), re.compile(r"[\W\d_]*$")
#: As much is looked away from at either end: a year, a month, an exclamation mark.
_TRIMMINGS = 12
#: What people write for a letter: "P@ssw0rd".
_DISGUISES = str.maketrans("@4310$5!", "aaeiossi")

_hasher = PasswordHasher.from_parameters(PARAMETERS)


class PasswordRefusedError(RefusedError):
    """The password may not be used; says why."""


def use(parameters: Parameters) -> None:
    """Hashes with other parameters from now on: tests take argon2.profiles.CHEAPEST."""
    global _hasher
    _hasher = PasswordHasher.from_parameters(parameters)


def check(password: str, *about: str) -> None:
    """Raises PasswordRefusedError unless the password may be used by the person that `about` tells of.

    There are no rules for which kinds of characters it is made of: length and not being guessed first is what counts.
    """
    if len(password) > LONGEST:
        raise PasswordRefusedError(N_("Adgangskoden er for lang. Den må højst have %(most)s tegn."), most=LONGEST)
    if "\x00" in password:
        raise PasswordRefusedError(N_("Adgangskoden har et tegn, der ikke kan bruges."))
    if len(_composed(password)) < SHORTEST:
        raise PasswordRefusedError(N_("Adgangskoden er for kort. Den skal have mindst %(least)s tegn."), least=SHORTEST)
    if is_easily_guessed(password, *about):
        raise PasswordRefusedError(N_("Adgangskoden er for let at gætte. Vælg for eksempel tre-fire tilfældige ord."))


def is_easily_guessed(password: str, *about: str) -> bool:
    """A common password, a row of keys, or a word from work or about the person with a year or so around it."""
    typed = _composed(password).casefold()
    if len(set(typed)) < 4 or any(typed in row or typed in row[::-1] for row in _ROWS):
        return True
    words = _common() | _words_about(about)
    return typed in words or any(guess in words for guess in _undressed(typed))


def digest(password: str) -> str:
    """What is stored of a password that has been checked."""
    return _hasher.hash(_composed(password))


def is_right(password: str, stored: str | None) -> bool:
    """Takes as long when nothing is stored, so that nobody learns from the time who is known."""
    if len(password) > LONGEST:
        return False
    try:
        _hasher.verify(stored or _nobodys(_hasher), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """The stored digest was made with other parameters than those in use."""
    return _hasher.check_needs_rehash(stored)


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _undressed(typed: str) -> Iterator[str]:
    """What is left of "!K0mmune2026" without some or all of the signs at its ends, and with letters for the others."""
    plain = typed.translate(_DISGUISES)
    front = min(len(_FRONT.search(typed).group()), _TRIMMINGS)  # type: ignore[union-attr]
    back = min(len(_BACK.search(typed).group()), _TRIMMINGS)  # type: ignore[union-attr]
    for start, end in product(range(front + 1), range(len(typed) - back, len(typed) + 1)):
        yield typed[start:end]
        yield plain[start:end]


def _words_about(about: tuple[str, ...]) -> set[str]:
    texts = [text.casefold() for text in about]
    parts = {part for text in texts for part in re.split(r"[\W\d_]+", text) if len(part) > 2}
    return parts | {re.sub(r"[\W\d_]+", "", text) for text in texts} - {""}


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_HOUSE_WORDS.split()) | {line for line in lines if not line.startswith("#")}
