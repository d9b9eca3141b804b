"""Danish words for the search index, the same on both databases.

The databases only split at blanks and match prefixes; everything that needs to know Danish happens here. Tokens are
pure [a-z0-9], so that FTS5 (`unicode61 remove_diacritics 0`) and PostgreSQL (`simple`) cannot disagree about them.

The index holds words as they are written, and a question asks for their stem as a prefix: *printere* asks for `print`,
which finds *printeren* and *laserprinter*. Since a stem is always the beginning of its word, half a word finds as well.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import snowballstemmer
from markupsafe import Markup, escape

#: What a question may be: beyond this it says nothing more and only costs.
QUESTION_LENGTH = 400
QUESTION_TERMS = 12
#: Letters of one word that count.
WORD_LENGTH = 40
#: Characters of one side of an index entry: two sides stay below the 1 MB that PostgreSQL allows a tsvector.
INDEX_LENGTH = 200_000
SNIPPET_LENGTH = 160
SNIPPET_LEAD = 50

#: "it" is left out on purpose: here it is a trade, not a pronoun.
_STOP_WORDS = """
    ad af alle alt at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller
    en end er et for fra få ham han hans har havde have hende hendes her hos hun hvad hvis hvor i ikke ind jeg
    jer jo kan kunne man mange med meget men mig min mine mit når og også om på selv sig sin sine sit skal
    skulle som sådan til vi vil ville vor være været
    a an and are for in is not of on or that the this to was with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# ------------------------------------------------------------------------------------------------ spelling

_NORDIC = {"å": "aa", "ø": "oe", "æ": "ae"}
_LETTERS_APART = {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th", "œ": "ø", "ö": "ø", "ä": "æ"}


class _Spelling(dict[int, str]):
    """A table for `str.translate` that works a character out when it is first met."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, code: int) -> str:
        spelled = self._work_out(chr(code))
        self[code] = spelled
        return spelled


def _fold_character(character: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    # The ring and the dots make other letters in Danish; any other mark above or below is only an accent.
    for pair, letter in (("a\u030a", "å"), ("a\u0308", "æ"), ("o\u0308", "ø")):
        apart = apart.replace(pair, letter)
    return "".join(_LETTERS_APART.get(c, c) for c in apart if unicodedata.category(c) not in ("Mn", "Me", "Cf"))


def _spell_in_ascii(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    if character in _NORDIC:
        return _NORDIC[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    # Other alphabets are spelled by number: unreadable, but still searchable.
    return f"u{ord(character):04x}" if character.isalnum() else ""


_folding = _Spelling(_fold_character)
_ascii = _Spelling(_spell_in_ascii)


def fold(text: str) -> str:
    """Lower case, accents gone, and one spelling for å/aa, ø/oe and æ/ae."""
    folded = unicodedata.normalize("NFC", text).translate(_folding)
    return folded.replace("aa", "å").replace("oe", "ø").replace("ae", "æ")


def spelled(text: str) -> str:
    """The same in small letters of English and digits alone: Åse, Aase and AASE are all "aase"."""
    return fold(text).translate(_ascii)


def _token(word: str) -> str:
    """Digits get a letter in front, because a token that starts with 0 is an internal one."""
    spelled = word[:WORD_LENGTH].translate(_ascii)
    return f"n{spelled}" if spelled[:1].isdigit() else spelled


# ------------------------------------------------------------------------------------------------ compounds

_COMPOUND_LENGTH = 9
_TAIL_LENGTH = 4
_VOWELS = "aeiouyæøå"
_VOWEL = re.compile(f"[{_VOWELS}]")
_LETTERS_ONLY = re.compile(r"[a-zæøå]+")
#: How a Danish word can begin: a consonant or one of these groups, or a vowel that is not just an ending.
_ONSET = re.compile(
    r"(?:s?[pt]r|s?kr|spl|s[klmnptv]|[bfgkp]l|[bdfgv]r|k[nv]|gn|tv|[bfhst]j|hv|[ct]h|sch|[bcdfghjklmnprstv])?"
    f"[{_VOWELS}]"
)
#: What only bends a word or makes another of it, perhaps with consonants in front: no part of its own.
_ENDING = re.compile(
    r"""[bdfgjklmnprstv]{0,3}
    (?: e[rnt]?s? | ere[nst]? | e?rne?s? | ene?s? | ende\w{0,3} | else\w* | elig\w* | lig\w* | hed\w* | som\w*
      | agtig\w* | ing\w{0,5} | er\w{1,2}ing\w* | erer?\w* | ig(?:e|t|st\w*)? | is[kmt]\w* | i?tion\w* | i?on\w{0,5}
      | ation\w* | i?t?et\w* | [ai]bel\w* | at[øo]r\w* | iv[et]?\w? | ant\w{0,4} | ent\w{0,4} | um(?:met)?s? | al[et]?s?
      | ari\w* | ær\w{0,3} | i\w? | ia\w* | ik\w{0,3}
    )""",
    re.VERBOSE,
)
#: Two vowels rarely meet inside a word, and "e" in front of a consonant mostly ends one; these begin one all the same.
_VOWEL_WORD = re.compile(
    r"a[df]|an[msv]|arb|[iu]nd|o[mp]|ord|ove|ud"
    r"|e(?:ft|ge|jen|jer|kst|le[kmv]|mne|nhed|nerg|ksp|ksam|rhv|rstat|stim|tage|val)"
)


def _is_joint(word: str, at: int) -> bool:
    """Whether a part of a compound may begin here, judged by sound alone."""
    tail = word[at:]
    if not _ONSET.match(tail) or not _VOWEL.search(word, 0, at):
        return False
    if tail[0] in _VOWELS and not _is_joint_before_vowel(word[at - 1], tail):
        return False
    return tail.startswith("station") or not _ENDING.fullmatch(tail)


def _is_joint_before_vowel(before: str, tail: str) -> bool:
    if tail[0] == "e" or before in _VOWELS:
        return bool(_VOWEL_WORD.match(tail))
    return len(tail) > _TAIL_LENGTH


def _tails(word: str) -> Iterator[str]:
    if len(word) >= _COMPOUND_LENGTH and _LETTERS_ONLY.fullmatch(word):
        for at in range(3, len(word) - _TAIL_LENGTH + 1):
            if _is_joint(word, at):
                yield word[at:]


# ------------------------------------------------------------------------------------------------ tokens

#: A word, or words and numbers that hang together: SD-1234, e-mail, hans.jensen@kommune.dk.
_CHUNK = re.compile(r"[^\W_]+(?:[-._@]+[^\W_]+)*")
#: Letters and digits in a row.
PART = re.compile(r"[^\W_]+")
_DIGITS_OR_LETTERS = re.compile(r"\d+|\D+")
_PHONE = re.compile(r"(?<!\w)(\d\d)[ \u00a0](\d\d)[ \u00a0](\d\d)[ \u00a0](\d\d)(?!\w)")


def _is_code(chunk: str) -> bool:
    return "@" in chunk or any(c.isdigit() for c in chunk)


def _ways_to_ask_for(chunk: str) -> Iterator[str]:
    parts = PART.findall(chunk)
    if len(parts) > 1 and (_is_code(chunk) or "-" in chunk):
        yield "".join(parts)
    for part in parts:
        if part in STOP_WORDS:
            continue
        yield part
        yield from _tails(part)
        if any(c.isdigit() for c in part):
            yield from _DIGITS_OR_LETTERS.findall(part)[1:]


@lru_cache(maxsize=1 << 16)
def _chunk_tokens(chunk: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token for way in _ways_to_ask_for(chunk) if (token := _token(way))))


def _chunks(text: str) -> Iterator[str]:
    folded = fold(text)
    for numbers in _PHONE.findall(folded):
        yield "".join(numbers)
    yield from _CHUNK.findall(folded)


def tokens(text: str) -> list[str]:
    """Everything the text can be found by, in its order; compounds also by their later parts."""
    return [token for chunk in _chunks(text) for token in _chunk_tokens(chunk)]


def index_text(public: str, internal: str = "") -> str:
    """What the index holds of a text. Internal tokens begin with 0, which no public one does."""
    sides = (_within_length(tokens(public)), _within_length("0" + token for token in tokens(internal)))
    return " ".join(side for side in sides if side)


def _within_length(side: Iterable[str]) -> str:
    joined = " ".join(dict.fromkeys(side))
    return joined if len(joined) <= INDEX_LENGTH else joined[:INDEX_LENGTH].rpartition(" ")[0]


# ------------------------------------------------------------------------------------------------ questions

_stemmer = snowballstemmer.stemmer("danish")
_TERM = re.compile(r"[a-z][a-z0-9]*")


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A folded word without its endings."""
    return str(_stemmer.stemWord(word))


def _question_words(question: str) -> list[str]:
    """Codes are asked for whole, other words that hang together part by part."""
    folded = _PHONE.sub(r"\1\2\3\4", fold(question[:QUESTION_LENGTH]))
    words: list[str] = []
    for chunk in _CHUNK.findall(folded):
        parts = PART.findall(chunk)
        words += ["".join(parts)] if _is_code(chunk) else parts
    return words


def query_terms(question: str) -> list[str]:
    """The prefixes that must all be found; anything that is not a letter or a digit has no meaning."""
    words = _question_words(question)
    telling = [word for word in words if word not in STOP_WORDS] or words
    terms = (_token(word if _is_code(word) else stem(word)) for word in telling)
    return [term for term in dict.fromkeys(terms) if term][:QUESTION_TERMS]


def share_of(terms: Iterable[str], text: str) -> float:
    """How much of a question the text answers by itself, between 0 and 1."""
    found = tokens(text)
    answered = [any(token.startswith(term) for token in found) for term in terms]
    return sum(answered) / len(answered) if answered else 0.0


def _checked(terms: Iterable[str]) -> Iterator[str]:
    for term in terms:
        if not _TERM.fullmatch(term):
            raise ValueError(f"Not a search term: {term!r}")
        yield term


def to_fts5(terms: Iterable[str], *, internal: bool) -> str:
    """The question for `MATCH`; without terms nothing matches."""
    asked = (f'("{t}"* OR "0{t}"*)' if internal else f'"{t}"*' for t in _checked(terms))
    return " AND ".join(asked) or '""'


def to_tsquery(terms: Iterable[str], *, internal: bool) -> str:
    """The question for `@@ CAST(:question AS tsquery)`; without terms nothing matches."""
    return " & ".join(f"('{t}':* | '0{t}':*)" if internal else f"'{t}':*" for t in _checked(terms))


# ------------------------------------------------------------------------------------------------ what was found

#: As `_CHUNK`, on text not yet folded: with the marks and invisible characters that folding takes away.
_WRITTEN_CHUNK = re.compile(
    r"[^\W_][\w\u00ad\u0300-\u036f\u200b-\u200d]*(?:[-.@]+[^\W_][\w\u00ad\u0300-\u036f\u200b-\u200d]*)*"
)


def highlight(text: str, question: str) -> Markup:
    """A line of the text around the first word found, the words found marked; safe for a page."""
    line = " ".join(text.split())
    terms = tuple(query_terms(question))
    found = [m.span() for m in _WRITTEN_CHUNK.finditer(line) if terms and _answers(m.group(), terms)]
    start, end = _window(line, found[0][0] if found else 0)
    return _marked(line, start, end, [span for span in found if span[0] >= start and span[1] <= end])


def _answers(written: str, terms: tuple[str, ...]) -> bool:
    return any(token.startswith(terms) for chunk in _CHUNK.findall(fold(written)) for token in _chunk_tokens(chunk))


def _window(line: str, first: int) -> tuple[int, int]:
    start = max(0, min(first - SNIPPET_LEAD, len(line) - SNIPPET_LENGTH))
    end = min(len(line), start + SNIPPET_LENGTH)
    if start:
        start = line.find(" ", start, first) + 1 or start
    if end < len(line):
        end = max(line.rfind(" ", first + 1, end), start) if " " in line[first + 1 : end] else end
    return start, end


def _marked(line: str, start: int, end: int, found: list[tuple[int, int]]) -> Markup:
    pieces = [Markup("… ")] if start else []
    at = start
    for begins, ends in found:
        pieces += [escape(line[at:begins]), Markup("<mark>%s</mark>") % line[begins:ends]]
        at = ends
    pieces.append(escape(line[at:end]))
    if end < len(line):
        pieces.append(Markup(" …"))
    return Markup("").join(pieces)
