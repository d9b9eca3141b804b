"""Who may do what, as a whole: a change of it is a change of tests/architecture/policy.txt, made by `make policy`."""

import os
from difflib import unified_diff
from pathlib import Path

from servicedesk.core import access
from servicedesk.core.permissions import described

EXPECTED = Path(__file__).with_name("policy.txt")


def test_the_permissions_are_the_expected_ones(app):
    routes = sorted((rule, method, who) for method, rule, who in access.declared(app))
    lines = ["PERMISSIONS", *(f"{name}: {ways}" for name, ways in described())]
    lines += ["", "ROUTES", *(f"{rule} {method}: {who}" for rule, method, who in routes)]
    present = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_POLICY"):
        EXPECTED.write_text(present, encoding="utf-8")
    expected = EXPECTED.read_text(encoding="utf-8")
    changes = "\n".join(
        unified_diff(expected.splitlines(), present.splitlines(), "expected", "present", n=0, lineterm="")
    )
    assert not changes, f"if this is meant: make policy\n{changes}"
