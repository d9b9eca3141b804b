"""The filter between what people write and what a page shows, tried with 10,000 texts made by a grammar (A064)."""

import re
from html.parser import HTMLParser
from random import Random

import pytest

from servicedesk.core import markup
from tests.abuse.test_rendering import dangers_of

TEXTS = 10_000
SEEDS = range(10)

TAGS = (
    *("a", "p", "b", "strong", "img", "svg", "math", "script", "style", "iframe", "object", "embed", "base", "meta"),
    *(
        "form",
        "input",
        "textarea",
        "title",
        "noscript",
        "template",
        "mtext",
        "mglyph",
        "foreignObject",
        "xmp",
        "select",
    ),
    *(
        "table",
        "ol",
        "code",
        "pre",
        "blockquote",
        "br",
        "hr",
        "video",
        "audio",
        "link",
        "a:b",
        "SCRIPT",
        "x-y",
        "plaintext",
    ),
)
ATTRIBUTES = (
    *("href", "src", "onerror", "onload", "ONCLICK", "style", "srcdoc", "formaction", "xlink:href", "action", "data"),
    *("id", "name", "class", "hx-get", "hx-on:click", "data-confirm", "autofocus", "start", "target", "rel", "srcset"),
)
VALUES = (
    *("javascript:alert(1)", "JaVa\tScRiPt:alert(1)", "&#106;avascript:alert(1)", "data:text/html,<script>x</script>"),
    *(
        "vbscript:x",
        "//evil.test",
        "\\\\evil.test",
        "https://vores.dk@evil.test",
        "https://ok.example/x",
        "mailto:a@b.dk",
    ),
    *("tel:+4512345678", "alert(1)", "1", "'", '"', "`", "</textarea>", "x:expression(alert(1))", "url(//evil.test)"),
)
WORDS = (
    "hej",
    "æøå",
    "&lt;script&gt;",
    "&",
    "<",
    ">",
    "\x00",
    "\u2028",
    "\u202e",
    "{{7*7}}",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
)
MARKS = (
    "**{}**",
    "_{}_",
    "`{}`",
    "[{}]({})",
    "![{}]({})",
    "<{}>",
    "> {}",
    "- {}",
    "1. {}",
    "# {}",
    "```\n{}\n```",
    "    {}",
    "[{}]: {}",
    "\\{}",
    "~~{}~~",
    "| {} |\n|---|\n| {} |",
)
ALLOWED_ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
SCHEME = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)


def a_text(dice: Random, depth: int = 0) -> str:
    """Markdown in HTML in Markdown, opened and not closed, closed and not opened."""
    kind = dice.randrange(6 if depth < 4 else 2)
    if kind == 0:
        return dice.choice(WORDS)
    if kind == 1:
        return dice.choice(VALUES)
    if kind == 2:
        return "".join(a_text(dice, depth + 1) for _ in range(dice.randint(2, 4)))
    if kind == 3:
        mark = dice.choice(MARKS)
        return mark.format(*(a_text(dice, depth + 1) for _ in range(mark.count("{}"))))
    return _a_tag(dice, depth)


def _a_tag(dice: Random, depth: int) -> str:
    tag, quote = dice.choice(TAGS), dice.choice(('"', "'", "", "`"))
    attributes = "".join(
        f"{dice.choice((' ', '/', chr(9), chr(10)))}{dice.choice(ATTRIBUTES)}={quote}{dice.choice(VALUES)}{quote}"
        for _ in range(dice.randrange(3))
    )
    opening = f"<{tag}{attributes}{dice.choice(('>', '/>', ' ', '>>', ''))}"
    return opening + a_text(dice, depth + 1) + dice.choice((f"</{tag}>", "", f"</{dice.choice(TAGS)}>", "</"))


class Strict(HTMLParser):
    """Everything that a browser would find in it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[object] = []

    def handle_starttag(self, tag, attrs):
        extra = {name for name, _ in attrs} - ALLOWED_ATTRIBUTES.get(tag, set())
        foreign = [value for name, value in attrs if name == "href" and not SCHEME.match(value or "")]
        userinfo = [value for name, value in attrs if name == "href" and re.match(r"https?://[^/?#]*@", value or "")]
        if tag not in markup._TAGS or extra or foreign or userinfo:
            self.wrong.append((tag, attrs))

    handle_startendtag = handle_starttag


def what_is_wrong_in(html: str) -> list[object]:
    parser = Strict()
    parser.feed(html)
    parser.close()
    return [*parser.wrong, *dangers_of(html)]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_gets_through_and_cleaning_again_changes_nothing(seed):
    """A064: as Markdown and as HTML, 10,000 of them in all."""
    dice = Random(seed)
    for _ in range(TEXTS // len(SEEDS)):
        text = a_text(dice)
        for html in (markup.clean(text), str(markup.render(text))):
            assert markup.clean(html) == html, text
            assert what_is_wrong_in(html) == [], text


def test_the_grammar_makes_what_it_is_to_make():
    """Or else the test above would prove little: the same texts, unfiltered, are full of danger."""
    dice = Random(1)
    texts = [a_text(dice) for _ in range(1_000)]

    assert sum(bool(dangers_of(text)) for text in texts) > 200
    assert sum("<strong>" in str(markup.render(text)) for text in texts) > 20
    assert sum("href=" in str(markup.render(text)) for text in texts) > 20
