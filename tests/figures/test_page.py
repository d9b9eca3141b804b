"""docs/figures.md is what the program says of its figures; `make figures` writes it anew."""

import os
from pathlib import Path

from flask import Flask

from servicedesk.figures.catalogue import FIGURES, Form
from servicedesk.figures.measures import MEASURES, TIMES
from tests.figures.page import page

PAGE = Path(__file__).parents[2] / "docs" / "figures.md"


def test_the_page_is_what_the_program_says(app: Flask) -> None:
    with app.app_context():
        present = page()
    if os.environ.get("UPDATE_FIGURES"):
        PAGE.write_text(present, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == present, "if this is meant: make figures"


def test_each_figure_is_made_of_something_that_is_counted() -> None:
    for figure in FIGURES.values():
        if figure.form is Form.TIME:
            assert figure.key in TIMES
        else:
            assert {*figure.part, *figure.whole} <= MEASURES.keys()
            assert figure.part
