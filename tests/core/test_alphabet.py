"""Lists in the order in which a Danish reader looks for things."""

import itertools

import pytest

from servicedesk.core.alphabet import in_order, sort_key


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Anders", "Zenia", "Æble", "Øster", "Åse"], id="the last three letters"),
        pytest.param(["Abel", "Zar", "Østergaard", "Aagaard", "Åkjær"], id="aa is å"),
        pytest.param(["Søren Aa", "Søren Aaby", "Søren Åkjær"], id="aa at the end"),
        pytest.param(["Eva Dahl", "Eva-Lise", "Eva Ø", "Évelyn", "Ewald"], id="accents and hyphens"),
        pytest.param(["Lund", "Müller", "Mynster"], id="a German ü is y"),
        pytest.param(["Skole 2", "Skole 10", "Skole 010 B"], id="numbers by their size"),
        pytest.param(["abe", "Bo", "ceder"], id="great letters are no others"),
        pytest.param(["Nord", "Nord Øst", "Nordby"], id="a word ends before it goes on"),
    ],
)
def test_names_stand_where_one_looks_for_them(names):
    for mixed in itertools.islice(itertools.permutations(names), 40):
        assert in_order(mixed, str) == names


@pytest.mark.parametrize("name", ["", "   ", "…", "Иван", "王", "A" * 10_000, "9" * 500, "a\u030a"])
def test_any_name_has_a_place(name):
    assert in_order(["z", name], str)[-1] in ("z", name)


def test_a_ring_written_apart_is_a_ring():
    assert sort_key("A\u030ase") == sort_key("Åse")
