"""The table of what was measured."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.measuring import Figures

_COLUMNS = ("database", "tickets", "page", "requests", "queries", "CPU", "best", "×", "p95", "×", "bar", "")


def machine() -> str:
    """What this was measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    libraries = ", ".join(f"{package} {version(package)}" for package in ("flask", "sqlalchemy", "psycopg"))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} × {name}, {platform.system()} {platform.release()}, load {load}; "
        f"Python {platform.python_version()}, {libraries}"
    )


def yardstick(measured: Iterable[Figures]) -> str:
    """How far from rest the machine was."""
    taken = sorted(one for figures in measured for one in figures.yardstick)
    return f"the yardstick took {median(taken):.2f} ms of CPU in the middle and {taken[0]:.2f} at best"


def rows(measured: Iterable[Figures]) -> list[tuple[str, ...]]:
    """CPU is the median, with the best beside it, and p95 is by the clock, in milliseconds.

    × is how many times the smallest size's.
    """
    measured = sorted(measured, key=lambda one: (one.target.name, one.target.tickets))
    return [_row(one, _smallest(one, measured)) for one in measured]


def _smallest(one: Figures, measured: list[Figures]) -> Figures | None:
    alike = [other for other in measured if (other.target.name, other.page) == (one.target.name, one.page)]
    first = min(alike, key=lambda other: other.target.tickets)
    return None if first is one else first


def _row(one: Figures, first: Figures | None) -> tuple[str, ...]:
    cpu_growth = one.cpu_median / first.cpu_median if first else None
    wall_growth = one.wall_p95 / first.wall_p95 if first else None
    return (
        one.target.name,
        f"{one.target.tickets:,}",
        one.page.name,
        str(len(one.cpu)),
        "–".join(str(number) for number in sorted({min(one.queries), max(one.queries)})),
        f"{one.cpu_median:.1f}",
        f"{one.cpu_best:.1f}",
        f"{cpu_growth:.2f}" if cpu_growth else "",
        f"{one.wall_p95:.1f}",
        f"{wall_growth:.2f}" if wall_growth else "",
        _bar(one),
        "ok" if _holds(one, cpu_growth, wall_growth) else "missed",
    )


def _bar(one: Figures) -> str:
    bar = one.page.bar
    parts = [f"CPU ≤ {bar.cpu:g}" if bar.cpu else "", f"p95 ≤ {bar.wall:g}" if bar.wall else ""]
    parts.append(f"× ≤ {bar.growth:g}" if bar.growth else "")
    return ", ".join(part for part in parts if part)


def _holds(one: Figures, *growth: float | None) -> bool:
    bar = one.page.bar
    limits = [(one.cpu_median, bar.cpu), (one.wall_p95, bar.wall), *((grown, bar.growth) for grown in growth)]
    return all(value <= limit for value, limit in limits if value is not None and limit is not None)


def as_markdown(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(line[at]) for line in (_COLUMNS, *lines)) for at in range(len(_COLUMNS))]
    ruler = tuple("-" * (width - 1) + ":" if _is_figure(at) else "-" * width for at, width in enumerate(widths))
    return "\n".join(_line(line, widths) for line in (_COLUMNS, ruler, *lines))


def _line(cells: Iterable[str], widths: list[int]) -> str:
    padded = (
        cell.rjust(width) if _is_figure(at) else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"


def _is_figure(at: int) -> bool:
    return _COLUMNS[at] in ("tickets", "requests", "queries", "CPU", "best", "p95", "×")


def simple(lines: list[tuple[str, ...]]) -> str:
    """A table of few columns: the head and its rows, figures last."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    told = [_simple_line(line, widths) for line in lines]
    told.insert(1, "| " + " | ".join(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]) + " |")
    return "\n".join(told)


def _simple_line(line: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = zip(line, widths, strict=True)
    return f"| {first[0]:<{first[1]}} | " + " | ".join(f"{cell:>{width}}" for cell, width in rest) + " |"
