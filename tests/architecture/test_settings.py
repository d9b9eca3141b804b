"""Every setting is documented, with its default, and nothing is documented that is no setting."""

import dataclasses
import re
from pathlib import Path

from servicedesk.config import PREFIX, Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
#: Set by `servicedesk demo` for itself.
NOT_FOR_PEOPLE = {"is_demo"}


def test_the_page_tells_of_every_setting():
    told = set(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    fields = {field.name for field in dataclasses.fields(Settings)} - NOT_FOR_PEOPLE
    assert told == {name.upper() for name in fields}


def test_the_page_tells_the_defaults():
    rows = re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| ([^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name.lower(): default.strip(" `") for name, default in rows}
    for field in dataclasses.fields(Settings):
        if field.name in told and field.default not in ("", dataclasses.MISSING):
            assert told[field.name] == str(field.default), field.name
