"""Eighteen months at the servicedesk: who wrote about what, what was answered, and how it ended."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import exp
from random import Random
from typing import Any

from servicedesk.demo.local import LocalTier
from servicedesk.demo.rhythm import HOUR, WORKDAY, Rhythm, clock_time
from servicedesk.demo.stories import Library, Story
from servicedesk.demo.tale import Tale
from servicedesk.demo.town import FACES, Group, Place, Someone, Thing, Town
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Level, LinkKind, Priority, Secrecy

#: How much people of each kind of unit write.
_WRITES = {"hall": 3.0, "it": 0.3, "school": 2.2, "dental": 2.0, "library": 2.0, "daycare": 1.5, "depot": 0.9}
_AT_ALL_HOURS = ("care", "home")
#: Minutes of office hours until somebody takes it.
_PICKED_UP = {Priority.CRITICAL: 6, Priority.HIGH: 25, Priority.MEDIUM: 70, Priority.LOW: 150}
#: Minutes of office hours until it is solved, and how many take so long.
_LENGTHS = ((55, 0.53), (2 * WORKDAY, 0.27), (10 * WORKDAY, 0.15), (44 * WORKDAY, 0.05))
#: With so many tickets, one is the first of a disturbance that many notice.
_OUTAGE_EVERY = 900
_URGENCY = {Level.LOW: Level.MEDIUM, Level.MEDIUM: Level.HIGH, Level.HIGH: Level.HIGH}
_CLOSES_AFTER = 10 * WORKDAY


class History:
    """Tells what became of the tickets that were filed at given instants."""

    def __init__(self, town: Town, rhythm: Rhythm, rng: Random, local: LocalTier) -> None:
        self.town, self.rhythm, self.rng, self.local = town, rhythm, rng, local
        self.library = Library(town, rhythm.now)
        self.talk = self.library.talk
        own = [one for one in town.people if one.place.customer_id == town.root.id and one.place.kind != "it"]
        self._odby = _Crowd(own)
        self._round_the_clock = _Crowd([one for one in own if one.place.kind in _AT_ALL_HOURS])
        self._nabo = _Crowd([one for one in town.people if one.place.customer_id != town.root.id])

    def tell(self, instants: Sequence[int], first_id: int) -> list[Tale]:
        """The ticket that was filed at the first of the instants, or several, if that was a disturbance."""
        if self.rng.random() < 1 / _OUTAGE_EVERY and self.rhythm.is_at_work(instants[0]):
            return self._outage(first_id, instants[: self.rng.randint(4, 9)])
        return [self._ordinary(first_id, instants[0])]

    # ------------------------------------------------------------------------------------------ one ticket

    def fresh(self, ticket_id: int, at: float) -> Tale:
        """One that nobody has looked at yet."""
        return self._filed(ticket_id, at)[0]

    def _ordinary(self, ticket_id: int, at: float) -> Tale:
        tale, story, system, facts = self._filed(ticket_id, at)
        self._course(tale, story, system, facts)
        return tale

    def _filed(self, ticket_id: int, at: float) -> tuple[Tale, Story, Thing | None, dict[str, Any]]:
        affected = self._somebody(at)
        story, system = self.library.pick(affected.place, at, self.rng)
        tale = Tale(ticket_id, at, self.rhythm, self.rng)
        facts = self.facts(affected, system, at)
        self.file(tale, story, affected, self._filer(affected), system, facts)
        return tale, story, system, facts

    def _somebody(self, at: float) -> Someone:
        if self.rng.random() < 0.004:
            return self._nabo.pick(self.rng)
        if not self.rhythm.is_at_work(at) and self.rng.random() < 0.7:
            return self._round_the_clock.pick(self.rng)
        return self._odby.pick(self.rng)

    def _filer(self, affected: Someone) -> Someone:
        """Who writes for people who have no mailbox, or who ring instead."""
        chance = self.rng.random()
        place, is_home = affected.place, affected.place.customer_id == self.town.root.id
        if place.superbrugere and chance < (0.06 if affected.has_mail else 0.55):
            return self.rng.choice(place.superbrugere)
        if is_home and chance > (0.95 if affected.has_mail else 0.8):
            return self.rng.choice([one for one in self.town.team("Servicedesk").members if one.id not in FACES])
        return affected

    def facts(self, affected: Someone, system: Thing | None, at: float) -> dict[str, Any]:
        pick, number = self.rng.choice, self.rng.randrange
        colleague = pick(affected.place.people)
        return {
            "system": system.name if system else "systemet",
            "unit": affected.place.name,
            "at": self.town.at(affected.place),
            "room": pick(self.talk["rooms"]),
            "since": pick(self.talk["since"]),
            "pc": f"OK-{number(10_000, 29_999)}",
            "printer": f"PR-{number(100, 480):04}",
            "number": number(3, 28),
            "colleague": "min kollega" if colleague is affected else colleague.name,
            "first": affected.first,
            "name": affected.name,
            "clock": clock_time(at + 2 * HOUR),
        }

    def file(
        self,
        tale: Tale,
        story: Story,
        affected: Someone,
        filer: Someone,
        system: Thing | None,
        facts: dict[str, Any],
    ) -> None:
        pick = self.rng.choice
        writer = {**facts, "first": filer.first, "name": filer.name}
        which = self.rng.randrange(len(story.subject))
        description = story.description[which * len(story.description) // len(story.subject)]
        text = "".join((pick(self.talk["hello"]), description, pick(self.talk["bye"])))
        told = {
            "kind": story.kind.value,
            "subject": story.subject[which].format(**facts),
            "description": text.format(**writer),
            **self.town.promised(affected.place.customer_id, system),
        }
        team = self.receiver(system, story.secrecy, affected.place)
        weight: dict[str, Any] = {"impact": self._impact(story), "urgency": story.urgency, "secrecy": story.secrecy}
        told |= self.local.beginning(affected, filer, system, told, weight, tale.at)
        tale.file(filer=filer, affected=affected, team=team, system=system, told=told, **weight)

    def _impact(self, story: Story) -> Level:
        chance = self.rng.random()
        if story.impact is Level.LOW:
            return Level.MEDIUM if chance < 0.14 else Level.LOW
        return Level.HIGH if chance < 0.03 else story.impact

    def receiver(self, system: Thing | None, secrecy: Secrecy, place: Place) -> Group:
        teams = [team for team in self.town.teams if team.customer_id == place.customer_id]
        if secrecy is not Secrecy.ORDINARY:
            return next(team for team in teams if team.duties.get("receives_confidential"))
        if system is not None and system.team_id is not None:
            return next(team for team in teams if team.id == system.team_id)
        return next(team for team in teams if team.duties.get("is_first_line"))

    # ------------------------------------------------------------------------------------------ what becomes of it

    def _course(self, tale: Tale, story: Story, system: Thing | None, facts: dict[str, Any]) -> None:
        chance = self.rng.random()
        if chance < 0.035:
            tale.rest(self._around(90))
            tale.cancel(tale.filer, self._say("cancel", facts))
            return
        if chance < 0.055 and tale.secrecy is Secrecy.ORDINARY:
            self._follow(tale)
        if tale.is_local and self.local.see_to(tale, system, self.rng.choice(story.solved), facts):
            return
        worker = self._begin(tale, facts)
        length = self._length(tale)
        is_long = length > 0.5 * WORKDAY
        if self.rng.random() < (0.75 if is_long else 0.4):
            tale.work(self._around(15))
            tale.answer(worker, self._say("answer", facts))
        if is_long:
            length -= self._converse(tale, story, worker, facts, length)
        tale.work(max(length, 4))
        self._end(tale, story, worker, facts)

    def _follow(self, tale: Tale) -> None:
        colleague = self.rng.choice(tale.affected.place.people)
        if colleague.has_mail and colleague.id not in (tale.filer.id, tale.affected.id):
            tale.rest(1)
            tale.follow(colleague, tale.filer)

    def _begin(self, tale: Tale, facts: dict[str, Any]) -> Someone:
        """Somebody takes it; the first line passes some of it on. Answers who works on it in the end."""
        priority = DEFAULT_MATRIX[tale.impact, tale.urgency]
        worker = self._member(tale.team)
        is_on_call = priority <= Priority.HIGH and tale.affected.place.kind in _AT_ALL_HOURS
        # What presses in care is seen to at night as well, by whoever has the duty telephone.
        (tale.rest if is_on_call else tale.work)(self._around(_PICKED_UP[priority]))
        tale.take(worker)
        if self.rng.random() < 0.05 and tale.urgency is not Level.HIGH:
            tale.rest(2)
            tale.raise_urgency(worker, _URGENCY[tale.urgency])
        if self._is_handed_over(tale):
            worker = self._hand_over(tale, worker, facts)
        elif self.rng.random() < 0.04 and len(tale.team.members) > 1:
            tale.work(self._around(30))
            before, worker = worker, self._member(tale.team, besides=worker)
            tale.assign(before, worker)
        return worker

    def _is_handed_over(self, tale: Tale) -> bool:
        return tale.team.name == "Servicedesk" and self.rng.random() < 0.3

    def _hand_over(self, tale: Tale, worker: Someone, facts: dict[str, Any]) -> Someone:
        tale.work(self._around(20))
        if self.rng.random() < 0.03:
            tale.note(worker, "Indeholder helbredsoplysninger. Gjort fortrolig.")
            tale.classify(worker, Secrecy.CONFIDENTIAL, self.town.team("Sikkerhed og persondata"))
        else:
            tale.note(worker, self._say("handover", facts))
            name = self.rng.choice(("Arbejdspladser", "Arbejdspladser", "Fagsystemer", "Netværk og drift"))
            tale.hand_over(worker, self.town.team(name))
        tale.work(self._around(60))
        worker = self._member(tale.team)
        tale.take(worker)
        return worker

    def _converse(self, tale: Tale, story: Story, worker: Someone, facts: dict[str, Any], length: float) -> float:
        """What is said meanwhile; answers how many minutes of the `length` that took."""
        spent, user = 0.0, tale.affected
        part = length / 5
        if story.notes and self.rng.random() < 0.4:
            spent += self._wait(tale, part)
            tale.note(worker, self.rng.choice(story.notes).format(**facts))
        elif self.rng.random() < 0.3:
            spent += self._wait(tale, part)
            tale.note(worker, self._say("note", facts))
        if story.asks and self.rng.random() < 0.55:
            question, reply = self.rng.choice(story.asks)
            spent += self._wait(tale, part)
            tale.ask(worker, f"Hej {user.first}. {question}".format(**facts))
            spent += self._wait(tale, 2 * part)
            tale.user_says(user, reply.format(**facts))
        if length > 4 * WORKDAY:
            spent += self._long_wait(tale, story, worker, facts, part)
        return spent

    def _long_wait(self, tale: Tale, story: Story, worker: Someone, facts: dict[str, Any], part: float) -> float:
        spent = self._wait(tale, part)
        if tale.affected.place.superbrugere and self.rng.random() < 0.2 and tale.secrecy is Secrecy.ORDINARY:
            self._superbruger_helps(tale, facts)
        elif self.rng.random() < 0.4:
            tale.user_says(tale.affected, self._say("nudge", facts))
            spent += self._wait(tale, part / 4)
            tale.answer(worker, self._say("progress", facts))
        if story.supplier or self.rng.random() < 0.25:
            anybody = self.rng.choice(self.talk["suppliers"])
            supplier = self.town.delivered_by.get(tale.system.name, anybody) if tale.system else anybody
            supplier_id = self.town.supplier_id(supplier, tale.affected.place.customer_id)
            tale.await_supplier(worker, supplier, self._say("supplier", facts), supplier_id)
            spent += self._wait(tale, part)
            tale.resume(worker)
        return spent

    def _superbruger_helps(self, tale: Tale, facts: dict[str, Any]) -> None:
        helper = self.rng.choice(tale.affected.place.superbrugere)
        if helper.id not in (tale.affected.id, tale.filer.id):
            tale.answer(helper, self._say("superbruger", facts))

    def _wait(self, tale: Tale, minutes: float) -> float:
        wanted = self._around(minutes, 0.4)
        tale.work(wanted)
        return wanted

    def _end(self, tale: Tale, story: Story, worker: Someone, facts: dict[str, Any]) -> None:
        solution, cause = self.rng.choice(story.solved)
        tale.solve(worker, solution.format(**facts), cause)
        if self.rng.random() < 0.045:
            tale.work(self._around(0.6 * WORKDAY))
            tale.reopen(tale.affected, self._say("reopen", facts))
            tale.work(self._around(120))
            tale.answer(worker, self._say("answer", facts))
            tale.work(self._around(1.5 * WORKDAY))
            tale.solve(worker, self._say("again", facts), cause)
        if self.rng.random() < 0.44:
            tale.work(self._around(150))
            tale.confirm(tale.affected)
        else:
            tale.work(_CLOSES_AFTER)
            tale.close()

    # ------------------------------------------------------------------------------------------ disturbances

    def _outage(self, first_id: int, instants: Sequence[int]) -> list[Tale]:
        """Several write about the same within the hour; some are merged, the rest is solved as one."""
        told = self.rng.choice(self.talk["outage"])
        system = self.town.system(told["system"])
        users = [one for one in self._odby.people if one.place.is_below(system.path)]
        start = instants[0]
        story = Story(
            subject=told["subject"],
            description=told["description"],
            solved=[(told["solution"], "fault")],
            impact=Level.HIGH,
            urgency=Level.HIGH,
        )
        tales = []
        for number, at in enumerate(instants):
            affected = self.rng.choice(users)
            tale = Tale(first_id + number, min(start + number * 240, at), self.rhythm, self.rng)
            facts = self.facts(affected, system, start)
            self.file(tale, story, affected, affected, system, facts)
            tales.append(tale)
        self._work_together(tales, story, self.facts(tales[0].affected, system, start))
        return tales

    def _work_together(self, tales: list[Tale], story: Story, facts: dict[str, Any]) -> None:
        first, *others = tales
        worker = self._member(first.team)
        begun = max(tale.at for tale in tales) + 300
        first.at = begun
        first.take(worker)
        first.answer(worker, "Vi kan se, at mange er ramt, og vi arbejder på det. Vi skriver her, når der er nyt.")
        for number, tale in enumerate(others):
            tale.at = first.at = begun + 120 * (number + 1)
            if number % 2:
                tale.merge_into(first, worker)
            else:
                tale.link(first, worker, LinkKind.CHILD, LinkKind.PARENT)
        solution, cause = story.solved[0]
        first.rest(self._around(70, 0.4))
        for tale in tales:
            if not tale.is_ended:
                tale.at = max(first.at, tale.at)
                tale.solve(worker, solution.format(**facts), cause)
        for tale in tales:
            if not tale.is_ended:
                tale.work(_CLOSES_AFTER)
                tale.close()

    # ------------------------------------------------------------------------------------------ chance

    def _member(self, team: Group, besides: Someone | None = None) -> Someone:
        able = [one for one in team.members if one is not besides and one.title != "servicedesk-leder"]
        return self.rng.choice(able or team.members)

    def _say(self, what: str, facts: dict[str, Any]) -> str:
        return str(self.rng.choice(self.talk[what])).format(**facts)

    def _around(self, minutes: float, spread: float = 0.8) -> float:
        return minutes * exp(self.rng.gauss(0, spread))

    def _length(self, tale: Tale) -> float:
        chance = self.rng.random()
        shares = list(accumulate(share for _, share in _LENGTHS))
        minutes = _LENGTHS[min(bisect_left(shares, chance), len(_LENGTHS) - 1)][0]
        hurry = {Priority.CRITICAL: 0.12, Priority.HIGH: 0.45}.get(DEFAULT_MATRIX[tale.impact, tale.urgency], 1.0)
        return self._around(minutes * hurry)


class _Crowd:
    """People, to be picked from by how much they write."""

    def __init__(self, people: list[Someone]) -> None:
        self.people = people
        writes = (_WRITES.get(one.place.kind, 0.8) * (1 if one.has_mail else 0.4) for one in people)
        self._weights = list(accumulate(writes))

    def pick(self, rng: Random) -> Someone:
        return rng.choices(self.people, cum_weights=self._weights)[0]
