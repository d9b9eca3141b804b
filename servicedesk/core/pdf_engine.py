"""WeasyPrint, tamed: it gets our own files and nothing else, and no more than it can lay out in a few seconds.

Only `core.pdf` imports this, and only where it works.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import weasyprint
from flask import current_app
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from servicedesk.core.assets import Assets
from servicedesk.core.pdf_page import prepare

#: What a printed page looks like, and how charts look, here as on the page.
SHEETS = ("css/charts.css", "pdf/pdf.css")
#: Style sheets of charts, which an SVG has to hold itself: WeasyPrint hands it none of the page's.
CHART_SHEETS = ("css/charts.css", "pdf/chart.css")
_TOKEN_SHEETS = ("vendor/dkfds/dkfds.css", "css/app.css")

#: The first block of a sheet that names the colours for everybody, in light.
_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+)")
#: In an SVG it knows the present colour by one spelling alone, and takes a mixed one for none at all.
_CURRENT, _MIXED = re.compile(r"\bcurrentcolor\b", re.I), re.compile(r"[\w-]+\s*:\s*color-mix\([^;}]*;?")
_USE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,[^()]*)?\)")

# It says at length what of a style sheet it does not know; what goes wrong with a file of ours is a fault of ours.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.CRITICAL)


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Hands out what lies in static/, from memory; no other host, no file of the machine, no data in an address."""

    def __init__(self, assets: Assets, prefix: str) -> None:
        super().__init__(allowed_protocols=())
        self._assets, self._prefix = assets, prefix

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        asset = self._assets.find(url.removeprefix(self._prefix))[0] if url.startswith(self._prefix) else None
        if asset is None:
            raise ValueError("only files of our own")
        return URLFetcherResponse(url, asset.body, {"Content-Type": asset.kind})


@dataclass(frozen=True)
class _Press:
    """What every page is drawn with, made once for a version of the files."""

    files: OwnFiles
    fonts: FontConfiguration
    sheets: tuple[weasyprint.CSS, ...]
    #: For each chart.
    chart_style: str


def draw(page: str, *, most_cells: int, cut: str) -> bytes:
    """The page as PDF/UA; where rows were left out, `cut` says so with `kept` and `rows` in it."""
    press = _present_press()
    html = weasyprint.HTML(string=page, base_url=_base_url(), url_fetcher=press.files)
    prepare(html.etree_element, chart_style=press.chart_style, most_cells=most_cells, cut=cut)
    body: bytes = html.write_pdf(
        stylesheets=press.sheets, font_config=press.fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return body


def _present_press() -> _Press:
    assets: Assets = current_app.extensions["assets"]
    prefix = urljoin(_base_url(), f"{current_app.static_url_path}/")
    return _press(assets, assets.version, prefix)


def _base_url() -> str:
    """Where links of the page lead."""
    return f"{current_app.extensions['settings'].base_url.rstrip('/')}/"


@lru_cache(maxsize=1)
def _press(assets: Assets, version: str, prefix: str) -> _Press:
    files, fonts = OwnFiles(assets, prefix), FontConfiguration()
    values = _tokens(assets)
    told = {"font_config": fonts, "url_fetcher": files, "media_type": "print"}
    # With names left in them every element would be handed a hundred values.
    texts = [(_settled(_text(assets, name), values), name) for name in SHEETS]
    sheets = tuple(weasyprint.CSS(string=text, base_url=f"{prefix}{name}", **told) for text, name in texts)
    chart = "\n".join(_text(assets, name) for name in CHART_SHEETS)
    return _Press(files, fonts, sheets, _settled(chart, values))


def _text(assets: Assets, name: str) -> str:
    asset = assets.find(name)[0]
    return _COMMENT.sub("", asset.body.decode()) if asset else ""


def _tokens(assets: Assets) -> dict[str, str]:
    """The colours and measures that sheets name, as they are in light."""
    blocks = [found[1] for name in _TOKEN_SHEETS if (found := _ROOT.search(_text(assets, name)))]
    blocks += [found[1] for name in CHART_SHEETS if (found := _ROOT.search(_text(assets, name)))]
    return {name: value.strip() for block in blocks for name, value in _TOKEN.findall(block)}


def _settled(sheet: str, values: dict[str, str]) -> str:
    """The sheet with values in the place of names."""
    for _depth in range(5):  # a value may name another
        sheet = _USE.sub(lambda use: values.get(use[1], "inherit"), sheet)
    return _CURRENT.sub("currentColor", _MIXED.sub("", sheet))
