"""Make static/vendor/ again from the locked packages: `python3 tools/vendor/vendor.py`.

1. `npm ci --ignore-scripts` beside this file (Node 20 or later; no package may run code while it is installed);
2. compile dkfds.scss against DKFDS's sources, with each of its colours as a custom property;
3. copy htmx, the font files and the pictures that the style sheet names, and gather our icons in one sprite;
4. write the licences and MANIFEST.json (file, package, version, licence, sha384).

The result is committed, so that nobody needs Node to run or to test the application.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
TARGET = HERE.parent.parent / "static" / "vendor"

FONTS = (
    "Regular-Latin1",
    "Regular-Latin2",
    "SemiBold-Latin1",
    "SemiBold-Latin2",
    "Italic-Latin1",
)
LATIN = {
    "Latin1": "U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,U+2018-201A,U+201C-201E,U+2020-2022,"
    "U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212",
    "Latin2": "U+0100-0130,U+0132-0151,U+0154-024F,U+0259,U+1E00-1EFF",
}


def main() -> None:
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "dkfds" / "icons").mkdir(parents=True)
    (TARGET / "dkfds" / "fonts").mkdir()
    (TARGET / "htmx").mkdir()
    copy_htmx()
    copy_fonts()
    write_style_sheet()
    write_sprite()
    write_manifest()


def copy_htmx() -> None:
    source = PACKAGES / "htmx.org"
    for name in ("htmx.min.js", "ext/hx-ptag.min.js"):
        text = (source / "dist" / name).read_text()
        without_map = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
        (TARGET / "htmx" / Path(name).name).write_text(without_map)
    shutil.copy(source / "LICENSE", TARGET / "htmx" / "LICENSE")


def copy_fonts() -> None:
    source = PACKAGES / "dkfds" / "dist" / "fonts" / "IBMPlexSans" / "split" / "woff2"
    for name in FONTS:
        shutil.copy(source / f"IBMPlexSans-{name}.woff2", TARGET / "dkfds" / "fonts")
    shutil.copy(source / "license.txt", TARGET / "dkfds" / "fonts" / "LICENSE.txt")


def write_style_sheet() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "stylesheets"
        shutil.copytree(PACKAGES / "dkfds" / "src" / "stylesheets", sources)
        colours = colours_as_properties(sources / "values" / "colors" / "_fds-colors.scss")
        shutil.copy(HERE / "dkfds.scss", sources / "chosen.scss")
        command = [
            "npx",
            "--no-install",
            "sass",
            "--style=compressed",
            "--no-source-map",
            "--no-charset",
            "--quiet",
        ]
        made = subprocess.run(
            [*command, str(sources / "chosen.scss")],
            cwd=HERE,
            check=True,
            capture_output=True,
        )
    css = made.stdout.decode().strip()
    named = {name: value for name, value in colours.items() if not name.startswith(("data-", "black-", "white-"))}
    root = ":root{" + ";".join(f"--fds-{name}:{value}" for name, value in named.items()) + "}"
    for picture in sorted(set(re.findall(r"icons/([a-z0-9-]+)\.svg", css))):
        shutil.copy(
            PACKAGES / "dkfds" / "src" / "img" / "svg-icons" / f"{picture}.svg",
            TARGET / "dkfds" / "icons",
        )
    (TARGET / "dkfds" / "dkfds.css").write_text(f"{font_faces()}{root}{css}\n")
    shutil.copy(PACKAGES / "dkfds" / "dist" / "LICENSE.md", TARGET / "dkfds" / "LICENSE.md")


def colours_as_properties(file: Path) -> dict[str, str]:
    """Turn `"gray-100": #F5F5F5` into `"gray-100": var(--fds-gray-100)` and answer with what they were."""
    colours: dict[str, str] = {}

    def property_of(match: re.Match[str]) -> str:
        name, value = match.group(1), match.group(2)
        if value == "transparent" or value.startswith("map."):
            return match.group(0)
        colours[name] = value
        return f'"{name}": var(--fds-{name})'

    file.write_text(re.sub(r'"([a-z0-9-]+)":\s*([^,\n]+)', property_of, file.read_text()))
    return colours


def font_faces() -> str:
    """The faces in two sets of letters; a page without Polish or Turkish names loads the first set only."""
    return "".join(font_face(*name.split("-")) for name in FONTS)


def font_face(face: str, letters: str) -> str:
    weight = "500 700" if face == "SemiBold" else "400"
    style = "italic" if face == "Italic" else "normal"
    return (
        f'@font-face{{font-family:"IBM Plex Sans";font-style:{style};font-weight:{weight};font-display:swap;'
        f'src:url("fonts/IBMPlexSans-{face}-{letters}.woff2")format("woff2");unicode-range:{LATIN[letters]}}}'
    )


def write_sprite() -> None:
    """One file with the icons of icons.json under our own names, for `<svg><use href="…/icons.svg#name">`."""
    symbols = []
    for name, picture in sorted(json.loads((HERE / "icons.json").read_text()).items()):
        drawing = (PACKAGES / "dkfds" / "src" / "img" / "svg-icons" / f"{picture}.svg").read_text()
        view, shapes = re.search(r'viewBox="([^"]+)"[^>]*>(.*)</svg>', drawing, re.DOTALL).groups()  # type: ignore[union-attr]
        symbols.append(f'<symbol id="{name}" viewBox="{view}">{re.sub(chr(10), "", shapes).strip()}</symbol>')
    shutil.copy(HERE / "APACHE-2.0.txt", TARGET / "dkfds" / "LICENSE-icons.txt")
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (TARGET / "dkfds" / "icons.svg").write_text(sprite)


def write_manifest() -> None:
    files = {}
    for file in sorted(TARGET.rglob("*")):
        if file.is_dir():
            continue
        folder = file.relative_to(TARGET).parts[0]
        package = {"htmx": "htmx.org", "dkfds": "dkfds"}[folder]
        files[file.relative_to(TARGET).as_posix()] = {
            "name": package,
            "version": json.loads((PACKAGES / package / "package.json").read_text())["version"],
            "licence": licence_of(file),
            "sha384": base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode(),
        }
    (TARGET / "MANIFEST.json").write_text(json.dumps(files, indent=2) + "\n")


def licence_of(file: Path) -> str:
    if "htmx" in file.parts:
        return "0BSD"
    return {".woff2": "OFL-1.1", ".svg": "Apache-2.0 AND MIT"}.get(file.suffix, "MIT")


if __name__ == "__main__":
    main()
