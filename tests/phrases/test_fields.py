"""A161: a text's fields are looked up, once, and never run; what stands in for them is read as plain words."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.markup import render
from servicedesk.phrases.fields import FIELDS, as_words, fill, unknown

VALUES = {
    "bruger.fornavn": "Mette",
    "bruger.navn": "Mette Holm",
    "henvendelse.nummer": "SD-42",
    "henvendelse.emne": "Print",
}
CODE = [
    "{{7*7}}",
    "{{config}}",
    "{% for x in y %}",
    "${7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(x)s",
    "#{7*7}",
    "{{''.__class__}}",
]


def test_fields_are_filled_in():
    text = "Hej {{bruger.fornavn}}\n\nVi ser på {{ henvendelse.nummer }}."
    assert fill(text, VALUES) == "Hej Mette\n\nVi ser på SD-42."


@pytest.mark.parametrize("code", CODE)
def test_what_is_no_field_stays_as_it_stands(code):
    assert fill(f"Hej {code} {{{{bruger.fornavn}}}}", VALUES) == f"Hej {code} Mette"


@pytest.mark.parametrize("code", CODE)
def test_code_in_a_value_is_words(code):
    filled = fill("{{henvendelse.emne}}", {"henvendelse.emne": code})
    assert _read(filled) == code


@pytest.mark.parametrize("value", ["{{mig.navn}}", "{{ bruger.navn }}", "{{bruger.fornavn}}{{dato}}"])
def test_a_value_that_looks_like_a_field_is_not_filled_in_again(value):
    filled = fill(
        "{{bruger.navn}}", {"bruger.navn": value, "mig.navn": "Chefen", "bruger.fornavn": "X", "dato": "i dag"}
    )
    assert filled == value


def test_halves_that_make_a_field_together_are_none():
    values = {"bruger.navn": "{{mig", "mig.navn": "Chefen", "henvendelse.emne": ".navn}}"}
    assert fill("{{bruger.navn}}{{henvendelse.emne}}", values) == r"{{mig\.navn}}"


def test_a_field_without_a_value_stays():
    assert fill("{{dato}}", {}) == "{{dato}}"


def test_names_are_exact():
    assert (
        fill("{{Bruger.Navn}} {{bruger.navn.x}} {{bruger_navn}}", VALUES)
        == "{{Bruger.Navn}} {{bruger.navn.x}} {{bruger_navn}}"
    )


def test_strangers_are_pointed_out_once_and_in_order():
    assert unknown("{{b}} {{bruger.navn}} {{a}} {{b}} {% x %}") == ["b", "a"]


@pytest.mark.parametrize(
    "value",
    [
        *(
            "*Mette*",
            "**fed**",
            "_kursiv_",
            "`kode`",
            "# Overskrift",
            "- punkt",
            "1. punkt",
            "1) punkt",
            "+ punkt",
            "> citat",
        ),
        *(
            "[klik](https://evil.test)",
            "https://evil.test/x",
            "http://evil.test",
            "<https://evil.test>",
            "<b>fed</b>",
            "~~væk~~",
        ),
        *(
            "===",
            "---",
            "***",
            "__init__",
            "KMD_Opus",
            "a\\*b",
            "&lt;b&gt;",
            "![x](https://evil.test/x.png)",
            "mette@odder.dk",
        ),
        *(
            "//evil.test",
            "| a | b |",
            "[x]: https://evil.test",
            ") punkt",
            ". punkt",
            "<script>alert(1)</script>",
            "</textarea>",
        ),
    ],
)
@pytest.mark.parametrize("text", ["{}", "Hej {}, tak.", "Linje\n{}\nlinje", "- {}\n- to", "https:{}", "1{}"])
def test_no_name_changes_the_text_around_it(text, value):
    """Alone, in a line, in a list; after what could become an address or a number with it."""
    template = text.replace("{}", "{{bruger.navn}}")
    shown, plain = _html(fill(template, {"bruger.navn": value})), _html(fill(template, {"bruger.navn": "Navn"}))
    assert re.findall(r"</?\w+", shown) == re.findall(r"</?\w+", plain)
    assert value in _text(shown)


@given(st.text(max_size=40))
def test_any_value_is_read_as_it_stands(value):
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    assert _read(f"x {as_words(value)} x") == f"x {words} x".replace("x  x", "x x")


@given(st.sampled_from(["*_`[]()<>#-+=~!|\\:/.&1", "https://x.dk "]).flatmap(lambda signs: st.text(signs, max_size=15)))
def test_nothing_but_a_paragraph_comes_of_a_value(value):
    assert set(re.findall(r"<(\w+)", _html(f"{as_words(value)}"))) <= {"p"}


def test_every_field_can_be_filled():
    assert fill("".join(f"{{{{{name}}}}}" for name in FIELDS), dict.fromkeys(FIELDS, "x")) == "x" * len(FIELDS)


def _html(text):
    return str(render(text))


def _text(shown):
    return html.unescape(re.sub(r"<[^>]+>", "", shown)).strip()


def _read(text):
    return " ".join(_text(_html(text)).split())
