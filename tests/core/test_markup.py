import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from servicedesk.core import markup
from servicedesk.core.markup import clean, plain, render
from tests.effort import effort

REL = ' rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("Hej\nIT\n\nPrinter", "<p>Hej<br>\nIT</p>\n<p>Printer</p>\n", id="line breaks"),
        pytest.param("**fed** og *kursiv*", "<p><strong>fed</strong> og <em>kursiv</em></p>\n", id="emphasis"),
        pytest.param("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", id="list"),
        pytest.param("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n', id="numbered list"),
        pytest.param("24. december\n3. sal", "<p>24. december<br>\n3. sal</p>\n", id="a date and a floor"),
        pytest.param("2019.", "<p>2019.</p>\n", id="a year at the end"),
        pytest.param("`a<b`", "<p><code>a&lt;b</code></p>\n", id="code"),
        pytest.param("```js\na<b\n```", "<pre><code>a&lt;b\n</code></pre>\n", id="code block"),
        pytest.param("> svar", "<blockquote>\n<p>svar</p>\n</blockquote>\n", id="quote"),
        pytest.param("# Stor", "<p><strong>Stor</strong></p>\n", id="heading"),
        pytest.param("Navn\n----", "<p>Navn</p>\n<hr>\n", id="a line under a line is no heading"),
        pytest.param("    fire blanke", "<p>fire blanke</p>\n", id="indented"),
        pytest.param(
            "![x](https://evil.test/p.png)", f'<p>!<a href="https://evil.test/p.png"{REL}>x</a></p>\n', id="picture"
        ),
        pytest.param("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>\n", id="html"),
        pytest.param("a|b\n-|-\nc|d", "<p>a|b<br>\n-|-<br>\nc|d</p>\n", id="table"),
        pytest.param("/printer_1_a.log", "<p>/printer_1_a.log</p>\n", id="underscores in a name"),
    ],
)
def test_text_becomes_html(text, html):
    assert render(text) == html
    assert isinstance(render(text), Markup)


@pytest.mark.parametrize(
    "url",
    [
        "https://borger.dk/a?b=c#d",
        "http://intra:8080",
        "mailto:it@kommune.dk",
        "tel:+4512345678",
        "HTTPS://borger.dk",
        "https://xn--rosbjrg-q1a.dk/",
    ],
)
def test_a_link_is_a_link(url):
    assert f'href="{url}"{REL}' in render(f"[her]({url})").replace("&amp;", "&")
    assert f'href="{url}"{REL}' in render(f"<{url}>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Se https://borger.dk/a_b_c.", 'Se <a href="https://borger.dk/a_b_c" rel>https://borger.dk/a_b_c</a>.'),
        ("(http://x.dk)", '(<a href="http://x.dk" rel>http://x.dk</a>)'),
        ("https://x.dk/a_(b)", '<a href="https://x.dk/a_(b)" rel>https://x.dk/a_(b)</a>'),
        ("**https://x.dk**", '<strong><a href="https://x.dk" rel>https://x.dk</a></strong>'),
        ("ftp://x.dk xhttps://x.dk", "ftp://x.dk xhttps://x.dk"),
        ("https://vores.dk@evil.test", "https://vores.dk@evil.test"),
        ("https://", "https://"),
    ],
)
def test_an_address_in_the_text_is_a_link(text, html):
    assert render(text) == f"<p>{html.replace(' rel', REL)}</p>\n"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.test",
        "\\\\evil.test\\x",
        "/\\evil.test",
        "https:\\\\evil.test",
        "https:/evil.test",
        "https:evil.test",
        "https:///evil.test",
        "https://vores.dk@evil.test",
        "https://vores.dk%40evil.test",
        "https://vores.dk\\@evil.test",
        "https://user:pw@evil.test/",
        "/admin",
        "ftp://x.dk",
        "tel:alert(1)",
    ],
)
def test_a_doubtful_link_is_text(url):
    for text in (f"[her]({url})", f"[her](<{url}>)", f"<{url}>", url):
        assert "href" not in render(text)
    assert "href" not in clean(f'<a href="{url}">her</a>')


SAMPLES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<a href="java&#x0A;script:alert(1)">x</a>',
    '<a href="https://x.dk" onclick="x()" style="color:red" hx-get="/x" target=_top>x</a>',
    '<p style="background:url(//evil.test)">x</p>',
    '<base href="//evil.test"><meta http-equiv=refresh content="0;url=//evil.test"><link href=//evil.test>',
    '<form action="//evil.test"><input formaction="javascript:x"></form>',
    '<iframe srcdoc="<script>x</script>"></iframe><object data=x></object><embed src=x>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[x](https://a.dk \"onmouseover='alert(1)'\")",
    "![x](https://evil.test/p.png)",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>`",
    '```"><script>\nx\n```',
    "{{ 7*7 }} ${7*7} <%= 7 %>",
]
_TAG = re.compile(r"<(/?)([^\s>/]*)([^>]*)>")
_ATTRIBUTES = re.compile(
    r'(?:(?: href="(?:https?://|mailto:|tel:)[^"<>\s]*")? rel="noopener noreferrer"| start="\d+")?',
    re.IGNORECASE,
)


def assert_harmless(html: str) -> None:
    for _, name, attributes in _TAG.findall(html):
        assert name in markup._TAGS
        assert _ATTRIBUTES.fullmatch(attributes)
    assert "<" not in _TAG.sub("", html)


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_are_harmless(sample):
    assert_harmless(render(sample))
    assert_harmless(clean(sample))
    assert_harmless(clean(f"<p>{sample}"))


SIGNS = """< > " ' & &lt; &#x3c; <a> https://a.dk javascript: <!-- --> </p> <style> </style> <svg> <math> <table> <td>
    <template> <select> <pre> ** _ ` ``` [ ]( ) :// @ \\ ~~ <![CDATA[ ]]>""".split()
LEADS = ["<a href=", " onx=", "<ol start=3>", "- ", "1. ", "> ", "# ", "    ", "\n", "\t", "\0"]
PIECES = st.lists(st.one_of(st.sampled_from(SAMPLES + SIGNS + LEADS), st.text(max_size=5)), max_size=12).map("".join)


@settings(max_examples=4 * settings().max_examples)
@given(PIECES)
@example("<a><select><a>")
def test_cleaning_again_changes_nothing(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert_harmless(cleaned)


@settings(max_examples=3 * settings().max_examples)
@given(PIECES)
def test_whatever_is_written_is_shown_harmlessly(text):
    rendered = render(text)
    assert clean(rendered) == rendered
    assert_harmless(rendered)


@settings(max_examples=5 * settings().max_examples)
@given(
    st.one_of(
        st.text(),
        st.text(alphabet="aå1 .)-+=:\n\"'(!😀"),
        st.lists(
            st.sampled_from(
                [
                    "Hej",
                    " ",
                    "  ",
                    "\n",
                    "\n\n",
                    "1",
                    "2.",
                    "3)",
                    "-",
                    ".",
                    "\r\n",
                    ":",
                    "/",
                    "e\u0301",
                    "|",
                    "\v",
                    "\f",
                ]
            )
        ).map("".join),
    )
)
@example("a\n   \n  b  \nc")
@example(" \n a \n\n\n")
def test_the_short_cut_gives_the_same(text):
    if not markup._UNUSUAL.search(text):
        assert markup._render_unmarked(text) == markup._render_marked(text)


def test_ordinary_reports_take_the_short_cut():
    assert not markup._UNUSUAL.search(
        'Hej IT!\n\nPrinteren (2. sal) siger: "papirstop" - hva\' så? 😀\nVenlig hilsen\nÅse/Øjvind, 50% + 1'
    )


def test_half_a_character_does_no_harm():
    assert render("a\ud800b") == "<p>a?b</p>\n"
    assert plain("a\ud800b", 80) == "a?b"


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "*",
        "`",
        ">",
        "![",
        "<",
        "](",
        "- ",
        "_a",
        "a_",
        "**a",
        "<a>",
        "&",
        "\\",
        "://",
        "https://a",
        "(",
        "~~a",
        "\n> -",
    ],
)
def test_a_text_of_one_kind_costs_no_more_than_it_is_long(piece):
    short, long = (piece * (length // len(piece)) for length in (5_000, 20_000))
    assert effort(lambda: render(long)) < 5 * effort(lambda: render(short))


# ------------------------------------------------------------------------------------------------ one line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Hej\n\n IT", "Hej IT"),
        ("**Fed** [link](https://x.dk)\n- punkt `kode`", "Fed link punkt kode"),
        ("<b>x</b>", "<b>x</b>"),
        ("a\x00b\u202ec\r\nBcc: x", "a b c Bcc: x"),
        ("```\nkode her\n```", "kode her"),
        ("", ""),
    ],
)
def test_one_line_without_marks(text, line):
    assert plain(text, 80) == line


def test_a_long_line_ends_at_a_word():
    assert plain("Printeren på anden sal virker ikke", 20) == "Printeren på anden…"
    assert plain("x" * 100, 10) == "x" * 9 + "…"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_one_line_is_one_line(text, limit):
    line = plain(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
