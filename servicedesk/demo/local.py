"""What superbrugere do with the tickets that come to them first."""

from random import Random
from typing import Any

from servicedesk.core.words import query_terms, tokens
from servicedesk.demo.rhythm import HOUR, instant
from servicedesk.demo.superbrugere import Corps
from servicedesk.demo.tale import Tale
from servicedesk.demo.town import Someone, Thing
from servicedesk.superbrugere.rules import Fact, Leeway
from servicedesk.tickets.workflow import Level, Secrecy, Tier

#: Of a hundred: solved there, passed on with what was tried, left until the time is gone; the rest is answered first.
SOLVED, PASSED_ON, TIMED_OUT = 58, 84, 94
_TRIED = (
    "Genstartet og prøvet med en anden bruger. Det er det samme.",
    "Prøvet på en anden pc, hvor det virker. Kablet sidder, som det skal.",
    "Vi har fulgt vejledningen og er nået til trin 3. Så kommer fejlen igen.",
)
#: Most say nothing but that it works.
_THANKS = (
    "",
    "",
    "",
    "",
    "",
    "Tusind tak for hjælpen!",
    "Det virker igen, tak.",
    "Dejligt, at du kom så hurtigt forbi.",
)
_ASKED = (
    "Se, om kablet sidder i begge ender, og om lampen lyser grønt.",
    "Prøv maskinen på et andet stik, og skriv, hvad der sker.",
)


class LocalTier:
    """Tells what a superbruger makes of a ticket; with dice of its own, so that the other tickets stay as they were."""

    def __init__(self, corps: Corps, rng: Random) -> None:
        self._corps, self._rng = corps, rng

    def beginning(
        self,
        affected: Someone,
        filer: Someone,
        system: Thing | None,
        told: dict[str, Any],
        weight: dict[str, Any],
        at: float,
    ) -> dict[str, Any]:
        """What the filing says when the ticket goes to a superbruger; nothing when it does not."""
        helpers = [one for one in affected.place.superbrugere if one.id not in (affected.id, filer.id)]
        is_ordinary = weight["secrecy"] is Secrecy.ORDINARY and Level.HIGH not in (weight["urgency"], weight["impact"])
        if not helpers or not is_ordinary or instant(at) < self._corps.since or affected.place.customer_id != 1:
            return {}
        guided = self._corps.guided(system)
        if guided.terms.local is None or not guided.terms.leeway(told["kind"]).includes(Leeway.ANSWER):
            return {}
        said = tokens(told["subject"])
        if any(word.startswith(term) for one in guided.terms.words for term in query_terms(one) for word in said):
            return {}
        return {
            "tier": Tier.LOCAL.value,
            "team_id": None,
            "assignee_id": None,
            "local": guided.terms.local,
            "guideline_id": guided.version_id,
            "helper_ids": [one.id for one in helpers],
        }

    def see_to(self, tale: Tale, system: Thing | None, solution: tuple[str, str], facts: dict[str, Any]) -> bool:
        """Whether it was solved there; else it is at the servicedesk now, or the present has cut the tale off."""
        helpers = [one for one in tale.affected.place.superbrugere if one.id not in (tale.affected.id, tale.filer.id)]
        helper, terms = self._rng.choice(helpers), self._corps.guided(system).terms
        chance = self._rng.randrange(100)
        may_solve = terms.leeway(tale.kind) is Leeway.SOLVE
        if chance < SOLVED and may_solve:
            self._solve(tale, helper, solution, facts)
            return True
        if chance >= PASSED_ON and chance < TIMED_OUT:
            tale.work(int((terms.local or "4").split()[0]) * HOUR / 60)
            tale.pass_on(None, {"why": "time"})
            return False
        tale.work(self._rng.uniform(5, 60))
        tale.take(helper)
        if chance >= TIMED_OUT:
            tale.answer(helper, "Jeg kigger forbi efter frokost.")
            tale.work(self._rng.uniform(20, 60))
        self._pass_on(tale, helper, terms.facts)
        return chance % 7 == 0 and may_solve and self._ask_again(tale, helper, solution, facts)

    def _solve(self, tale: Tale, helper: Someone, solution: tuple[str, str], facts: dict[str, Any]) -> None:
        tale.work(self._rng.uniform(5, 70))
        tale.take(helper)
        tale.work(self._rng.uniform(5, 80))
        tale.solve(helper, solution[0].format(**facts), solution[1])
        tale.work(self._rng.uniform(20, 400))
        if self._rng.random() < 0.6:
            tale.confirm(tale.affected, self._rng.choice(_THANKS))
        else:
            tale.work(10 * 8 * 60)
            tale.close()

    def _pass_on(self, tale: Tale, helper: Someone, wanted: tuple[Fact, ...]) -> None:
        told: dict[str, Any] = {"why": "superbruger", "tried": self._rng.choice(_TRIED)}
        if Fact.AFFECTED in wanted:
            told["affected"] = self._rng.choice((1, 1, 1, 2, 3, 5, 12))
        tale.pass_on(helper, told)
        if self._rng.random() < 0.5:
            tale.work(self._rng.uniform(5, 40))
            lacking = [] if self._rng.random() < 0.7 else [self._rng.choice((Fact.TRIED, Fact.SCREENSHOT)).value]
            tale.appraise(self._rng.choice(tale.team.members), lacking)

    def _ask_again(self, tale: Tale, helper: Someone, solution: tuple[str, str], facts: dict[str, Any]) -> bool:
        """The servicedesk asks for a look at it out there, and that was it."""
        tale.work(self._rng.uniform(5, 30))
        tale.hand_back(self._rng.choice(tale.team.members), self._rng.choice(_ASKED))
        self._solve(tale, helper, solution, facts)
        return True
