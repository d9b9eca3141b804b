"""Charts as values: what is to be shown, where it lies in the drawing, and what it says in words.

A view makes a `Chart`, a `BarList`, a `HeatMap` or a `Figure` and hands what `drawn` answers to the macro of
components/chart.html or components/figure_card.html. Across, places are shares of the width, so that a drawing fits
every screen with words of the same size; down, they are pixels.
"""

from servicedesk.core.charts.cards import DrawnFigure, Figure, Wish
from servicedesk.core.charts.data import (
    Bar,
    BarList,
    Chart,
    HeatMap,
    Kind,
    Label,
    Mark,
    Point,
    Series,
    Step,
    Target,
    Unit,
)
from servicedesk.core.charts.drawn import DrawnBars, DrawnChart, DrawnHeat, drawn, drawn_bars, drawn_figure, drawn_heat
from servicedesk.core.charts.saying import shown, shown_against

__all__ = [
    "Bar",
    "BarList",
    "Chart",
    "DrawnBars",
    "DrawnChart",
    "DrawnFigure",
    "DrawnHeat",
    "Figure",
    "HeatMap",
    "Kind",
    "Label",
    "Mark",
    "Point",
    "Series",
    "Step",
    "Target",
    "Unit",
    "Wish",
    "drawn",
    "drawn_bars",
    "drawn_figure",
    "drawn_heat",
    "shown",
    "shown_against",
]
