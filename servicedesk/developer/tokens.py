"""What the style sheets say of colours, sizes and icons, so that the page about them is never out of date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.paths import bundled

DECLARATION = re.compile(r"--([a-z0-9-]+):\s*([^;]+);?")
REFERENCE = re.compile(r"var\(--([a-z0-9-]+)\)")
NAMED = {"white": "#ffffff"}
#: What is written on what; each has to be read in light and in dark.
WRITTEN_ON = {
    "ink": "ground sunk raised accent-ground internal-ground solution-ground info-ground good-ground warn-ground "
    "bad-ground",
    "muted": "ground sunk raised accent-ground internal-ground",
    "accent": "ground sunk raised accent-ground",
    "on-accent": "accent bad",
    "good": "ground sunk solution-ground",
    "bad": "ground sunk bad-ground",
    "warn": "ground internal-ground",
}


@dataclass(frozen=True)
class Colour:
    """A token and its value in each theme."""

    name: str
    light: str
    dark: str


@dataclass(frozen=True)
class Pair:
    """Words in one colour on a ground of another, and how well they stand out: WCAG asks for 4.5."""

    words: str
    ground: str
    light: float
    dark: float


@dataclass(frozen=True)
class Size:
    """A measure that depends on how dense a page is."""

    name: str
    calm: str
    dense: str


def colours() -> list[Colour]:
    light, dark = _themes()
    ours = _block(_sheet("css/app.css"), r":root")
    found = ((name, _resolved(name, light), _resolved(name, dark)) for name in ours)
    return [Colour(name, *values) for name, *values in found if all(value.startswith("#") for value in values)]


def pairs() -> list[Pair]:
    values = {colour.name: colour for colour in colours()}
    return [
        Pair(
            words,
            ground,
            contrast(values[words].light, values[ground].light),
            contrast(values[words].dark, values[ground].dark),
        )
        for words, grounds in WRITTEN_ON.items()
        for ground in grounds.split()
    ]


def densities() -> list[Size]:
    sheet = _sheet("css/app.css")
    calm, dense = _block(sheet, r":root"), _block(sheet, r'\[data-density="dense"\]')
    return [Size(name, calm[name], value) for name, value in dense.items()]


def icons() -> list[str]:
    return sorted(re.findall(r'<symbol id="([^"]+)"', _sheet("vendor/dkfds/icons.svg")))


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2 defines, of two colours written as #rgb or #rrggbb."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _themes() -> tuple[dict[str, str], dict[str, str]]:
    ours = _sheet("css/app.css")
    light = _block(_sheet("vendor/dkfds/dkfds.css"), r":root") | _block(ours, r":root")
    dark_part = ours.partition("(prefers-color-scheme: dark)")[2]
    return light, light | _block(dark_part, r":root")


def _resolved(name: str, values: Mapping[str, str]) -> str:
    value = values[name]
    while reference := REFERENCE.fullmatch(value):
        value = values[reference[1]]
    return NAMED.get(value, value).lower()


def _block(sheet: str, selector: str) -> dict[str, str]:
    """The custom properties of the first rule with this selector."""
    rule = re.search(selector + r"\s*{([^}]*)}", sheet)
    assert rule is not None, selector
    without_comments = re.sub(r"/\*.*?\*/", "", rule[1], flags=re.DOTALL)
    return {name: value.strip() for name, value in DECLARATION.findall(without_comments)}


def _sheet(name: str) -> str:
    return (bundled("static") / name).read_text(encoding="utf-8")
