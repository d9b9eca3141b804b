"""What the macros of charts write, as whoever reads it with other means than eyes meets it."""

import re

import pytest

from servicedesk.core.actor import Role


@pytest.fixture
def page(desk, browse):
    return browse(desk.person(Role.ADMINISTRATOR)).get("/developer/components").text


def figures(page):
    return re.findall(r'<figure class="chart".*?</figure>', page, re.DOTALL)


def test_every_chart_has_a_name_a_summary_and_its_figures(page):
    ids = set(re.findall(r' id="([^"]+)"', page))
    drawings = re.findall(r'<svg class="chart-drawing[^>]*>', page)
    assert len(drawings) == 5

    for drawing in drawings:
        assert re.search(r'role="(img|group)"', drawing)
        for name in ("labelledby", "describedby"):
            [told] = re.findall(rf'aria-{name}="([^"]+)"', drawing)
            assert told in ids
    for figure in figures(page):
        assert re.search(r'class="chart-summary"[^>]*>\S', figure)
        assert "<table" in figure or "Ingen tal at tegne" in figure


def test_what_is_pressed_in_a_drawing_is_named_and_in_the_table_too(page):
    pressed = [figure for figure in figures(page) if "chart-link" in figure]
    assert pressed

    for figure in pressed:
        drawing, _, table = figure.partition("</svg></div>")
        links = re.findall(r'<a class="chart-link" href="([^"]+)" aria-label="[^"]+"', drawing)
        assert links == re.findall(r'<td class="number"><a href="([^"]+)"', table)
        assert 'role="img"' not in drawing, "what is pressed is no picture"


def test_ids_stand_once_and_nothing_brings_its_own_style(page):
    # Of the figures alone: what else the page shows may stand on it twice.
    ids = re.findall(r' id="([^"]+)"', "".join(figures(page)))

    assert len(ids) == len(set(ids))
    assert " style=" not in page


def test_series_are_told_apart_without_colours(page):
    [stacked] = [figure for figure in figures(page) if 'id="sample-stacked"' in figure]
    fillings = set(re.findall(r'chart-look-(\d)[^>]*fill="([^"]+)"', stacked.partition("</ul>")[2]))
    assert len({fill for _look, fill in fillings}) == len(fillings) == 6

    [lines] = [figure for figure in figures(page) if 'id="sample-lines"' in figure]
    shapes = set(re.findall(r'chart-marker chart-ink-(\d)"><path[^>]*d="([^"]+)"', lines))
    dashes = set(re.findall(r'chart-line chart-ink-(\d)"[^>]*stroke-dasharray="([^"]+)"', lines))
    assert len({shape for _look, shape in shapes}) == len({dash for _look, dash in dashes}) == 3


def test_a_gap_is_drawn_and_said(page):
    [pressed] = [figure for figure in figures(page) if 'id="sample-pressed"' in figure]

    assert "Ingen tal for august 2026." in pressed
    assert pressed.count("chart-gap") == 1
    assert '<th scope="row">august 2026</th><td class="number">ingen tal</td>' in pressed


def test_a_card_without_a_figure_says_why(page):
    [card] = re.findall(r'<section class="figure" id="card-few".*?</section>', page, re.DOTALL)

    assert "For få til at sige noget" in card
    assert "Hvordan regnes tallet?" in card
