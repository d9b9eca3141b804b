"""`python -m bench poll`: what it costs that many queues are open and ask every ten seconds whether there is news.

(a) A poll when nothing is new: milliseconds of CPU in the application, and statements.
(b) Filing while so many pages poll, beside filing alone: p95 by the clock. Polls are spread over the ten seconds as
they are in life, and run in threads of the process that files; each filing is news, so most of these polls look whether
it shows on their page. The two take turns, so that whatever else the machine does meets both alike.
"""

import argparse
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from bench import databases, table
from bench.measuring import counted
from bench.pages import PAGES, Environ, Target

EVERY = 10.0
#: Between two filings, as people file: a busy desk gets two in a second.
PAUSE = 0.5
#: So many filings in a row, alone or beside the open pages; the first ones of a turn are not counted.
TURN, WARM_UP = 30, 5
BAR_CPU, BAR_SLOWER = 1.5, 1.2

_LIVE, _MARK = re.compile(r'data-live="([^"]*)"'), re.compile(r'data-mark="([^"]*)"')


@dataclass
class OpenPage:
    """A queue in somebody's browser."""

    person: int
    #: What its browser sends; it costs the application nothing to put that together.
    asked: Environ
    mark: str

    def poll(self) -> Environ:
        return {**self.asked, "HTTP_HX_REQUEST": "true", "HTTP_X_POLL": "1", "HTTP_HX_PTAG": self.mark}


@dataclass
class Polled:
    unchanged: int = 0
    elsewhere: int = 0
    anew: int = 0
    late: int = 0


def main(arguments: list[str], targets: Any) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench poll", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=(100_000,), help="how many tickets")
    parser.add_argument("--databases", type=lambda names: names.split(","), default=list(targets))
    parser.add_argument("--pages", type=int, default=200, help="open queues")
    parser.add_argument("--filings", type=int, default=240, help="alone, and as many beside the open queues")
    folder = Path(os.environ.get("BENCH_DIR") or "var/bench")
    parser.add_argument("--folder", type=Path, default=folder, help="where the data are kept (BENCH_DIR)")
    wanted = parser.parse_args(arguments)
    wanted.folder, wanted.most_on_sqlite = wanted.folder.resolve(), max(wanted.sizes)
    missed = False
    with ExitStack() as opened:
        for name in wanted.databases:
            for target in opened.enter_context(targets[name](wanted)):
                databases.fresh_sign_ins(target.app, datetime.now(UTC))
                target.look_around()
                missed |= _measure(target, wanted)
    print(table.machine())
    return 1 if missed else 0


def _measure(target: Target, wanted: argparse.Namespace) -> bool:
    pages = [_open(target, person) for person, _ in zip(cycle(target.supporters), range(wanted.pages), strict=False)]
    cpu, best, statements = _unchanged(target, pages[0])
    filings = next(page for page in PAGES if page.name == "filing").requests(target)
    alone: list[float] = []
    beside: list[float] = []
    polled = Polled()
    for _turn in range(max(1, wanted.filings // TURN)):
        alone += _file(target, filings)
        with _polling(target, pages, polled):
            beside += _file(target, filings)
    before, after = (quantiles(times, n=20)[-1] for times in (alone, beside))
    print(
        f"{target.name}, {target.tickets:,} tickets: a poll without news {cpu:.2f} ms of CPU in the middle "
        f"and {best:.2f} at best, {statements} statement(s)"
    )
    print(
        f"filing p95 {before:.1f} ms alone, {after:.1f} ms beside {len(pages)} open queues "
        f"(median {median(alone):.1f} and {median(beside):.1f}); "
        f"{polled.unchanged} polls unchanged, {polled.elsewhere} with news elsewhere, "
        f"{polled.anew} made anew, {polled.late} late"
    )
    return cpu > BAR_CPU or statements != 1 or after > before * BAR_SLOWER


def _open(target: Target, person: int) -> OpenPage:
    _status, _headers, page = _send(target, target.ask(person, "/queue"))
    live, mark = _LIVE.search(page), _MARK.search(page)
    assert live, "the queue says where it is asked for"
    assert mark, "the queue has a mark"
    return OpenPage(person, target.ask(person, unescape(live[1])), unescape(mark[1]))


def _unchanged(target: Target, page: OpenPage) -> tuple[float, float, int]:
    """Milliseconds of CPU, the median and the best, and statements."""
    figures: list[float] = []
    statements: set[int] = set()
    for number in range(600):
        asked = page.poll()
        with counted() as said:
            started = time.process_time()
            status, headers, _body = _send(target, asked)
            spent = time.process_time() - started
        if status != 304:
            page = _open(target, page.person)
        elif "HX-PTag" in headers:  # somebody else works on the database
            page.mark = headers["HX-PTag"]
        elif number >= 100:
            figures.append(spent * 1000)
            statements.add(len(said))
    return median(figures), min(figures), max(statements)


def _file(target: Target, filings: Iterator[Environ]) -> list[float]:
    """Milliseconds by the clock for each of a turn."""
    times = []
    for at, asked in enumerate(islice(filings, WARM_UP + TURN)):
        started = time.perf_counter()
        status, _headers, _body = _send(target, asked)
        if status != 303:
            raise RuntimeError(f"filing was answered with {status}")
        if at >= WARM_UP:
            times.append((time.perf_counter() - started) * 1000)
        time.sleep(PAUSE)
    return times


class _polling:  # noqa: N801  it reads as `with _polling(...)`
    """So many pages, each asking every ten seconds from when it came, answered by four threads."""

    THREADS = 4

    def __init__(self, target: Target, pages: list[OpenPage], polled: Polled) -> None:
        self._target, self._pages, self._polled = target, pages, polled
        draw = Random(6)
        #: When in the ten seconds each page asks.
        self._asks_at = sorted(draw.uniform(0, EVERY) for _ in pages)
        self._begun = time.perf_counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._poll, args=(at,)) for at in range(self.THREADS)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _poll(self, at: int) -> None:
        mine = [*zip(self._pages, self._asks_at, strict=True)][at :: self.THREADS]
        for number, (page, asks_at) in enumerate(cycle(mine)):
            due = self._begun + asks_at + EVERY * (number // len(mine))
            if self._over.wait(max(0.0, due - time.perf_counter())):
                return
            self._polled.late += time.perf_counter() - due > 1
            status, headers, _body = _send(self._target, page.poll())
            page.mark = headers.get("HX-PTag", page.mark)
            self._polled.anew += status != 304
            self._polled.elsewhere += status == 304 and "HX-PTag" in headers
            self._polled.unchanged += status == 304 and "HX-PTag" not in headers


def _send(target: Target, environ: Environ) -> tuple[int, dict[str, str], str]:
    answered: list[tuple[str, list[tuple[str, str]]]] = []
    pieces: Any = target.app(environ, lambda status, headers, _error=None: answered.append((status, headers)))  # type: ignore[arg-type]
    body = b"".join(pieces)
    if hasattr(pieces, "close"):
        pieces.close()
    status, headers = answered[0]
    return int(status[:3]), dict(headers), body.decode()
