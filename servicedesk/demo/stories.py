"""Which story is told by whom: the texts, and what may be filled into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from servicedesk.demo import texts
from servicedesk.demo.rhythm import DAY, month_of
from servicedesk.demo.town import Place, Thing, Town
from servicedesk.tickets.workflow import Kind, Level, Secrecy


@dataclass(frozen=True, kw_only=True)
class Story:
    """Something that people write about, in several wordings, and what becomes of it."""

    subject: list[str]
    description: list[str]
    #: What was done, and why it was needed.
    solved: list[tuple[str, str]]
    asks: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    about: list[str] | str | None = None
    where: list[str] | None = None
    months: list[int] | None = None
    weight: float = 3
    kind: Kind = Kind.INCIDENT
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    secrecy: Secrecy = Secrecy.ORDINARY
    supplier: bool = False

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Story":
        enums: dict[str, Any] = {"kind": Kind, "impact": Level, "urgency": Level, "secrecy": Secrecy}
        read: dict[str, Any] = {name: enums[name](value) for name, value in told.items() if name in enums}
        return cls(**{**told, **read})

    def share(self, month: int) -> float:
        """How common it is in a month. Secret matters are rare at any time."""
        season = 1.0 if self.months is None else 2.5 if month in self.months else 0.35
        return self.weight * season * (1 if self.secrecy is Secrecy.ORDINARY else 0.3)


Choice = tuple[Story, Thing | None]

#: Was taken into use while the history goes on; everybody asks about it at first, month by month less.
NEW_SYSTEM = "To-trins-login"
_NEW_FOR, _WHILE_NEW = 200 * DAY, (12.0, 6.0, 3.0)


class Library:
    """All stories, and who could tell which."""

    def __init__(self, town: Town, now: float) -> None:
        self._town = town
        self.stories = [Story.read(told) for told in texts.load("stories")["story"]]
        self.talk: Mapping[str, Any] = texts.load("talk")
        self._new_since = now - _NEW_FOR
        self._choices = lru_cache(maxsize=None)(self._work_out_choices)

    def pick(self, place: Place, at: float, rng: Random) -> Choice:
        choices, weights = self._choices(place.id, month_of(at), self._novelty(at))
        return rng.choices(choices, cum_weights=weights)[0]

    def _novelty(self, at: float) -> float:
        """How much is asked about the new system at that time, beside what is asked once everybody knows it."""
        months = (at - self._new_since) // (30 * DAY)
        return 0.0 if months < 0 else _WHILE_NEW[int(months)] if months < len(_WHILE_NEW) else 1.0

    def _work_out_choices(self, place_id: int, month: int, novelty: float) -> tuple[list[Choice], list[float]]:
        place = self._town.places[place_id - 1]
        weighted = [
            (story, system, share)
            for story in self.stories
            if story.where is None or place.kind in story.where
            for system, told in self._shares(story, place, month)
            if (share := told * (novelty if system is not None and system.name == NEW_SYSTEM else 1.0))
        ]
        return [(story, system) for story, system, _ in weighted], list(accumulate(share for *_, share in weighted))

    def _shares(self, story: Story, place: Place, month: int) -> list[tuple[Thing | None, float]]:
        """The systems that the story can be about there, with their parts of its share."""
        share = story.share(month)
        if story.about is None:
            return [(None, share)]
        systems = [one for one in self._town.systems if place.is_below(one.path) and self._fits(story, one)]
        parts = [_nearness(one, place) for one in systems]
        return [(one, share * part / sum(parts)) for one, part in zip(systems, parts, strict=True)]

    def _fits(self, story: Story, system: Thing) -> bool:
        return system.is_professional if story.about == "any" else system.name in (story.about or ())


def _nearness(system: Thing, place: Place) -> float:
    """How much a unit has to do with a system: with its own and its neighbours' most, with a department's hardly."""
    if system.unit_id is None:
        return 1.0
    return 9.0 if system.unit_id in (place.id, place.parent_id) else 0.3
