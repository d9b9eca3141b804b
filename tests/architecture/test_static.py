"""What the browser is given: files as they were vendored, and pages that keep the content policy."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
#: Mail programs read no style sheets, so what is sent by mail may carry its own style.
PAGES = [file for file in TEMPLATES if "emails" not in file.parts]
OWN_FILES = [*sorted((STATIC / "css").rglob("*.css")), *sorted((STATIC / "js").rglob("*.js"))]


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _without_comments(template: str) -> str:
    return re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)


def test_every_vendored_file_is_the_one_that_was_vendored() -> None:
    manifest = json.loads((VENDOR / "MANIFEST.json").read_text())
    there = {file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()} - {"MANIFEST.json"}

    assert there == set(manifest)
    for name, facts in manifest.items():
        digest = base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode()
        assert digest == facts["sha384"], f"{name} was changed by hand; change tools/vendor and make it again"
        assert facts["version"]
        assert facts["licence"]


@pytest.mark.parametrize("tool", ["vendor", "lighthouse"])
def test_the_lock_of_a_tool_names_no_place_to_fetch_from(tool: str) -> None:
    lock = json.loads((ROOT / "tools" / tool / "package-lock.json").read_text())

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_carries_no_style_and_no_script(page: Path) -> None:
    text = _without_comments(page.read_text())

    assert not re.findall(r"<style\b|\sstyle\s*=\s*[\"']", text)
    assert not re.findall(r"<[a-z][^>]*\son[a-z]+\s*=", text)
    assert not re.findall(r"<script\b(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("file", [*PAGES, *OWN_FILES, VENDOR / "dkfds" / "dkfds.css"], ids=_name)
def test_nothing_is_fetched_from_another_host(file: Path) -> None:
    text = file.read_text()

    assert not re.findall(r"(?:src|action|poster)\s*=\s*[\"'](?:https?:)?//", text)
    assert not re.findall(r"<(?:link|use)\b[^>]*href\s*=\s*[\"'](?:https?:)?//", text)
    assert not re.findall(r"(?:url\(|@import|\bimport|\bfrom|fetch\()\s*[\"']?(?:https?:)?//", text)


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "dkfds" / "icons.svg").read_text()))
    named = {
        (name, _name(file))
        for file in TEMPLATES
        for name in re.findall(r"(?:\bicon\(|\bpicture\(|\bicon=)\"([a-z-]+)\"", file.read_text())
    }

    assert not {(name, where) for name, where in named if name not in there}


def test_what_every_page_loads_stays_light() -> None:
    """Style, htmx and icons packed as they go over the line, and the two faces of a Danish page (packed already)."""
    texts = ("vendor/dkfds/dkfds.css", "css/app.css", "vendor/htmx/htmx.min.js", "vendor/dkfds/icons.svg")
    faces = ("IBMPlexSans-Regular-Latin1.woff2", "IBMPlexSans-SemiBold-Latin1.woff2")
    weight = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in texts)
    weight += sum((VENDOR / "dkfds" / "fonts" / name).stat().st_size for name in faces)

    assert weight < 100_000
