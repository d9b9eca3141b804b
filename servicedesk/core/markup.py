"""What people write, as a page may show it: a little Markdown, no HTML, no pictures, links only to where they say.

Two fences in a row: the Markdown parser escapes HTML and refuses doubtful links, and nh3 keeps only the tags below.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

#: Longer texts, and texts with more brackets and such, are shown as they stand.
LONGEST_MARKED = 50_000
MOST_SIGNS = 1_000
MOST_CLEANINGS = 5

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a", "hr"}
_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: Pictures fetch from elsewhere, tables and underlined headings surprise in a mail, indented lines are just indented.
_RULES_LEFT_OUT = ["image", "table", "lheading", "code", "reference", "html_block", "html_inline", "entity"]

#: A host and nothing in front of it: neither `//host`, `\\host` nor `https://vores.dk@evil.test`.
_LINK = re.compile(
    r"""https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:[/?\#][^\s\\]*)?
      | mailto:[^\s?@\\]+@[a-z0-9.-]+(?:\?[^\s\\]*)?
      | tel:\+?[\d()-]+""",
    re.VERBOSE | re.IGNORECASE,
)
_BARE_URL = re.compile(r"://[^\s<>\"`|\\^{}]+")
_PROTOCOL_BEFORE = re.compile(r"(?<![a-z0-9.+-])https?$", re.IGNORECASE)
#: "https" and the character in front of it.
_PROTOCOL_LENGTH = 6
_AFTER_URL = ".,;:!?*_~'"


def _is_link(url: str) -> bool:
    return _LINK.fullmatch(url) is not None


def _bare_url(state: StateInline, silent: bool) -> bool:
    """Makes a link of an address that stands in the text; the parser calls it at each colon."""
    if state.src[state.pos] != ":" or state.linkLevel:
        return False
    written = _BARE_URL.match(state.src, state.pos, state.posMax)
    protocol = _PROTOCOL_BEFORE.search(state.pending[-_PROTOCOL_LENGTH:])
    if not written or not protocol or state.src.startswith("\\", written.end()):
        return False
    rest = _without_what_follows(written.group())
    url = state.md.normalizeLink(protocol.group() + rest)
    if not _is_link(url):
        return False
    if not silent:
        state.pending = state.pending[: -len(protocol.group())]
        state.push("link_open", "a", 1).attrs = {"href": url}
        state.push("text", "", 0).content = protocol.group() + rest
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _without_what_follows(url: str) -> str:
    url = url.rstrip(_AFTER_URL)
    while url.endswith((")", "]")) and not any(opening in url for opening in "(["):
        url = url[:-1].rstrip(_AFTER_URL)
    return url


_ITEM = re.compile(r"(?:[-+*]|(?P<number>\d{1,9})[.)])[ \t]+\S")


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list begins with item one, or with two items in a row: "24. december" and "3. sal" alone are no lists.

    An empty item is no item either. What comes after the first item is the parser's own to say.
    """
    goes_on = silent and state.sCount[start] < state.blkIndent
    if not goes_on and not _is_first_item(state, start, end):
        return False
    return list_block(state, start, end, silent)


def _is_first_item(state: StateBlock, line: int, end: int) -> bool:
    item = _item(state, line)
    if item is None or item["number"] is None or int(item["number"]) == 1:
        return item is not None
    following = _item(state, line + 1) if line + 1 < end else None
    return following is not None and following["number"] == str(int(item["number"]) + 1)


def _item(state: StateBlock, line: int) -> re.Match[str] | None:
    return _ITEM.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _constant(html: str) -> Callable[..., str]:
    return lambda *_: html


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"breaks": True, "html": False}).disable(_RULES_LEFT_OUT)
    parser.validateLink = _is_link  # type: ignore[method-assign]
    parser.inline.ruler.before("linkify", "bare_url", _bare_url)
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    # The page's headings are ours; a heading in a text is an emphasised line.
    parser.add_render_rule("heading_open", _constant("<p><strong>"))
    parser.add_render_rule("heading_close", _constant("</strong></p>\n"))
    return parser


_markdown = _parser()


def clean(html: str) -> str:
    """The part of some HTML that a page may show; cleaning it again changes nothing.

    A browser reads HTML once more than the filter did. What differs each time is not shown as HTML at all.
    """
    for _ in range(MOST_CLEANINGS):
        html, before = _filtered(html), html
        if html == before:
            return html
    return _filtered(str(escape(html)))


def _filtered(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style"},
    )


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not _is_link(value):
        return None
    if attribute == "start" and not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return None
    return value


# ------------------------------------------------------------------------------------------------ text

#: Whatever could be Markdown, or be spelled otherwise in HTML. Text without it needs neither parser nor filter.
_UNUSUAL = re.compile(
    r"[*_`\[\]<>\\~&\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000]"
    r"|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    r"|^[ ]*(?:[-+=\#]|\d{1,9}[.)])|://",
    re.MULTILINE,
)
_PARAGRAPHS = re.compile(r"\n(?:[ ]*\n)+")


def render(text: str) -> Markup:
    """The text as HTML."""
    return _render(text)


@lru_cache(maxsize=2048)
def _render(text: str) -> Markup:
    html = _render_marked(text) if _UNUSUAL.search(text) else _render_unmarked(text)
    return Markup(html)  # noqa: S704 - the only door to it is `clean`, or text with nothing to escape


def _render_marked(text: str) -> str:
    if _is_too_much(text):
        return _render_unmarked(str(escape(_encodable(text))))
    return clean(_markdown.render(_encodable(text)))


def _is_too_much(text: str) -> bool:
    """The parser's time grows with the square of these; such a text is a log or an attack, readable as it is."""
    return len(text) > LONGEST_MARKED or any(text.count(sign) > MOST_SIGNS for sign in "[<&`")


def _render_unmarked(text: str) -> str:
    """The same as `_render_marked`, for text without anything in `_UNUSUAL`: there is nothing to escape in it."""
    paragraphs = (part.strip(" \n") for part in _PARAGRAPHS.split(text))
    return "".join(f"<p>{_broken(part)}</p>\n" for part in paragraphs if part)


def _broken(paragraph: str) -> str:
    return "<br>\n".join(line.strip(" ") for line in paragraph.split("\n"))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# ------------------------------------------------------------------------------------------------ one line

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def plain(text: str, limit: int) -> str:
    """The words alone in one line, for lists and for mail subjects; at most `limit` characters."""
    text = _CONTROLS.sub(" ", _encodable(text))
    words = " ".join(_words(_markdown.parse(text))) if _UNUSUAL.search(text) else text
    line = " ".join(words.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,.;:-") + "…"


def _words(parsed: Sequence[Token]) -> Iterator[str]:
    for token in parsed:
        if token.type == "inline":
            yield "".join(" " if child.type.endswith("break") else child.content for child in token.children or [])
        else:
            yield token.content
