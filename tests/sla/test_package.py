"""The package itself: it stands alone, its examples hold, and the contract's example does too."""

import ast
import doctest
import subprocess
import sys
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest

import sla
from sla import Calendar, Clock, Event, OpenTime, Target, WorkingDays
from tests.sla.desks import local

SOURCES = sorted(Path(sla.__file__).parent.glob("*.py"))
MODULES = [f"sla.{file.stem}" for file in SOURCES if file.stem != "__init__"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = import_module(name)
    found = doctest.testmod(module, extraglobs={"datetime": module.__dict__.get("datetime")})
    assert found.failed == 0


def test_everything_public_has_an_example():
    told = [sla.Calendar, sla.Clock, sla.Event, sla.Target, sla.OpenTime, sla.WorkingDays, sla.Share, sla.Before]
    told += [each for name, each in vars(Calendar).items() if callable(each) and not name.startswith("_")]
    assert [each for each in told if ">>>" not in (each.__doc__ or "")] == []


def test_only_the_standard_library_is_imported():
    imported = {
        name.split(".")[0]
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    assert imported - {"sla"} <= sys.stdlib_module_names


def _names(node):
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_it_is_imported_where_nothing_is_installed():
    root = str(SOURCES[0].parents[1])
    asked = (
        f"import sys; sys.path.insert(0, {root!r}); import sla; "
        "print(sla.Calendar('UTC', {0: [('08:00', '16:00')]}).zone)"
    )
    command = [sys.executable, "-I", "-S", "-c", asked]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "UTC\n"


def test_it_asks_no_clock():
    asked = {"now", "utcnow", "today", "time", "monotonic", "localtime", "tzset"}
    calls = [
        node.func.attr
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not asked & set(calls)


def test_everything_public_is_named():
    assert sorted(sla.__all__) == sla.__all__
    assert all(hasattr(sla, name) for name in sla.__all__)
    errors = [name for name in sla.__all__ if name.endswith("Error")]
    assert all(issubclass(getattr(sla, name), sla.SlaError) for name in errors)


def test_the_example_of_the_contract():
    cal = Calendar(
        "Europe/Copenhagen",
        weekly={0: [("08:00", "16:00")], 4: [("08:00", "12:00"), ("12:30", "14:00")]},
        closed={date(2026, 12, 24)},
        special={date(2026, 6, 5): [("08:00", "12:00")]},
    )
    monday = local("2026-03-02 10:00")
    assert cal.add(monday, timedelta(hours=8)) == local("2026-03-06 10:00")
    assert cal.add_days(monday, 2) == local("2026-03-09 10:00")
    assert cal.add_days(monday, 2, end_of_day=True) == local("2026-03-09 16:00")
    target = Target(
        "resolution",
        OpenTime(timedelta(hours=8)),
        cal,
        pauses={"waiting_user"},
        stops={"resolved"},
        on_reopen="continue",
    )
    asked = [Event(monday, "new"), Event(local("2026-03-02 12:00"), "waiting_user")]
    state = Clock(target).fold(asked, local("2026-03-06 09:00"))
    assert (state.phase, state.elapsed, state.due_at) == ("paused", timedelta(hours=2), None)
    assert (state.breached_at, state.overrun) == (None, timedelta(0))
    assert [(each.counted, each.why) for each in state.segments] == [(True, "open"), (False, "paused")]
    assert Clock(Target("resolution", WorkingDays(2), cal)).fold(asked[:1], monday).due_at == local("2026-03-09 10:00")
