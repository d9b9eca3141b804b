"""What somebody can find out who has a pencil and all that is told: exact linear algebra over fractions.

Every told figure is a sum over atoms (what is one unit's own). A group of atoms can be reckoned when its indicator is a
combination of the told sums' indicators. Small groups are looked for one by one.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

Atom = Hashable
Row = list[Fraction]


def leaks(told: Iterable[Iterable[Any]], sizes: Mapping[Any, int], least: int) -> list[frozenset[Atom]]:
    """Groups of atoms with 1 to `least` - 1 in them whose figures follow from the told ones."""
    atoms = sorted((atom for atom, size in sizes.items() if size), key=repr)
    basis = _reduced([_indicator(set(group), atoms) for group in told])
    return [group for group in _small(atoms, sizes, least) if _follows(_indicator(group, atoms), basis)]


def _indicator(group: Iterable[Atom], atoms: Sequence[Atom]) -> Row:
    inside = set(group)
    return [Fraction(atom in inside) for atom in atoms]


def _small(atoms: Sequence[Atom], sizes: Mapping[Any, int], least: int) -> Iterable[frozenset[Atom]]:
    """Every group with fewer than `least` in it: of as many atoms as that at most, since each has one at least."""
    for number in range(1, least):
        for group in combinations(atoms, number):
            if sum(sizes[atom] for atom in group) < least:
                yield frozenset(group)


def _reduced(rows: list[Row]) -> list[tuple[int, Row]]:
    """A basis of what the rows span, each with the place of its leading one."""
    basis: list[tuple[int, Row]] = []
    for row in rows:
        rest = _without(row, basis)
        lead = next((place for place, value in enumerate(rest) if value), None)
        if lead is not None:
            new = [value / rest[lead] for value in rest]
            basis = [(at, _less(one, new, one[lead])) for at, one in basis] + [(lead, new)]
    return basis


def _without(row: Row, basis: list[tuple[int, Row]]) -> Row:
    for lead, one in basis:
        row = _less(row, one, row[lead])
    return row


def _less(row: Row, other: Row, times: Fraction) -> Row:
    return [value - times * theirs for value, theirs in zip(row, other, strict=True)]


def _follows(row: Row, basis: list[tuple[int, Row]]) -> bool:
    return not any(_without(row, basis))
