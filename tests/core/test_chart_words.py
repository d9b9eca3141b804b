"""What a chart says to those who do not see it, and the figures as people write them."""

import pytest
from flask import g

from servicedesk.core.charts import (
    Bar,
    BarList,
    Chart,
    Figure,
    HeatMap,
    Kind,
    Label,
    Mark,
    Point,
    Series,
    Step,
    Target,
    Unit,
    Wish,
    drawn,
    drawn_bars,
    drawn_figure,
    drawn_heat,
    shown,
)


@pytest.fixture(autouse=True)
def reader(app):
    with app.test_request_context():
        yield


def plain(words):
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1204, Unit.COUNT, "1.204"),
        (93.6, Unit.PERCENT, "94 %"),
        (99.96, Unit.PERCENT, "99,9 %"),
        (0.02, Unit.PERCENT, "0,1 %"),
        (0.75, Unit.HOURS, "45 minutter"),
        (1 / 60, Unit.HOURS, "1 minut"),
        (1, Unit.HOURS, "1 time"),
        (6.5, Unit.HOURS, "6,5 timer"),
        (1031.4, Unit.HOURS, "1.031 timer"),
        (4.23, Unit.SCORE, "4,2"),
        (1200, Unit.KRONER, "1.200 kr."),
    ],
)
def test_figures_are_written_as_danes_do(value, unit, words):
    assert plain(shown(value, unit)) == words


def test_figures_are_written_as_readers_of_english_do(app, desk):
    with app.test_request_context():
        g.actor = desk.actor(desk.person(locale="en"))

        assert (shown(1204, Unit.COUNT), shown(4.2, Unit.SCORE)) == ("1,204", "4.2")


MONTHS = [Label(name[:3], f"{name} 2026") for name in ("januar", "februar", "marts", "april")]


def months(*values, before=None, unit=Unit.PERCENT, n=None, **more):
    series = [Series("I år", [Point(value, n=n) for value in values])]
    series += [Series("Sidste år", [Point(value) for value in before])] if before else []
    return Chart(key="kept", title="Nået", unit=unit, labels=MONTHS[: len(values)], series=series, **more)


def summary(chart):
    return plain(drawn(chart).summary)


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        pytest.param(
            months(88, 94, 91, None, target=Target(90)),
            "Højest: februar 2026 med 94 %. Lavest: januar 2026 med 88 %. "
            "Målet på mindst 90 % blev nået i 2 af 3 måneder. Ingen tal for april 2026.",
            id="months against a target, one missing",
        ),
        pytest.param(months(88), "januar 2026: 88 %.", id="one month"),
        pytest.param(months(88, 88.2), "Det samme hele vejen: 88 %.", id="all the same"),
        pytest.param(months(None, None), "Der er ingen tal i perioden.", id="nothing"),
        pytest.param(
            months(120, 90, before=(80, 100), unit=Unit.COUNT),
            "Højest: januar 2026 med 120. Lavest: februar 2026 med 90. Senest, februar 2026: 90 mod 100 (Sidste år).",
            id="against last year",
        ),
        pytest.param(
            months(1200, 900, unit=Unit.KRONER),
            "Højest: januar 2026 med 1.200 kr. Lavest: februar 2026 med 900 kr.",
            id="one full stop is enough",
        ),
        pytest.param(
            months(2, 9, unit=Unit.HOURS, target=Target(8, is_least=False), step=Step.WEEK),
            "Højest: februar 2026 med 9 timer. Lavest: januar 2026 med 2 timer. "
            "Målet på højst 8 timer blev nået i 1 af 2 uger.",
            id="at most",
        ),
        pytest.param(
            months(10, 30, before=(20, 40), unit=Unit.COUNT, kind=Kind.STACKED),
            "I alt 100, mest Sidste år: 60 (60 %). Højest: februar 2026 med 70. Lavest: januar 2026 med 30.",
            id="stacked",
        ),
        pytest.param(
            months(10, 30, before=(20, None), unit=Unit.COUNT, kind=Kind.LINES),
            "I år: senest 30, højest 30 (februar 2026), lavest 10 (januar 2026). Sidste år: 20 hele vejen.",
            id="lines",
        ),
        pytest.param(
            months(10, 30, unit=Unit.COUNT, kind=Kind.HISTOGRAM, marks=[Mark(1, "Halvdelen inden 4 timer")]),
            "Højest: februar 2026 med 30. Lavest: januar 2026 med 10. Halvdelen inden 4 timer.",
            id="histogram",
        ),
    ],
)
def test_a_chart_tells_what_it_shows(chart, words):
    assert summary(chart) == words


def test_an_axis_that_does_not_begin_at_nothing_says_so():
    told = summary(months(91, 94, kind=Kind.LINES, is_from_zero=False))

    assert told == "Højest: februar 2026 med 94 %. Lavest: januar 2026 med 91 %. Aksen begynder ved 91 %."


def test_many_missing_months_are_counted():
    assert summary(months(None, None, None, None)) == "Der er ingen tal i perioden."
    five = Chart(
        key="a",
        title="A",
        labels=[Label(str(at)) for at in range(5)],
        series=[Series("A", [Point(1), *[Point(None)] * 4])],
    )
    assert summary(five) == "0: 1. Ingen tal for 4 af dem."


def test_the_table_has_every_figure_with_its_number_and_what_it_opens():
    chart = Chart(
        key="kept",
        title="Nået",
        unit=Unit.PERCENT,
        labels=MONTHS[:2],
        series=[Series("Nået", [Point(94, n=1204, href="/queue"), Point(None, n=3, note="for få")])],
        heading="Måned",
        heading_n="Henvendelser",
    )
    table = drawn(chart).table

    assert table.headings == ["Måned", "Nået", "Henvendelser"]
    rows = [[(plain(cell.words), cell.href) for cell in row] for row in table.rows]
    assert rows[0] == [("januar 2026", None), ("94 %", "/queue"), ("1.204", None)]
    assert rows[1] == [("februar 2026", None), ("for få", None), ("3", None)]


def test_a_slot_says_all_its_figures_and_opens_the_first():
    told = drawn(months(120, 90, before=(80, 100), unit=Unit.COUNT))

    assert told.spoken[1].words == "februar 2026: I år 90, Sidste år 100"
    assert not told.is_pressed


def test_bars_reach_as_far_as_their_figures():
    told = drawn_bars(
        BarList(
            key="units",
            title="Enheder",
            bars=[Bar("A", Point(80), before=40), Bar("B", Point(20)), Bar("C", Point(None, note="for få"))],
        )
    )

    assert [line.reach for line in told.lines] == [100, 25, 0]
    assert [line.words for line in told.lines] == ["80", "20", "for få"]
    assert told.summary == "Højest: A med 80. Lavest: B med 20. Ingen tal for C."
    assert [cell.words for cell in told.table.rows[0]] == ["A", "80", "40"]


def test_bars_with_two_ends_say_both():
    told = drawn_bars(
        BarList(
            key="times",
            title="Tider",
            unit=Unit.HOURS,
            bars=[Bar("Høj", Point(2), 8)],
            target=Target(4, is_least=False),
        )
    )

    assert told.lines[0].words == "halvdelen inden 2 timer, ni af ti inden 8 timer"
    assert (told.lines[0].reach, told.lines[0].far, told.target) == (25, 100, 50)


def test_a_heat_map_says_where_there_is_most():
    told = drawn_heat(
        HeatMap(
            key="hours",
            title="Timer",
            columns=[Label("8", "kl. 8-9"), Label("9", "kl. 9-10")],
            rows=[Label("Mandag", "mandag")],
            cells=[[Point(42, href="/queue"), Point(0, href="/queue")]],
        )
    )

    assert told.summary == "Mest: mandag kl. 8-9 med 42. Intet i 1 af 2 felter."
    assert [(cell.words, cell.level, cell.href) for cell in told.rows[0][1]] == [("42", 5, "/queue"), ("0", 0, None)]


@pytest.mark.parametrize(
    ("told", "icon", "words"),
    [
        pytest.param(
            {"value": 94, "before": 90.6, "unit": Unit.PERCENT, "wish": Wish.HIGH},
            "arrow-up",
            "Bedre: 3 procentpoint højere end i perioden før (91 %)",
            id="better",
        ),
        pytest.param(
            {"value": 6, "before": 4, "unit": Unit.PERCENT, "wish": Wish.LOW, "before_words": "oktober 2026"},
            "arrow-up",
            "Dårligere: 2 procentpoint højere end i oktober 2026 (4 %)",
            id="worse",
        ),
        pytest.param(
            {"value": 2, "before": 4.5, "unit": Unit.HOURS},
            "arrow-down",
            "2,5 timer kortere end i perioden før (4,5 timer)",
            id="neither better nor worse",
        ),
        pytest.param({"value": 90, "before": 100}, "arrow-down", "10 færre end i perioden før (100)", id="fewer"),
        pytest.param({"value": 90.2, "before": 90}, "minus", "Som i perioden før (90)", id="reads the same"),
    ],
)
def test_a_card_says_what_changed(told, icon, words):
    change = drawn_figure(Figure(key="a", name="A", **told)).change

    assert change is not None
    assert (change.icon, plain(change.words)) == (icon, words)


def test_a_card_says_whether_the_promise_is_kept():
    def card(value):
        return drawn_figure(Figure(key="a", name="A", value=value, unit=Unit.PERCENT, target=Target(90)))

    assert (card(90).is_kept, plain(card(90).kept)) == (True, "Målet er nået: mindst 90 %.")
    assert (card(89.9).is_kept, plain(card(89.9).kept)) == (False, "Målet er ikke nået: mindst 90 %.")
    assert [plain(card(value).value) for value in (90, 89.96, 90.4, 94.4)] == ["90 %", "89,9 %", "90,4 %", "94 %"]
    assert (card(None).is_kept, plain(card(None).kept), card(None).value) == (
        None,
        "Målet er mindst 90 %.",
        "Ingen tal",
    )
