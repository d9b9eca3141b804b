"""Keys as browsers send them."""

import pytest

from servicedesk.core.keys import LARGEST_KEY, read_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("7", 7, id="a key"),
        pytest.param(str(LARGEST_KEY), LARGEST_KEY, id="the largest"),
        pytest.param(str(LARGEST_KEY + 1), None, id="one too large"),
        pytest.param("0", None, id="nought"),
        pytest.param("-1", None, id="below nought"),
        pytest.param("٧", None, id="a digit of another script"),
        pytest.param("9" * 5_000, None, id="more digits than Python reads"),
        pytest.param("0" * 20 + "9" * 400, None, id="hidden behind noughts"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_is_no_key_is_nothing(text, key):
    assert read_key(text) == key
