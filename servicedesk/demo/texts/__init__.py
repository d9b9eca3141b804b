"""The words of the trial: TOML, and lists with a line for each thing."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def lines(name: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's indentation and its fields."""
    for line in (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield len(line) - len(line.lstrip()), [field.strip() for field in line.split("|")]
