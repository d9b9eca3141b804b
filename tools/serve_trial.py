"""The trial as it is on a given day, so that its pictures stay the same: `serve_trial.py PORT 2026-11-24T10:00+01:00`.

The clock goes on from there. One process, for tools only; people start `servicedesk demo`.
"""

import logging
import sys
from datetime import datetime

import time_machine
from trial import TICKETS
from werkzeug.serving import make_server

from servicedesk.app import create_app
from servicedesk.demo.cli import HOST, prepare, trial_settings


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    port, day = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    with time_machine.travel(day, tick=True):
        settings = trial_settings(port)
        prepare(settings, create_app, TICKETS, reset=True)
        make_server(HOST, port, create_app(settings), threaded=True).serve_forever()


if __name__ == "__main__":
    main()
