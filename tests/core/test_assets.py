"""What the browser is given besides pages, and how answers are packed."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest

from servicedesk.core.actor import Role
from servicedesk.core.assets import SHEETS, Assets
from servicedesk.core.compression import LEAST

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "vendor/dkfds/dkfds.css": "a { color: blue } @font-face { src: url(fonts/x.woff2) }",
        "css/app.css": "a { color: green; background: url('../img/dot.svg') }",
        "css/queue.css": "@media screen and (prefers-color-scheme: dark) { b { color: gray } }",
        "js/app.js": 'import "./other.js";',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def body(assets: Assets, name: str) -> str:
    asset, _is_present = assets.find(name)
    assert asset is not None
    return asset.body.decode()


def test_the_sheets_are_one_in_their_order(folder):
    joined = body(Assets(folder), "site.css")
    assert joined.index("blue") < joined.index("green") < joined.index("gray")


def test_what_a_sheet_names_is_found_from_where_the_joined_sheet_lies(folder):
    joined = body(Assets(folder), "site.css")
    assert "url(vendor/dkfds/fonts/x.woff2)" in joined
    assert "url('img/dot.svg')" in joined


def test_a_chosen_theme_asks_the_device_nothing(folder):
    assets = Assets(folder)
    assert "(prefers-color-scheme: dark)" in body(assets, SHEETS["system"])
    assert "@media screen and (min-width: 0)" in body(assets, SHEETS["dark"])
    assert "@media screen and (max-width: 0)" in body(assets, SHEETS["light"])


def test_a_changed_file_has_a_new_address(folder):
    assets = Assets(folder)
    before = assets.address("css/queue.css")
    (folder / "js" / "app.js").write_text("longer than it was", encoding="utf-8")
    assets.read_again_if_changed()

    assert assets.address("css/queue.css") != before
    assert body(assets, assets.address("js/app.js")) == "longer than it was"


def test_two_processes_agree_on_the_addresses(folder):
    assert Assets(folder).version == Assets(folder).version


def test_every_address_in_the_real_sheet_leads_to_a_file(app):
    assets = Assets(Path(app.static_folder))
    named = re.findall(r"url\([\"']?(?!data:)([^)\"']+)", body(assets, "site.css"))
    assert named
    assert not [name for name in named if assets.find(name)[0] is None]


def test_every_import_of_a_module_leads_to_a_file(app):
    assets = Assets(Path(app.static_folder))
    for module in (file for file in Path(app.static_folder, "js").rglob("*.js")):
        here = module.relative_to(app.static_folder).as_posix()
        for name in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", module.read_text(encoding="utf-8")):
            assert assets.find(urljoin(here, name))[0] is not None, f"{here} imports {name}"


def test_an_address_with_the_present_version_is_kept_for_a_year(browse):
    (address,) = re.findall(r'src="([^"]+app\.js)"', browse().get("/sign-in").text)
    assert re.fullmatch(r"/static/[0-9a-f]{12}/js/app\.js", address)

    answer = browse().get(address)

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/javascript"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/static/js/app.js", "/static/0123456789ab/js/app.js"])
def test_any_other_address_of_a_file_works_and_is_asked_for_again(browse, address):
    answer = browse().get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")

    again = browse().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", ["/static/0123456789ab/", "/static/0123456789ab/../app.py", "/static/css"])
def test_there_is_nothing_beside_the_files(browse, address):
    assert browse().get(address).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("br;q=0", None, bytes)],
)
def test_a_file_is_packed_as_the_browser_can_unpack_it(browse, accepted, coding, unpack):
    answer = browse().get("/static/site.css", headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert b"color-scheme" in unpack(answer.data)


def test_a_font_is_packed_already(browse):
    answer = browse().get("/static/vendor/dkfds/fonts/IBMPlexSans-Regular-Latin1.woff2", headers=BROWSER)
    assert "Content-Encoding" not in answer.headers


def test_a_page_is_packed(desk, browse):
    answer = browse(desk.person(Role.SUPPORTER)).get("/queue", headers=BROWSER)
    assert answer.headers["Content-Encoding"] == "br"
    assert "<h1" in brotli.decompress(answer.data).decode()
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_page_that_another_site_may_have_asked_for_is_not_packed(desk, browse, site):
    headers = {"Accept-Encoding": "br"} | ({"Sec-Fetch-Site": site} if site else {})
    answer = browse(desk.person()).get("/search?q=guess", headers=headers)
    assert "Content-Encoding" not in answer.headers


def test_what_is_short_is_not_packed(browse):
    answer = browse().get("/healthz", headers=BROWSER)
    assert len(answer.data) < LEAST
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_browser_shows_the_theme_that_was_chosen_in_it(browse, theme):
    browser = browse()
    browser.set_cookie("theme", theme, domain="servicedesk.test")
    page = browser.get("/sign-in").text
    assert f'data-theme="{theme}"' in page
    assert f"/site-{theme}.css" in page


def test_a_theme_that_we_do_not_have_is_no_theme(browse):
    browser = browse()
    browser.set_cookie("theme", '"><script>', domain="servicedesk.test")
    assert 'data-theme="system"' in browser.get("/sign-in").text
