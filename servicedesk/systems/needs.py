"""Which systems do not run without which: found along the links, without ever going in circles; pure."""

from collections.abc import Collection, Iterable, Mapping

#: A system, and those that it needs (or read the other way, those that need it).
Links = Mapping[int, Collection[int]]


def turned(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """From (system, needed) to those that need each."""
    found: dict[int, set[int]] = {}
    for system_id, needed_id in pairs:
        found.setdefault(needed_id, set()).add(system_id)
    return found


def reached(links: Links, starts: Iterable[int]) -> set[int]:
    """Everything that the links lead to, the starts left out unless they lead back to one."""
    found: set[int] = set()
    waiting = list(starts)
    while waiting:
        for one in links.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def way(links: Links, start: int, end: int) -> list[int]:
    """The shortest way from one to the other, both included; empty when there is none."""
    ways = [[start]]
    seen = {start}
    while ways:
        longer = []
        for one in ways:
            if one[-1] == end:
                return one
            for following in sorted(set(links.get(one[-1], ())) - seen):
                seen.add(following)
                longer.append([*one, following])
        ways = longer
    return []
