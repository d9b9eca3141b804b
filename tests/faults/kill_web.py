"""F001: web workers are killed at random while people file tickets.

Nothing that was accepted may be lost, nothing filed twice, nothing half there.
Run by hand: python -m tests.faults.kill_web --kills 200 --database postgres
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from tests.faults.harness import Client, Site, children_of, fresh_databases

CLIENTS = 6
#: The server is gone for good when a client has had to try again so often.
MOST_RETRIES = 10_000
WORKERS = 4
#: Granian takes two deaths of one worker within 5.5 seconds for a loop, and stops.
CRASH_LOOP = 6.5


def break_it(site: Site, kills: int, per_second: float = 50) -> dict[str, int]:
    """Counts of what was sent, accepted and found."""
    accepted: set[str] = set()
    sent: set[str] = set()
    is_over = threading.Event()
    retries = [0] * CLIENTS

    def keep_filing(number: int, client: Client) -> None:
        count = 0
        while not is_over.is_set():
            count += 1
            subject, form_id = f"Mærke {number}-{count}", token_hex(16)
            sent.add(subject)
            while client.file(subject, form_id) is None:
                retries[number] += 1
                if retries[number] > MOST_RETRIES:
                    return
                time.sleep(0.05)
            accepted.add(subject)
            time.sleep(CLIENTS / per_second)

    with site.serving("-m", "servicedesk", "web", "--port", str(site.port), "--workers", str(WORKERS)) as server:
        clients = [Client(site.port) for _ in range(CLIENTS)]
        for client in clients:
            client.sign_in(site.filer.id)
        threads = [threading.Thread(target=keep_filing, args=each) for each in enumerate(clients)]
        for thread in threads:
            thread.start()
        killed = _kill_workers(server.pid, kills)
        is_over.set()
        for thread in threads:
            thread.join(60)
    filed = site.filed()
    return {
        "kills": killed,
        "sent": len(sent),
        "accepted": len(accepted),
        "retries": sum(retries),
        "lost": len([subject for subject in accepted if not filed[subject]]),
        "doubled": len([subject for subject in filed if filed[subject] > 1]),
        "half there": site.half_tickets(),
        "violations": len(site.violations()),
    }


def _kill_workers(server: int, kills: int) -> int:
    """Kills one at a time, none that is too young: a worker that dies young makes the server give up."""
    born: dict[int, float] = dict.fromkeys(children_of(server), 0.0)
    killed = 0
    until = time.monotonic() + 60 + kills * 10
    while killed < kills and time.monotonic() < until:
        time.sleep(random.uniform(0.1, 0.6))
        now = time.monotonic()
        alive = children_of(server)
        for pid in alive:
            born.setdefault(pid, now)
        old = [pid for pid in alive if now - born[pid] > CRASH_LOOP]
        if len(alive) > 1 and old:
            with suppress(ProcessLookupError):  # it was on its way out by itself
                os.kill(random.choice(old), signal.SIGKILL)
                killed += 1
    return killed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.kills).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
