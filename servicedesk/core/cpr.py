"""CPR numbers in what people write: found by their shape and by a date that can be, and hidden.

A CPR number is a day of birth, DDMMYY, and four digits more (CPR-loven § 3; the CPR office's "Personnummeret i CPR").
Numbers given since 2007 need not pass modulus 11, so it decides nothing here; a replacement number has 60 added to the
day. What else has ten digits, such as a serial number, is known by the word or the letters that it hangs on.
"""

import re
from typing import NamedTuple

#: Stands for the last four digits.
MASK = "••••"

# Between two digits: nothing, or one or two of blanks of any width, points, strokes, and signs that cannot be seen.
_GAP = r"[\s.\-/\u00ad\u200b-\u200f\u2010-\u2015\u2060]{0,3}"
_DIGIT = re.compile(r"\d")
_TEN_DIGITS = re.compile(rf"(?<![\w+])\d(?:{_GAP}\d){{9}}(?!\d)(?!{_GAP}\d)(?!\w)")
_CPR = re.compile(r"(?:cpr|person)[\s\-.]*(?:nr|nummer|number|no)?\W{0,4}$", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(
    r"\b(?:serie\w*|serial\w*|s/n|sn|ean\w*|imei|tlf|telefon\w*|mobil\w*|phone|konto\w*|ordre\w*|faktura\w*|vare\w*|inventar\w*"
    r"|asset\w*|model\w*|id|sd)[\s\-.]*(?:nr|nummer|number|no)?\W{0,4}$",
    re.IGNORECASE,
)
#: Part of something longer: "SD-0101571234", "ab/0101571234", "12.0101571234".
_HANGS_ON = re.compile(r"[\w][\-./:#_]$")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REPLACED = 60


class Hidden(NamedTuple):
    """A text without its CPR numbers, and the numbers, each as six digits, a stroke and four."""

    text: str
    numbers: tuple[str, ...]


def hide(text: str) -> Hidden:
    """The day of birth stays as it was written; the rest gives place to the mask."""
    # Nearly every text has no ten digits at all.
    if len(_DIGIT.findall(text)) < 10:
        return Hidden(text, ())
    pieces, numbers, at = [], [], 0
    for found in _TEN_DIGITS.finditer(text):
        digits = "".join(str(int(sign)) for sign in found[0] if sign.isdecimal())
        if not _is_one(digits, text[: found.start()]):
            continue
        pieces += [text[at : found.start()], _birthday(found[0]), MASK]
        numbers.append(f"{digits[:6]}-{digits[6:]}")
        at = found.end()
    return Hidden("".join([*pieces, text[at:]]), tuple(numbers))


def _is_one(digits: str, before: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    day = day - _REPLACED if day > _REPLACED else day
    if not (1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]):
        return False
    near = before[-30:]
    return bool(_CPR.search(near)) or not (_SOMETHING_ELSE.search(near) or _HANGS_ON.search(near))


def _birthday(written: str) -> str:
    """Up to the seventh digit, so that what stands between stays."""
    seen = 0
    for at, sign in enumerate(written):
        seen += sign.isdecimal()
        if seen == 7:
            return written[:at]
    return written
