"""pyproject.toml and the locks agree, and the locks say nothing of the machine that made them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {"requirements.lock": ["pdf"], "requirements-test.lock": ["test"], "requirements-dev.lock": ["dev"]}

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def pins(name: str) -> dict[str, Version]:
    found = (PIN.match(line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


def wanted(extras: list[str]) -> list[Requirement]:
    """The project's own dependencies with those of `extras`, and of extras that these name."""
    listed = [Requirement(line) for line in PROJECT["dependencies"]]
    left = list(extras)
    while left:
        for line in PROJECT["optional-dependencies"][left.pop()]:
            requirement = Requirement(line)
            if requirement.name == PROJECT["name"]:
                left += requirement.extras
            else:
                listed.append(requirement)
    return listed


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_a_lock_holds_what_the_project_wants(lock, extras):
    pinned = pins(lock)
    wrong = [
        str(one) for one in wanted(extras) if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ]
    assert not wrong, "make lock"


@pytest.mark.parametrize("lock", ["requirements-test.lock", "requirements-dev.lock"])
def test_larger_locks_hold_the_smaller_one_unchanged(lock):
    assert pins("requirements.lock").items() <= pins(lock).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_line_an_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    unhashed = [block.split()[0] for block in re.split(r"\n(?=[a-z0-9])", text) if "--hash=sha256:" not in block]
    assert not unhashed
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|@ ", text)


@pytest.mark.parametrize("listed", [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()])
def test_dependencies_are_listed_in_order(listed):
    names = [Requirement(line).name for line in listed]
    assert names == sorted(names)
