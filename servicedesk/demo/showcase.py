"""Tickets that are put there for the visitor, see texts/showcase.toml."""

from collections.abc import Iterator
from random import Random
from typing import Any

from servicedesk.demo import texts
from servicedesk.demo.history import History
from servicedesk.demo.rhythm import MINUTE
from servicedesk.demo.tale import Tale
from servicedesk.demo.town import FACES, Group, Someone, Town
from servicedesk.tickets.workflow import Kind, Level, Secrecy

#: How long ago, in minutes of office hours, a few tickets were filed that nobody has looked at yet.
FRESH = (8, 14, 22, 31, 52, 66, 83, 97, 120, 145, 170, 200)
#: And by the wall clock: those who work round the clock also write on a Sunday morning.
FRESH_AT_ANY_HOUR = (11, 47, 125)


class Showcase:
    """Tickets with a place in time: `pending` until the history has come so far."""

    def __init__(self, history: History, rng: Random) -> None:
        self._history, self._rng = history, rng
        told = [(float(one["ago"]), one) for one in texts.load("showcase")["ticket"]]
        rhythm = history.rhythm
        in_hours = ((rhythm.later(rhythm.now, -ago), one) for ago, one in [*told, *((ago, None) for ago in FRESH)])
        by_wall = ((rhythm.now - ago * MINUTE, None) for ago in FRESH_AT_ANY_HOUR)
        self._waiting: list[tuple[float, dict[str, Any] | None]] = sorted(
            [*in_hours, *by_wall], key=lambda pair: pair[0]
        )

    def __len__(self) -> int:
        return len(self._waiting)

    def until(self, at: float, next_id: int) -> Iterator[Tale]:
        """Those filed before `at`, numbered from `next_id`."""
        while self._waiting and self._waiting[0][0] <= at:
            filed_at, told = self._waiting.pop(0)
            yield self._tell(told, filed_at, next_id) if told else self._history.fresh(next_id, filed_at)
            next_id += 1

    def _tell(self, told: dict[str, Any], at: float, ticket_id: int) -> Tale:
        town, history = self._history.town, self._history
        filer = self._who(told["who"])
        affected = self._who(told["for"]) if "for" in told else filer
        system = town.system(told["about"]) if "about" in told else None
        secrecy = Secrecy(told.get("secrecy", "ordinary"))
        tale = Tale(ticket_id, at, history.rhythm, self._rng)
        tale.file(
            filer=filer,
            affected=affected,
            team=history.receiver(system, secrecy, affected.place),
            system=system,
            told={
                "kind": Kind(told.get("kind", "incident")).value,
                **{k: told[k] for k in ("subject", "description")},
                **town.promised(affected.place.customer_id, system),
            },
            impact=Level(told.get("impact", "low")),
            urgency=Level(told.get("urgency", "medium")),
            secrecy=secrecy,
        )
        worker = getattr(town.faces, told["worker"]) if "worker" in told else self._somebody_in(tale.team, filer)
        for minutes, what, *said in told["steps"]:
            tale.work(minutes)
            _step(tale, worker, what, said, town)
        return tale

    def _who(self, name: str) -> Someone:
        """A face, or somebody in the unit of that name whom no button stands for."""
        if hasattr(self._history.town.faces, name):
            face: Someone = getattr(self._history.town.faces, name)
            return face
        people = self._history.town.place(name).people
        return self._rng.choice([one for one in people if one.id not in FACES])

    def _somebody_in(self, team: Group, besides: Someone) -> Someone:
        able = [one for one in team.members if one is not besides and one.title != "servicedesk-leder"]
        return self._rng.choice(able)


def _step(tale: Tale, worker: Someone, what: str, said: list[str], town: Town) -> None:
    match what:
        case "take":
            tale.take(worker)
        case "ask":
            tale.ask(worker, *said)
        case "answer":
            tale.answer(worker, *said)
        case "note":
            tale.note(worker, *said)
        case "solve":
            tale.solve(worker, *said)
        case "supplier":
            supplier, words = said
            tale.await_supplier(worker, supplier, words, town.supplier_id(supplier, tale.affected.place.customer_id))
        case "user":
            tale.user_says(tale.affected, *said)
        case "confirm":
            tale.confirm(tale.affected)
        case "reopen":
            tale.reopen(tale.affected, *said)
        case _:
            raise ValueError(f"no such step: {what}")
