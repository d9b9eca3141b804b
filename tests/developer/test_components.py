"""The components page and what it is made of."""

import re
from pathlib import Path

import pytest

from servicedesk.core.actor import Role
from servicedesk.developer import tokens

TEMPLATES = Path(__file__).parents[2] / "templates" / "components"
#: Said of words by WCAG 2.2, 1.4.3.
LEAST = 4.5


def test_who_runs_the_servicedesk_sees_every_token_and_icon(desk, browse):
    page = browse(desk.person(Role.ADMINISTRATOR)).get("/developer/components").text
    assert "--accent-ground" in page
    assert all(f"<code>{name}</code>" in page for name in tokens.icons())


@pytest.mark.parametrize("role", [None, Role.SUPPORTER])
def test_for_others_there_is_no_such_page(desk, browse, role):
    person = desk.person(role) if role else desk.person()
    assert browse(person).get("/developer/components").status_code == 404


def test_every_component_is_on_the_page():
    page = (TEMPLATES / "_all.html").read_text(encoding="utf-8")
    for file in TEMPLATES.glob("[!_]*.html"):
        for macro in re.findall(r"{%-? macro ([a-z]\w*)\(", file.read_text(encoding="utf-8")):
            if macro not in INNER:
                assert re.search(rf"\b{macro}\(", page), f"{file.name}: {macro} is not shown"


#: Used by other components only.
INNER = {"avatar", "numbers"}


@pytest.mark.parametrize("pair", tokens.pairs(), ids=lambda pair: f"{pair.words} on {pair.ground}")
def test_words_stand_out_from_their_ground_in_light_and_dark(pair):
    assert pair.light >= LEAST
    assert pair.dark >= LEAST


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#fff", "#fff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert tokens.contrast(one, other) == pytest.approx(ratio, abs=0.01)
