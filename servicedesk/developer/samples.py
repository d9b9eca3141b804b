"""Invented figures, so that charts and cards are seen in every state they can be in. In Danish only."""

from typing import Any

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
)

_MONTHS = [
    Label(f"{name[:3]}.", f"{name} 2026")
    for name in "januar februar marts april maj juni juli august september oktober november december".split()
]
_NAMES = ("Fejl", "Bestillinger", "Spørgsmål", "Ændringer", "Sikkerhed", "Andet")


def figures() -> dict[str, Any]:
    return {
        "cards": [drawn_figure(one) for one in _cards()],
        "charts": [drawn(one) for one in _charts()],
        "lists": [drawn_bars(one) for one in _lists()],
        "heats": [drawn_heat(one) for one in _heats()],
    }


def _points(*values: float | None, n: int | None = None, is_pressed: bool = False) -> list[Point]:
    return [
        Point(value, n=n, href=f"#m{at}" if is_pressed and value is not None else None)
        for at, value in enumerate(values, start=1)
    ]


def _cards() -> list[Figure]:
    how = "Af de henvendelser, der er løst i perioden, er det andelen, der nåede løsningstiden i åbningstiden."
    kept: dict[str, Any] = {"unit": Unit.PERCENT, "wish": Wish.HIGH, "target": Target(90), "how": how}
    opened: dict[str, Any] = {"href": "#", "href_words": "Se de 332 henvendelser"}
    return [
        Figure(
            key="card-kept",
            name="Løst til tiden",
            value=94,
            n_words="af 332 henvendelser",
            before=91,
            before_words="oktober 2026",
            spark=(88, 91, None, 90, 93, 94),
            **kept,
            **opened,
        ),
        Figure(key="card-missed", name="Svaret til tiden", value=81, before=87.5, before_words="", **kept, **opened),
        Figure(key="card-same", name="Genåbnet", value=4, unit=Unit.PERCENT, before=4, wish=Wish.LOW, how=how),
        Figure(key="card-time", name="Løsningstid, midterste", value=6.5, unit=Unit.HOURS, before=4, wish=Wish.LOW),
        Figure(key="card-count", name="Nye henvendelser", value=1204, before=1180, spark=(900, 1010, 1180, 1204)),
        Figure(key="card-score", name="Tilfredshed", value=4.2, unit=Unit.SCORE, n_words="120 svar af 300 spurgte"),
        Figure(key="card-few", name="Løst af superbrugere", value=None, note="For få til at sige noget", **kept),
        Figure(key="card-none", name="Pris pr. henvendelse", value=None, unit=Unit.KRONER),
    ]


def _charts() -> list[Chart]:
    shares = (88, 91, 94, 92, 90, 93, 81, None, 91, 95, 94, 93)
    parts = [Series(name, _points(*(40 - 6 * at + month % 4 for month in range(12)))) for at, name in enumerate(_NAMES)]
    return [
        Chart(
            key="sample-pressed",
            title="Løst til tiden",
            labels=_MONTHS,
            series=[Series("Løst til tiden", _points(*shares, n=300, is_pressed=True))],
            unit=Unit.PERCENT,
            target=Target(90),
            heading="Måned",
            heading_n="Henvendelser",
        ),
        Chart(
            key="sample-before",
            title="Nye henvendelser, i år og sidste år",
            labels=_MONTHS,
            series=[
                Series("2026", _points(1204, 980, 1100, 870, 905, 760, 310, 1320, 1180, 1090, 1002, 640)),
                Series("2025", _points(1100, 1010, 960, 900, 880, 700, 290, 1240, 1201, 1111, 940, 610)),
            ],
            heading="Måned",
        ),
        Chart(key="sample-stacked", title="Hvad de drejede sig om", labels=_MONTHS, series=parts, kind=Kind.STACKED),
        Chart(
            key="sample-lines",
            title="Svaret og løst til tiden",
            labels=_MONTHS,
            series=[
                Series("Svaret", _points(*shares)),
                Series("Løst", _points(84, 86, 85, 83, 88, 89, 79, None, None, 87, 90, 91)),
                Series("Løst lokalt", _points(70, 71, 74, 72, 73, 69, 66, None, 71, 75, 78, 77)),
            ],
            unit=Unit.PERCENT,
            kind=Kind.LINES,
            target=Target(90),
        ),
        Chart(
            key="sample-stretches",
            title="Hvor lang tid det tog",
            labels=[Label(one) for one in ("0–2", "2–4", "4–8", "8–16", "16–32", "32–64", "64+")],
            series=[Series("Henvendelser", _points(120, 210, 160, 90, 40, 22, 9))],
            kind=Kind.HISTOGRAM,
            step=Step.OTHER,
            marks=[Mark(1.8, "Halvdelen inden 3,6 timer"), Mark(4.4, "Ni af ti inden 22 timer")],
            heading="Timer i åbningstiden",
        ),
        Chart(key="sample-none", title="Endnu ingen tal", labels=[], series=[Series("Løst", [])]),
    ]


def _lists() -> list[BarList]:
    return [
        BarList(
            key="sample-units",
            title="Henvendelser fra enhederne",
            bars=[
                Bar("Egehøj Plejecenter", Point(120, href="#"), before=101),
                Bar("Sekretariatet for Tværgående Arbejdsmiljø og Arbejdsskadeforsikring", Point(62), before=70),
                Bar("Borgerservice", Point(8), before=None),
                Bar("Hjemmeplejen Nord", Point(None, note="for få til at sige noget")),
            ],
            heading="Enhed",
            heading_value="Henvendelser",
        ),
        BarList(
            key="sample-times",
            title="Løsningstid efter prioritet",
            bars=[Bar("Kritisk", Point(0.75), 3), Bar("Høj", Point(3), 7.5), Bar("Middel", Point(9), 31)],
            unit=Unit.HOURS,
            target=Target(8, is_least=False),
            heading="Prioritet",
        ),
    ]


def _heats() -> list[HeatMap]:
    days = "mandag tirsdag onsdag torsdag fredag lørdag søndag".split()
    cells = [
        [
            Point(0 if day > 4 else (hour * 7 + day * 3) % 23 + (20 if hour == 9 else 0), href="#")
            for hour in range(7, 17)
        ]
        for day in range(7)
    ]
    return [
        HeatMap(
            key="sample-hours",
            title="Hvornår henvendelserne kommer",
            columns=[Label(str(hour), f"kl. {hour}-{hour + 1}") for hour in range(7, 17)],
            rows=[Label(day.capitalize(), day) for day in days],
            cells=cells,
            heading="Ugedag",
        )
    ]
