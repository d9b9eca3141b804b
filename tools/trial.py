"""The trial with people signed in, for the tools that look at its pages: Lighthouse and the screenshots.

A page more is a line more in MAIN_PAGES, of which there are pictures too, or in DASHBOARDS.
"""

import http.cookiejar
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servicedesk.core.actor import Role

ROOT = Path(__file__).resolve().parent.parent
TICKETS = 600
PATIENCE = 600

#: The buttons of the trial's sign-in page, in their order.
KINDS = ("employee", *Role)


@dataclass(frozen=True)
class MainPage:
    """A page as one kind of person sees it; without an address of its own it is the first `link` of `path`."""

    name: str
    heading: str
    who: str
    path: str
    link: str | None = None


MAIN_PAGES = (
    MainPage("start", "Medarbejderens forside", "employee", "/"),
    MainPage("filing", "Meld en fejl", "employee", "/tickets/new?kind=incident"),
    MainPage("own-tickets", "Mine henvendelser", "employee", "/tickets"),
    MainPage("own-ticket", "En henvendelse, som medarbejderen ser den", "employee", "/tickets", r"/tickets/\d+"),
    MainPage("employee-search", "Søgning for medarbejdere", "employee", "/search?q=sensum"),
    MainPage("supporter-start", "Supporterens forside", "supporter", "/"),
    MainPage("queue", "Køen", "supporter", "/queue"),
    MainPage("ticket", "En henvendelse, som supporteren ser den", "supporter", "/queue", r"/tickets/\d+"),
    MainPage("search", "Søgning for supportere", "supporter", "/search?q=sensum"),
    MainPage("people", "Mennesker i administrationen", "administrator", "/admin/people"),
)
#: Pages of figures, which Lighthouse looks at too.
DASHBOARDS = (
    MainPage("overview", "Overblik for en leder", "manager", "/overview"),
    MainPage("overview-owner", "Overblik for en systemejer", "system_owner", "/overview"),
    MainPage("overview-desk", "Drift af servicedesken", "servicedesk_manager", "/overview/desk"),
    MainPage("simulate", "Prøv en anden aftale", "servicedesk_manager", "/overview/simulate"),
    MainPage("service", "Servicemål", "employee", "/service"),
    MainPage("status", "Driftsstatus", "employee", "/status"),
)


class Visitor:
    """A person signed in at the trial."""

    def __init__(self, base_url: str, who: str) -> None:
        self._base_url = base_url
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        page = self.read("/sign-in")
        person = re.findall(r'name="person_id" value="(\d+)"', page)[KINDS.index(who)]
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        form = urllib.parse.urlencode({"csrf_token": token, "person_id": person, "next": "/"})
        self._opener.open(f"{base_url}/demo/sign-in", form.encode()).close()

    def read(self, path: str) -> str:
        with self._opener.open(f"{self._base_url}{path}") as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self._cookies}

    def address(self, page: MainPage) -> str:
        """Raises ValueError when the page that should lead there does not."""
        if page.link is None:
            return f"{self._base_url}{page.path}"
        found = re.search(rf'href="({page.link})["?#]', self.read(page.path))
        if found is None:
            raise ValueError(f"{page.path} has no link to {page.name}")
        return f"{self._base_url}{found[1]}"


@contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """Runs a command that makes and serves the trial in a folder of its own; answers where, once it does."""
    folder = Path(tempfile.mkdtemp(prefix="servicedesk-trial-"))
    settings = {"SERVICEDESK_DATA_DIR": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    server = subprocess.Popen(command, cwd=folder, env=settings, stdout=subprocess.DEVNULL)
    base_url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base_url, server)
        yield base_url
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def served_as_in_production(port: int) -> list[str]:
    program = Path(sys.executable).with_name("servicedesk")
    return [str(program), "demo", "--no-browser", "--port", str(port), "--tickets", str(TICKETS)]


def _wait_for(base_url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"the trial did not start: {server.returncode}")
        try:
            urllib.request.urlopen(f"{base_url}/readyz", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the trial did not start in time")
