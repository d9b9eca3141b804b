"""Lighthouse on the main pages and those of figures, for phones and for desktops: `make lighthouse`.

1. `npm ci --ignore-scripts` beside this file, unless it is done (Node 20 or later);
2. start the trial as it is served in production, and sign people in;
3. let Lighthouse look at each page in Debian's Chromium, and print what it finds;
4. end with 1 when something is below LEAST.

Nothing else should run on the machine: performance is measured by the clock.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from trial import DASHBOARDS, MAIN_PAGES, MainPage, Visitor, served, served_as_in_production  # noqa: E402

PORT = 8921
LEAST = 95
#: It loses a page's beginning now and then, and asks to be run again.
TRIES = 3
FORMS = ("mobile", "desktop")
SCORES = ("performance", "accessibility", "best-practices")


def main() -> int:
    wanted = [page for page in MAIN_PAGES + DASHBOARDS if page.name in sys.argv[1:] or len(sys.argv) == 1]
    if not (HERE / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    print(f"{'page':18}{'form':9}{'perf':>6}{'access':>8}{'best':>6}{'kB':>7}   what is not whole")
    with served(served_as_in_production(PORT), PORT) as base_url:
        visitors = {who: Visitor(base_url, who) for who in {page.who for page in wanted}}
        is_good = [_look(page, visitors[page.who], form) for page in wanted for form in FORMS]
    return 0 if all(is_good) else 1


def _look(page: MainPage, visitor: Visitor, form: str) -> bool:
    asked = {
        "url": visitor.address(page),
        "form": form,
        "cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        "chromium": shutil.which("chromium"),
    }
    command = ["node", str(HERE / "look.js"), json.dumps(asked)]
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            break
    else:
        print(f"{page.name:18}{form:9}  not looked at: {done.stderr.strip()[-500:]}", flush=True)
        return False
    told = json.loads(done.stdout.splitlines()[-1])
    perf, access, best = (round(told["scores"][name] * 100) for name in SCORES)
    kilobytes = told["bytes"] / 1000
    print(f"{page.name:18}{form:9}{perf:6}{access:8}{best:6}{kilobytes:7.0f}   {'; '.join(told['faults'])}", flush=True)
    return min(perf, access, best) >= LEAST


if __name__ == "__main__":
    sys.exit(main())
