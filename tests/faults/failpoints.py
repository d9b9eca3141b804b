"""F002: the web worker dies at a chosen point of filing: before the commit, after it, or after the answer.

A client that sends the same form again until it is answered ends with exactly one ticket.
Run by hand: python -m tests.faults.failpoints --times 50 --database postgres
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from secrets import token_hex

from flask import Flask, Response, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import event

from servicedesk.core.db import db
from tests.faults.harness import LOCALHOST, Client, Site, fresh_databases

BEFORE_COMMIT, AFTER_COMMIT, AFTER_ANSWER = "before-commit", "after-commit", "after-answer"
POINTS = (BEFORE_COMMIT, AFTER_COMMIT, AFTER_ANSWER)

_here = threading.local()


def create_app() -> Flask:
    """The application, dying where the request's X-Die-At header says."""
    import servicedesk.app

    app = servicedesk.app.create_app()
    with app.app_context():
        event.listen(db.session, "before_commit", lambda _session: _die_at(BEFORE_COMMIT))
        event.listen(db.session, "after_commit", lambda _session: _die_at(AFTER_COMMIT))

    @app.before_request
    def _listen() -> None:
        _here.point = request.headers.get("X-Die-At")

    @app.after_request
    def _answered(response: Response) -> Response:
        if request.headers.get("X-Die-At") == AFTER_ANSWER:
            threading.Timer(0.5, _die).start()
        return response

    return app


def _die_at(point: str) -> None:
    if getattr(_here, "point", None) == point:
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def serve(port: int) -> None:
    server = Granian(
        "tests.faults.failpoints:create_app",
        address=LOCALHOST,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=2,
        respawn_failed_workers=True,
    )
    server.respawned_wrks = _Forgetful()  # a worker that dies again at once is what this is about
    server.serve()


class _Forgetful(dict[int, float]):
    """Remembers no worker's birth, so that the server does not give up."""

    def get(self, key: int, default: float | None = None) -> float | None:  # type: ignore[override]
        return default


def break_it(site: Site, times: int) -> dict[str, dict[str, int]]:
    """For each point: forms sent, first answers that came, tickets in the end, violations."""
    found: dict[str, dict[str, int]] = {}
    with site.serving("-m", "tests.faults.failpoints", "--serve", str(site.port)):
        client = Client(site.port)
        client.sign_in(site.filer.id)
        for point in POINTS:
            answered = 0
            for number in range(times):
                subject, form_id = f"{point} {number}", token_hex(16)
                answered += client.file(subject, form_id, X_Die_At=point) is not None
                until(partial(_is_filed, client, subject, form_id), site)
            filed = site.filed()
            counts = [filed[f"{point} {number}"] for number in range(times)]
            found[point] = {"forms": times, "answered at once": answered, "one ticket": counts.count(1)}
    found["in the end"] = {"half there": site.half_tickets(), "violations": len(site.violations())}
    return found


def _is_filed(client: Client, subject: str, form_id: str) -> bool:
    return client.file(subject, form_id) is not None


def until(succeeds: Callable[[], bool], site: Site) -> None:
    for _ in range(100):
        if succeeds():
            return
        site.wait_until_ready()
    raise TimeoutError


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=50)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--serve", type=int, metavar="PORT", help="be the server that dies")
    chosen = options.parse_args()
    if chosen.serve:
        serve(chosen.serve)
        sys.exit(0)
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for point, counts in break_it(Site(source.copy(), Path(folder)), chosen.times).items():
            print(point, counts)


if __name__ == "__main__":
    main()
