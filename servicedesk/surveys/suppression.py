"""Which figures may be told so that no small group can be reckoned from them; pure. See docs/adr, anonymity.

Groups form a tree: each group is made of what is its own and of the groups below it. A group whose figures are told
leaves a *rest*: what is its own together with all groups below it that are not told. The rests of the told groups are
disjoint, and every told figure is a sum of rests. So whatever can be reckoned from told figures by adding and taking
away is a sum of rests too; and when no rest is small, nothing small can be reckoned.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Key = Hashable
T = TypeVar("T")


@dataclass
class Group:
    """A group with what is its own: who was asked and who answered, as things that can be told apart."""

    key: Key
    parent: Key | None
    asked: set[Hashable] = field(default_factory=set)
    answered: set[Hashable] = field(default_factory=set)


def told(groups: Iterable[Group], least: int) -> set[Key]:
    """The groups whose figures may be told, so that every rest has either nobody in it or `least` who answered.

    A group whose parent is not among `groups` stands at the top. From the top down: of the groups below a told one
    those with enough answers are told, the smallest of which are taken back until the rest is large enough. Below a
    group that is not told nothing is.
    """
    tree = _Tree(groups)
    found: set[Key] = set()
    waiting = [top for top in tree.tops if tree.is_enough([top], least)]
    while waiting:
        key = waiting.pop()
        found.add(key)
        waiting += _told_below(key, tree, least)
    return found


def _told_below(key: Key, tree: "_Tree", least: int) -> list[Key]:
    below = sorted(tree.below(key), key=tree.size, reverse=True)
    chosen = [one for one in below if tree.is_enough([one], least)]
    while chosen and not tree.is_harmless(key, chosen, least):
        chosen.pop()
    return chosen


class _Tree:
    def __init__(self, groups: Iterable[Group]) -> None:
        self._own = {group.key: group for group in groups}
        self._below: dict[Key, list[Key]] = {}
        self.tops: list[Key] = []
        for group in self._own.values():
            if group.parent in self._own:
                self._below.setdefault(group.parent, []).append(group.key)
            else:
                self.tops.append(group.key)

    def below(self, key: Key) -> list[Key]:
        return self._below.get(key, [])

    def size(self, key: Key) -> int:
        return len(self._everybody([key])[1])

    def is_enough(self, keys: Collection[Key], least: int) -> bool:
        return len(self._everybody(keys)[1]) >= least

    def is_harmless(self, key: Key, told_below: Collection[Key], least: int) -> bool:
        """Whether the rest has nobody in it, asked or not, or enough who answered."""
        own = self._own[key]
        hidden = [one for one in self.below(key) if one not in told_below]
        asked, answered = self._everybody(hidden)
        asked, answered = asked | own.asked, answered | own.answered
        return not asked | answered or len(answered) >= least

    def _everybody(self, keys: Collection[Key]) -> tuple[set[Hashable], set[Hashable]]:
        """Who was asked and who answered, of these and all below them."""
        asked: set[Hashable] = set()
        answered: set[Hashable] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            asked |= self._own[key].asked
            answered |= self._own[key].answered
            waiting += self.below(key)
        return asked, answered


def spread(
    rows: Iterable[tuple[int, T]], parents: Mapping[int, int | None], chosen: Iterable[int]
) -> dict[int, list[T]]:
    """By chosen group, what lies in it or below it; each of `rows` says in which group it is."""
    found: dict[int, list[T]] = {key: [] for key in chosen}
    ways: dict[int, list[list[T]]] = {}
    for key, value in rows:
        if key not in ways:
            ways[key] = [found[one] for one in _upwards(key, parents) if one in found]
        for inside in ways[key]:
            inside.append(value)
    return found


def rolled_up(parents: Mapping[int, int | None], asked: Mapping[int, int], least: int) -> dict[int, int]:
    """By group, the one that its answers are written down for: the nearest in which `least` are asked, or its top.

    What was never written down for a small group cannot be found out about it.
    """
    totals = dict.fromkeys(parents, 0)
    for key, number in asked.items():
        for one in _upwards(key, parents):
            totals[one] += number
    return {key: _first_large(key, parents, totals, least) for key in parents}


def _first_large(key: int, parents: Mapping[int, int | None], totals: Mapping[int, int], least: int) -> int:
    top = key
    for top in _upwards(key, parents):
        if totals[top] >= least:
            return top
    return top


def _upwards(key: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    at: int | None = key
    while at is not None and at in parents:
        yield at
        at = parents[at]
