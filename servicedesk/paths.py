"""Where templates/, static/ and migrations/ lie."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """The folder beside the package in a checkout, inside it in a wheel.

    Inside first: beside an installed package lies `site-packages`, where another package may own the name.
    """
    for home in (PACKAGE, PACKAGE.parent):
        if (home / name).is_dir():
            return home / name
    raise FileNotFoundError(f"{name}/ is neither in nor beside {PACKAGE}")
