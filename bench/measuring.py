"""Sends the requests and looks at two clocks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine, event

from bench.pages import Environ, Page, Target

#: Not counted: a program that has just started, and a database that has not seen these pages yet.
WARM_UP = 40
#: So many requests in a row are sent to each database.
TURN = 10


@dataclass
class Figures:
    """What the requests for one page cost on one database, in milliseconds."""

    target: Target
    page: Page
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    #: What the same small work took in between: longer than at its best by as much as others slow the machine down.
    yardstick: list[float] = field(default_factory=list)
    queries: set[int] = field(default_factory=set)

    @property
    def cpu_median(self) -> float:
        return median(self.cpu)

    @property
    def cpu_best(self) -> float:
        return min(self.cpu)

    @property
    def wall_p95(self) -> float:
        return quantiles(self.wall, n=20)[-1]


def measure(page: Page, targets: list[Target], number: int) -> list[Figures]:
    """The databases take turns, some requests each, so that whatever else the machine does meets them all alike."""
    sources = [(Figures(target, page), page.requests(target)) for target in targets]
    for figures, requests in sources:
        _warm_up(figures, requests)
    for _ in range(max(1, number // TURN)):
        for figures, requests in sources:
            # One more than counts: the processor's caches hold another application until then.
            _check(_send(figures.target, next(requests)), page)
            figures.yardstick.append(yardstick())
            for environ in islice(requests, TURN):
                _time(figures, environ)
    return [figures for figures, _ in sources]


def yardstick() -> float:
    """Milliseconds of CPU for some work that is always the same."""
    begun, kept = time.process_time(), {}
    for number in range(4_000):
        kept[str(number)] = f"{number}".join(("a", "b"))
    return (time.process_time() - begun) * 1000


def _time(figures: Figures, environ: Environ) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    status = _send(figures.target, environ)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    _check(status, figures.page)
    figures.cpu.append(cpu * 1000)
    figures.wall.append(wall * 1000)


def _warm_up(figures: Figures, requests: Iterator[Environ]) -> None:
    for number in range(WARM_UP):
        with counted() as asked:
            _check(_send(figures.target, next(requests)), figures.page)
        if number >= WARM_UP // 2:
            figures.queries.add(len(asked))


def _send(target: Target, environ: Environ) -> int:
    """Answers the status; the whole page is read, as a server would."""
    statuses: list[str] = []
    body: Any = target.app(environ, lambda status, _headers, _error=None: statuses.append(status))  # type: ignore[arg-type]
    for _piece in body:
        pass
    if hasattr(body, "close"):
        body.close()
    return int(statuses[0][:3])


def _check(status: int, page: Page) -> None:
    if status != page.status:
        raise RuntimeError(f"{page.name} was answered with {status} rather than {page.status}")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile, those around transactions left out."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
