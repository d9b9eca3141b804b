"""`python -m bench`: fills databases of several sizes once, sends each page many times, and prints a table.

`python -m bench fill` only fills them, which at a million takes a while; whatever runs later finds them there.
`python -m bench palette` sends the palette's requests only. `python -m bench sla` measures the SLA engine instead,
`python -m bench sweep` how clocks are looked after, `python -m bench poll` what open queues cost that ask for news,
`python -m bench suggest` how tickets are found that resemble a subject, `python -m bench routing` who is the first to
see a new one, `python -m bench status` what it costs to see how systems run, `python -m bench training` how everybody
stands with what is required, `python -m bench competence` where people need to be shown something, and
`python -m bench figures` how sums are brought up to date and reckoned anew.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    competence,
    databases,
    figures,
    filling,
    polling,
    routing,
    sla,
    status,
    suggesting,
    sweeping,
    table,
    training,
)
from bench.measuring import Figures, measure
from bench.pages import PAGES, Target

SIZES = (10_000, 100_000, 1_000_000)
#: SQLite is meant for trials and small places; more only where sizes are named.
MOST_ON_SQLITE = 100_000


def main() -> int:
    what, others = sys.argv[1:2], sys.argv[2:]
    if what == ["palette"]:
        what, others = [], ["--pages", "palette", *others]
    if what and what[0] in _MEASURES:
        return _MEASURES[what[0]](others)
    return _pages(_arguments([*what, *others]))


def _pages(wanted: argparse.Namespace) -> int:
    """Every page, at every size."""
    measured: list[Figures] = []
    told: list[str] = []
    with ExitStack() as opened:
        for name in wanted.databases:
            targets = opened.enter_context(_TARGETS[name](wanted))
            for target in targets:
                databases.fresh_sign_ins(target.app, datetime.now(UTC))
                target.look_around()
            told.append(databases.versions(targets[0].app.config["SQLALCHEMY_DATABASE_URI"]))
            for page in PAGES:
                if not wanted.pages or page.name in wanted.pages:
                    print(f"{name}: {page.name}", file=sys.stderr)
                    measured += measure(page, targets, wanted.requests)
    lines = table.rows(measured)
    print(f"{table.machine()}; {', '.join(told)}; {table.yardstick(measured)}\n")
    print(table.as_markdown(lines))
    return 0


def _fill(arguments: list[str]) -> int:
    """Makes the databases that are not there yet, and tells how long each took."""
    wanted = _arguments(arguments)
    for name in wanted.databases:
        began = time.monotonic()
        with _TARGETS[name](wanted) as targets:
            told = ", ".join(f"{target.tickets:,}" for target in targets)
            print(f"{name}: {told} tickets ready after {time.monotonic() - began:,.0f} s")
    return 0


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", help="how many tickets; else 10,000 to 1,000,000")
    parser.add_argument(
        "--databases", type=lambda names: names.split(","), default=list(_TARGETS), help="comma between"
    )
    parser.add_argument("--requests", type=int, default=200, help="for each page and size")
    parser.add_argument("--pages", nargs="+", choices=[page.name for page in PAGES], help="only these")
    folder = Path(os.environ.get("BENCH_DIR") or "var/bench")
    parser.add_argument("--folder", type=Path, default=folder, help="where the data are kept (BENCH_DIR)")
    wanted = parser.parse_args(given)
    wanted.most_on_sqlite = max(wanted.sizes) if wanted.sizes else MOST_ON_SQLITE
    wanted.sizes = wanted.sizes or SIZES
    wanted.folder = wanted.folder.resolve()
    return wanted


@contextmanager
def _on_postgres(wanted: argparse.Namespace) -> Iterator[list[Target]]:
    mark = databases.schema_mark()
    with databases.postgres(wanted.folder / "postgres") as server:
        targets = []
        for tickets in sorted(wanted.sizes):
            url, is_filled = databases.postgres_database(server, tickets, mark)
            if not is_filled:
                print(f"filling PostgreSQL with {tickets:,} tickets", file=sys.stderr)
                filling.fill_postgres(url, tickets, wanted.folder / "app")
                url = databases.mark_filled(server, url)
            targets.append(Target("PostgreSQL", tickets, databases.make_app(url, wanted.folder / "app")))
        yield targets
        for target in targets:
            databases.close(target.app)


@contextmanager
def _on_sqlite(wanted: argparse.Namespace) -> Iterator[list[Target]]:
    mark = databases.schema_mark()
    targets = []
    for tickets in sorted(wanted.sizes):
        if tickets > wanted.most_on_sqlite:
            continue
        file, is_filled = databases.sqlite_file(wanted.folder / "sqlite", tickets, mark)
        if not is_filled:
            print(f"filling SQLite with {tickets:,} tickets", file=sys.stderr)
            filling.fill_sqlite(file, tickets, wanted.folder / "app")
        targets.append(Target("SQLite", tickets, databases.make_app(f"sqlite:///{file}", wanted.folder / "app")))
    yield targets
    for target in targets:
        databases.close(target.app)


_TARGETS = {"postgres": _on_postgres, "sqlite": _on_sqlite}

_MEASURES: dict[str, Callable[[list[str]], int]] = {
    "sla": lambda _others: sla.main(),
    "sweep": sweeping.main,
    "poll": lambda others: polling.main(others, _TARGETS),
    "routing": routing.main,
    "suggest": suggesting.main,
    "status": status.main,
    "training": training.main,
    "competence": competence.main,
    "figures": lambda others: figures.main(_arguments(others), _TARGETS),
    "fill": _fill,
}


if __name__ == "__main__":
    sys.exit(main())
