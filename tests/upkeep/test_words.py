"""What the audit log records has words, wherever it is recorded."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

import servicedesk
from servicedesk.upkeep.words import ACTIONS

#: In the logs of those who had the versions before; look-ups have a table of their own now.
EARLIER = {"file_taken_home", "ticket_looked_up"}
_RECORDERS = {"record", "_record", "_record_member", "record_unit", "record_person"}


@cache
def recorded() -> frozenset[str]:
    """Every action in the source; what is put in at run time is a `*`."""
    files = Path(servicedesk.__file__).parent.rglob("*.py")
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    told = [call.args[0] for call in calls if call.args and _name(call.func) in _RECORDERS]
    return frozenset(action for one in told for action in _texts(one))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(action: ast.expr) -> Iterator[str]:
    match action:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)


@pytest.mark.parametrize("action", sorted(recorded()))
def test_an_action_has_words(action):
    assert any(fnmatchcase(known, action) for known in ACTIONS)


def test_words_are_for_actions_that_are_recorded():
    known = set(ACTIONS) - EARLIER
    assert {one for one in known if not any(fnmatchcase(one, action) for action in recorded())} == set()
