"""Pictures of the main pages, in Danish, on a desktop and on a phone: `make screenshots`.

They go to docs/screenshots/, and README.md shows them. The trial stands on the same day each time, so that only what
was changed looks different. Names of pages as arguments take only those.
"""

import base64
import shutil
import sys

from playwright.sync_api import Browser, sync_playwright
from trial import MAIN_PAGES, ROOT, MainPage, Visitor, served

PORT = 8922
#: A Tuesday morning: the desk is open, and clocks run.
DAY = "2026-11-24T10:00:00+01:00"
SIZES = {"desktop": (1280, 860), "phone": (375, 780)}
QUALITY = 82
TARGET = ROOT / "docs" / "screenshots"
#: All pictures together, in bytes.
MOST = 3_000_000


def main() -> None:
    wanted = [page for page in MAIN_PAGES if page.name in sys.argv[1:] or len(sys.argv) == 1]
    TARGET.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(ROOT / "tools" / "serve_trial.py"), str(PORT), DAY]
    with served(command, PORT) as base_url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        visitors = {who: Visitor(base_url, who) for who in {page.who for page in wanted}}
        for page in wanted:
            for form in SIZES:
                _take(chromium, page, visitors[page.who], form)
        chromium.close()
    weight = sum(file.stat().st_size for file in TARGET.glob("*.webp"))
    print(f"{weight / 1000:.0f} kB in {TARGET}")
    if weight > MOST:
        sys.exit("the pictures are too heavy")


def _take(chromium: Browser, page: MainPage, visitor: Visitor, form: str) -> None:
    width, height = SIZES[form]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="da-DK", reduced_motion="reduce")
    address = visitor.address(page)
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in visitor.cookies.items()])
    tab = context.new_page()
    tab.goto(address, wait_until="load")
    tab.evaluate("document.fonts.ready.then(() => true)")
    # Playwright itself takes no WebP.
    asked = {"format": "webp", "quality": QUALITY}
    picture = context.new_cdp_session(tab).send("Page.captureScreenshot", asked)["data"]
    file = TARGET / f"{page.name}-{form}.webp"
    file.write_bytes(base64.b64decode(picture))
    print(f"{file.stat().st_size / 1000:6.0f} kB  {file.name}", flush=True)
    context.close()


if __name__ == "__main__":
    main()
