"""How much work a call is, counted: the same on every machine, however busy, where seconds are not."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def effort(call: Callable[[], Any]) -> int:
    """How many functions are called, Python's and C's, while `call` runs; what one of them does inside is not seen."""
    calls = 0

    def count(_frame: FrameType, event: str, _what: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(before)
    return calls
