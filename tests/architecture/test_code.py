"""What holds for every line: who commits, who asks for the time, what is not left lying about."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "servicedesk").rglob("*.py"))
MOST_LINES = 400

#: Who reads tickets without asking for whom: the queries themselves, and what works on all of them.
READ_ALL_TICKETS = (
    *("servicedesk/tickets/", "servicedesk/upkeep/", "servicedesk/transfer/", "servicedesk/demo/"),
    "servicedesk/privacy/rewriting.py",
)


def test_only_transaction_commits():
    assert _callers({"commit"}) == {"servicedesk/core/db.py"}


def test_only_the_clock_asks_the_machine_for_the_time():
    asked = {f"{name}.{what}" for name in ("datetime", "date") for what in ("now", "utcnow", "today")}
    assert _callers(asked | {"time.time"}) == {"servicedesk/core/clock.py"}


def test_nobody_takes_the_date_in_utc_for_today():
    wrong = re.compile(r"(now\(\)|now\(UTC\))\.date\(\)|date\.today\(\)")
    files = [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    assert [_name(file) for file in files if wrong.search(file.read_text(encoding="utf-8"))] == []


def test_tickets_are_read_for_somebody():
    naive = re.compile(r"select\(Ticket\)")
    readers = {_name(file) for file in SOURCES if naive.search(file.read_text(encoding="utf-8"))}
    assert [name for name in sorted(readers) if not name.startswith(READ_ALL_TICKETS)] == []


def test_no_file_is_longer_than_one_can_keep_in_mind():
    files = [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]
    long = {_name(file): lines for file in files if (lines := len(file.read_text().splitlines())) > MOST_LINES}
    assert long == {}


@pytest.mark.parametrize("left", ["TO" + "DO", "FIX" + "ME", "X" + "XX", "../" + "shared", "/work/" + "shared"])
def test_nothing_unfinished_and_nothing_from_elsewhere_is_left(left):
    assert [name for name, text in _texts() if left in text] == []


def test_what_is_executable_begins_with_who_runs_it():
    runnable = [file for file in _tracked() if file.is_file() and file.stat().st_mode & 0o111]
    assert [file for file in runnable if not file.read_bytes().startswith(b"#!")] == []


def _callers(names: set[str]) -> set[str]:
    return {_name(file) for file in SOURCES if names & _called(file)}


def _called(file: Path) -> set[str]:
    """Names of what is called in a file, both bare (`commit`) and with what stands before (`datetime.now`)."""
    called = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called |= {node.func.attr, ".".join(ast.unparse(node.func).split(".")[-2:])}
    return called


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _texts() -> list[tuple[str, str]]:
    ours = [file for file in _tracked() if "vendor" not in file.parts and file.is_file()]
    return [(_name(file), file.read_bytes().decode("utf-8", "replace")) for file in ours]
