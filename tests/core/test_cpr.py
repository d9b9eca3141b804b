"""What counts as a CPR number, and what does not (A207, A208). The numbers are invented: nobody is born in 2057 yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.cpr import MASK, hide

SPELLINGS = [
    "010157-5004",
    "0101575004",
    "010157 5004",
    "010157.5004",
    "01.01.57-5004",
    "01-01-57-5004",
    "01/01/57 5004",
    "01 01 57 50 04",
    "010157–5004",
    "010157\u00a05004",
    "010157\u200b-\u200b5004",
    "0 1 0 1 5 7 5 0 0 4",
    "０１０１５７-５００４",
    "CPR:0101575004",
    "cpr-nr. 010157 5004",
    "Astrid 010157-5004",
]
DECOYS = [
    "20 12 34 56",
    "+45 20 12 34 56",
    "0045 20123456",
    "5798009811578",
    "5798 0098 1157 8",
    "Serienummer 0101575004",
    "s/n: 0101575004",
    "SN0101575004",
    "SD-0101575004",
    "EAN 0101575004000",
    "ordre nr. 0101575004",
    "320157-5004",
    "011357-5004",
    "300257-5004",
    "0101575004123",
    "id 0101575004",
    "2026-03-02 08:15:00",
    "10.0.0.1 og 192.168.10.12",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_spelling_is_found(written):
    found = hide(f"Barnet {written}, tak.")
    assert found.numbers == ("010157-5004",)
    assert found.text.endswith(f"{MASK}, tak.") and "5004" not in found.text and "50 04" not in found.text
    assert hide(found.text) == (found.text, ())


@pytest.mark.parametrize(
    "number", ["010157-5000", "610157-5004", "290200-1234"], ids=["no modulus", "replaced", "leap"]
)
def test_no_sum_decides_and_replacement_numbers_count(number):
    assert hide(number).numbers == (number,)


@pytest.mark.parametrize("written", DECOYS)
def test_other_numbers_stay(written):
    assert hide(f"Se {written}.") == (f"Se {written}.", ())


def test_several_in_one_text():
    assert hide("010157-5004 og 0101575000.") == ("010157-•••• og 010157••••.", ("010157-5004", "010157-5000"))


@given(st.text())
def test_all_else_stays_as_it_was(text):
    kept, numbers = hide(text)
    assert numbers or kept == text


@given(st.text(alphabet="ab ,\n", max_size=20), st.text(alphabet="ab ,\n", max_size=20))
def test_whatever_words_stand_around(before, after):
    assert hide(f"{before} 010157-5004 {after}") == (f"{before} 010157-{MASK} {after}", ("010157-5004",))
