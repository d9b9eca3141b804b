"""Taking people out of what was written: by what is known of them, and by the shape of what points to somebody; pure.

A name in free text is only known for one when its owner is: whoever is nowhere else on the ticket, such as a citizen
who is mentioned in passing, is not found. That is the price of a ticket that can still be read (docs/adr).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from servicedesk.core import cpr
from servicedesk.core.words import STOP_WORDS

EMPLOYEE, SUPPORTER = "[medarbejder]", "[supporter]"
ERASED_TEXT, ERASED_SUBJECT = "[Teksten er slettet]", "[Emnet er slettet]"
CPR_NUMBER, MAIL_ADDRESS, PHONE_NUMBER, FILE = "[cpr-nummer]", "[mailadresse]", "[telefonnummer]", "[fil]"
QUOTE, MAIL_HEADER, SIGNATURE = "[citat fjernet]", "[mailhoved fjernet]", "[underskrift fjernet]"

#: No letter or digit on either side; a name may hang on a file's name by an underscore.
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?:['’´]?s)?(?![^\W_])"
_BETWEEN = r"[\s.,_\-]+"
#: Letters that are spelled in more ways than one.
_PAIRS = {"aa": "å", "oe": "ø", "ae": "æ"}
_LETTERS = {"å": "(?:å|aa)", "ø": "(?:ø|oe|ö)", "æ": "(?:æ|ae|ä)", "é": "(?:é|e)", "ü": "(?:ü|u|y)", "ö": "(?:ö|ø|oe)"}


@dataclass(frozen=True)
class Known:
    """A person as he or she may be met in a text, and the word that is put there instead."""

    name: str
    initials: str = ""
    email: str = ""
    phone: str = ""
    word: str = EMPLOYEE
    #: Parts of the name alone, and initials that are also a word, count as well.
    by_parts: bool = True


def scrub(text: str, people: Iterable[Known]) -> str:
    """The text without those people."""
    for known in people:
        for pattern in _patterns(known):
            text = pattern.sub(known.word, text)
    return text


def scrub_all(value: Any, people: Iterable[Known]) -> Any:
    """The same in every text of a JSON value."""
    people = list(people)
    if isinstance(value, str):
        return scrub(value, people)
    if isinstance(value, list):
        return [scrub_all(one, people) for one in value]
    if isinstance(value, dict):
        return {key: scrub_all(one, people) for key, one in value.items()}
    return value


@lru_cache(maxsize=4_096)
def _patterns(known: Known) -> tuple[re.Pattern[str], ...]:
    """The longest first, so that nothing is left of what was only met in part."""
    return tuple(re.compile(one, re.IGNORECASE) for one in _expressions(known))


def _expressions(known: Known) -> Iterator[str]:
    if known.email:
        yield rf"{_BEFORE}{re.escape(known.email)}{_AFTER}"
    if digits := _digits(known.phone):
        yield rf"(?<!\d)(?:(?:\+|00)45[ .\-]?)?{r'[ .-]?'.join(digits)}(?!\d)"
    parts = [_spelled(part) for part in known.name.split() if part.strip(".,-")]
    if len(parts) > 1:
        for some in (parts, [parts[0], parts[-1]], [parts[-1], *parts[:-1]]):
            yield _BEFORE + _BETWEEN.join(some) + _AFTER
    yield from _short_expressions(known, parts)


def _short_expressions(known: Known, parts: list[str]) -> Iterator[str]:
    if known.by_parts or len(parts) == 1:
        yield from (f"{_BEFORE}{part}{_AFTER}" for part in parts if len(part) > 1)
    is_a_word = known.initials in STOP_WORDS or len(known.initials) < 3
    if known.initials and (known.by_parts or not is_a_word):
        initials = re.escape(known.initials)
        # "er" and "han" are initials, too: such are only meant in capitals.
        yield rf"{_BEFORE}(?-i:{initials.upper()}){_AFTER}" if is_a_word else f"{_BEFORE}{initials}{_AFTER}"


def _digits(phone: str) -> str:
    digits = "".join(sign for sign in phone if sign.isdecimal())
    digits = digits[-8:] if len(digits) > 8 else digits
    return digits if len(digits) >= 6 else ""


def _spelled(part: str) -> str:
    """As an expression that meets the other ways to spell it."""
    small = part.strip(".,-").lower()
    for pair, letter in _PAIRS.items():
        small = small.replace(pair, letter)
    return "".join(_LETTERS.get(sign, re.escape(sign)) for sign in small)


# ------------------------------------------------------------------------------------------------ by shape

_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[a-zæøå]{2,}", re.IGNORECASE)
_MASKED_CPR = re.compile(r"\d{6}[\s.\-/–]{0,3}" + cpr.MASK)
# Eight digits in a row or in groups with blanks; with a country's number, any.
_PHONE = re.compile(
    r"(?<![\w+\-.])(?:(?:\+|00)45[ .\-]?)?(?:\d{8}|\d{2} \d{2} \d{2} \d{2}|\d{4} \d{4}|\d{2} \d{3} \d{3})(?![\w\-])"
    r"|\+\d{1,3}(?:[ .\-]?\d){6,12}(?!\d)"
)
_ENDINGS = (
    "pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|heic|webp|tiff?|bmp|txt|csv|rtf|od[tsp]|msg|eml|zip|7z|rar|mp4|mov|html?|xml"
)
_FILE = re.compile(rf"[^\s\"'<>|:*?]+\.(?:{_ENDINGS})(?![\w])", re.IGNORECASE)


def scrub_shapes(text: str) -> str:
    """The text without CPR numbers, mail addresses, telephone numbers and names of files, whosever they are."""
    text = _MASKED_CPR.sub(CPR_NUMBER, cpr.hide(text).text)
    text = _FILE.sub(FILE, _MAIL.sub(MAIL_ADDRESS, text))
    return _PHONE.sub(PHONE_NUMBER, text)


# ------------------------------------------------------------------------------------------------ what mails carry

_HEADER = re.compile(r"\s*\**(?:fra|from|til|to|cc|bcc|emne|subject|sendt|sent|dato|date)\**\s*:\s", re.IGNORECASE)
_SURE_HEADER = re.compile(
    r"(?:return-path|received|message-id|in-reply-to|references|reply-to|mime-version|x-[\w\-]+)\s*:", re.IGNORECASE
)
_SAID_BY = re.compile(r"(?:(?:den|on)\b.*\b(?:skrev|wrote)\b.*|.{1,80}\b(?:skrev|wrote)\s*):$", re.IGNORECASE)
_GREETING = re.compile(
    r"\s*(?:--|(?:(?:med )?(?:de )?(?:venlig|kærlig|bedste)\w*\s+hilsen\w*"
    r"|mvh|vh|kh|hilsen|(?:best|kind) regards)\b.{0,60})\s*$",
    re.IGNORECASE,
)
#: A greeting further up begins no signature.
_SIGNATURE_LINES = 12


def scrub_mail(text: str) -> str:
    """The text without quotes, mail headers and the signature below."""
    kept: list[str] = []
    lines = _unsigned(text.split("\n"))
    at = 0
    while at < len(lines):
        length = _header_length(lines, at)
        word = MAIL_HEADER if length else QUOTE if _is_quote(lines[at]) else ""
        if not word:
            kept.append(lines[at])
        elif kept[-1:] != [word]:
            kept.append(word)
        at += max(length, 1)
    return "\n".join(kept)


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">") or bool(_SAID_BY.match(line.strip()))


def _header_length(lines: list[str], at: int) -> int:
    """How many lines of a mail's header stand here: one that is surely of one, or two after each other."""
    end, is_sure = at, False
    while end < len(lines) and (
        _HEADER.match(lines[end]) or _SURE_HEADER.match(lines[end]) or (is_sure and lines[end][:1] in (" ", "\t"))
    ):
        is_sure = is_sure or bool(_SURE_HEADER.match(lines[end]))
        end += 1
    return end - at if is_sure or end - at > 1 else 0


def _unsigned(lines: list[str]) -> list[str]:
    for at in range(max(0, len(lines) - _SIGNATURE_LINES), len(lines)):
        if _GREETING.match(lines[at]):
            return [*lines[:at], SIGNATURE]
    return lines
