"""What the browser is given besides pages: read once, joined, addressed by content, packed, kept for a year.

`url_for("static", filename="js/app.js")` answers `/static/<version>/js/app.js`. The version is a digest of all, so
what a file names relative to itself (an ES module its imports, a style sheet its fonts) has that version too.
"""

import hashlib
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, session, url_for

from servicedesk.core import compression
from servicedesk.core.access import public

KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
}
#: The joined style sheet for each theme; see `_in_theme`.
SHEETS = {"system": "site.css", "light": "site-light.css", "dark": "site-dark.css"}
#: They come first, in this order; the rest of css/ follows by name.
FIRST_SHEETS = ("vendor/dkfds/dkfds.css", "css/app.css")
ICONS = "vendor/dkfds/icons.svg"

A_YEAR = "public, max-age=31536000, immutable"
VERSION = re.compile(r"(?P<version>[0-9a-f]{12})/(?P<name>.+)")
RELATIVE_URL = re.compile(r"""url\((["']?)(?!data:|[/#]|[a-z]+:)([^)"']+)\1\)""")
DARK = "(prefers-color-scheme: dark)"
#: Media conditions that always hold, and never.
ALWAYS, NEVER = "(min-width: 0)", "(max-width: 0)"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    kind: str
    digest: str


class Assets:
    """The files of a folder and the style sheets joined from them; a few hundred kilobytes, all in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.read()

    def read(self) -> None:
        self._seen = self._look()
        bodies = {name: (self._folder / name).read_bytes() for name, _changed, _size in self._seen}
        bodies |= _join_sheets(bodies)
        self._files = {name: _asset(name, body) for name, body in bodies.items()}
        told = "\n".join(f"{name} {asset.digest}" for name, asset in sorted(self._files.items()))
        self.version = hashlib.blake2b(told.encode(), digest_size=6).hexdigest()

    def read_again_if_changed(self) -> None:
        if self._look() != self._seen:
            self.read()

    def address(self, name: str) -> str:
        return f"{self.version}/{name}"

    def find(self, address: str) -> tuple[Asset | None, bool]:
        """The file at an address, and whether the address names its present content.

        With another version it is found too: a page from before an update may still ask for a module.
        """
        parts = VERSION.fullmatch(address)
        name = parts["name"] if parts else address
        return self._files.get(name), bool(parts) and parts["version"] == self.version  # type: ignore[index]

    def _look(self) -> list[tuple[str, int, int]]:
        files = ((file, file.stat()) for file in sorted(self._folder.rglob("*")) if file.is_file())
        return [(file.relative_to(self._folder).as_posix(), stat.st_mtime_ns, stat.st_size) for file, stat in files]


def init_app(app: Flask) -> None:
    assert app.static_folder is not None
    assets = app.extensions["assets"] = Assets(Path(app.static_folder))

    @public
    def send(filename: str) -> Response:
        asset, is_present = assets.find(filename)
        if asset is None:
            abort(404)
        return _answer(asset, "immutable" if is_present else "changing")

    @app.url_defaults
    def _with_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = assets.address(values["filename"])

    @app.after_request
    def _same_for_everybody(response: Response) -> Response:
        if request.endpoint == "static":
            session.accessed = False  # else Flask lets the answer vary with the cookie, and it would not be kept
        return response

    app.view_functions["static"] = send
    app.add_template_global(lambda theme: url_for("static", filename=SHEETS[theme]), "style_sheet")
    _name_icons(app, assets)
    if app.debug:
        app.before_request(lambda: _refresh(app, assets))


def _refresh(app: Flask, assets: Assets) -> None:
    assets.read_again_if_changed()
    _name_icons(app, assets)


def _name_icons(app: Flask, assets: Assets) -> None:
    """A page has hundreds of icons: their address is no call but a name."""
    app.jinja_env.globals["icon_sprite"] = f"{app.static_url_path}/{assets.address(ICONS)}"


def _answer(asset: Asset, keeping: str) -> Response:
    is_text = asset.kind in compression.TEXTS | compression.DATA
    coding = compression.coding_for_browser() if is_text else None
    response = Response(compression.pack_once(asset.body, coding) if coding else asset.body, mimetype=asset.kind)
    if is_text:
        compression.mark(response, coding)
    response.headers["Cache-Control"] = A_YEAR if keeping == "immutable" else "no-cache"
    response.set_etag(f"{asset.digest}-{coding or 'plain'}")
    return response.make_conditional(request)  # type: ignore[return-value]


def _asset(name: str, body: bytes) -> Asset:
    kind = KINDS.get(posixpath.splitext(name)[1], "application/octet-stream")
    return Asset(body, kind, hashlib.blake2b(body, digest_size=12).hexdigest())


# ------------------------------------------------------------------------------------------------ one style sheet


def _join_sheets(bodies: dict[str, bytes]) -> dict[str, bytes]:
    """Many source files, one request. Comments and spaces stay: packed they weigh next to nothing."""
    first = [name for name in FIRST_SHEETS if name in bodies]
    rest = sorted(name for name in bodies if re.fullmatch(r"css/[^/]+\.css", name) and name not in first)
    joined = "\n".join(_moved(bodies[name].decode(), posixpath.dirname(name)) for name in first + rest)
    return {name: _in_theme(joined, theme).encode() for theme, name in SHEETS.items()}


def _moved(sheet: str, folder: str) -> str:
    """The sheet of a folder as it must read one level up, at the root of static/."""
    return RELATIVE_URL.sub(lambda url: f"url({url[1]}{posixpath.normpath(f'{folder}/{url[2]}')}{url[1]})", sheet)


def _in_theme(sheet: str, theme: str) -> str:
    """Every sheet asks the device whether it is dark; for who has chosen, the answer stands in the question's place.

    So dark colours are written once, wherever a sheet needs them, and need no second spelling for a choice.
    """
    if theme == "system":
        return sheet
    return sheet.replace(DARK, ALWAYS if theme == "dark" else NEVER)
