"""One ticket in the making: what happens to it, step by step, until today cuts the tale off."""

from random import Random
from typing import Any

from servicedesk.demo.rhythm import Rhythm, instant
from servicedesk.demo.town import Group, Someone
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import EntryKind, Visibility, number_of
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Cause, Level, LinkKind, Move, Secrecy, State, Tier, after

INTERNAL = Visibility.INTERNAL
#: What a filing says of the local tier, which is said again when a ticket comes back there.
_LOCAL = ("tier", "team_id", "assignee_id", "local", "guideline_id", "helper_ids")


class Tale(NewJournal):
    """Writes a journal in its order. What would happen after the present is left out, and so is all that follows.

    Between two things that happen, `work` and `rest` let time go by.
    """

    def __init__(self, ticket_id: int, at: float, rhythm: Rhythm, rng: Random) -> None:
        super().__init__(ticket_id)
        self.id, self.at, self.rng = ticket_id, at, rng
        self._rhythm = rhythm
        self.state = State.NEW
        self.is_cut = False
        self.assignee: Someone | None = None

    @property
    def is_ended(self) -> bool:
        return self.state in (State.CLOSED, State.CANCELLED)

    # ------------------------------------------------------------------------------------------ time

    def work(self, minutes: float) -> None:
        """So many minutes of office hours later."""
        self.at = self._rhythm.later(self.at, minutes)

    def rest(self, minutes: float) -> None:
        """So many minutes later by the wall clock."""
        self.at += minutes * 60

    # ------------------------------------------------------------------------------------------ what happens

    def file(
        self,
        *,
        filer: Someone,
        affected: Someone,
        team: Group,
        system: Any,
        told: dict[str, Any],
        impact: Level,
        urgency: Level,
        secrecy: Secrecy,
    ) -> None:
        self.filer, self.affected, self.team, self.urgency, self.impact = filer, affected, team, urgency, impact
        self.secrecy, self.system = secrecy, system
        data = {
            "customer_id": affected.place.customer_id,
            "unit_id": affected.place.id,
            "system_id": system.id if system else None,
            "secrecy": secrecy.value,
            "tier": Tier.SERVICEDESK.value,
            "impact": impact.value,
            "urgency": urgency.value,
            "priority": int(DEFAULT_MATRIX[impact, urgency]),
            "filer_id": filer.id,
            "affected_id": affected.id,
            "team_id": team.id,
            "form_id": f"{filer.id}:{self.rng.getrandbits(128):032x}",
            **told,
        }
        names = {filer.name, affected.name, affected.place.name, system.name if system else ""}
        self.names = sorted(names - {""})
        self.kind, self.local = data["kind"], {name: data[name] for name in _LOCAL if name in data}
        self.is_local = data["tier"] == Tier.LOCAL.value
        self._add(EntryKind.FILED, filer, data, state=State.NEW)

    def take(self, by: Someone) -> None:
        if self.assignee is by:
            return
        data = {"assignee_id": by.id, "team_id": None if self.is_local else self.team.id, "assignee": by.name}
        if self._add(EntryKind.TAKEN, by, data, move=Move.TAKE):
            self.assignee = by

    def assign(self, by: Someone, to: Someone) -> None:
        data = {"assignee_id": to.id, "team_id": self.team.id, "assignee": to.name}
        if self._add(EntryKind.ASSIGNED, by, data):
            self.assignee = to

    def hand_over(self, by: Someone, to: Group) -> None:
        if self._add(EntryKind.MOVED, by, {"assignee_id": None, "team_id": to.id, "team": to.name}):
            self.assignee, self.team = None, to

    def pass_on(self, by: Someone | None, told: dict[str, Any]) -> None:
        """From the superbruger to the team, by him or her or because the time is gone."""
        place = {"tier": Tier.SERVICEDESK.value, "team_id": self.team.id, "assignee_id": None}
        data = {**told, "guideline_id": self.local["guideline_id"], **place}
        if self._add(EntryKind.ESCALATED, by, data):
            self.assignee, self.is_local = None, False

    def hand_back(self, by: Someone, instruction: str) -> None:
        data = {**self.local, "from_team_id": self.team.id, "instruction": instruction}
        if self._add(EntryKind.HANDED_BACK, by, data, visibility=INTERNAL):
            self.assignee, self.is_local = None, True

    def appraise(self, by: Someone, lacking: list[str]) -> None:
        """Of the escalation that was the last entry."""
        self._add(EntryKind.APPRAISED, by, {"of": len(self.entries), "lacking": lacking}, visibility=INTERNAL)

    def answer(self, by: Someone, body: str) -> None:
        self._add(EntryKind.REPLIED, by, {"body": body, "is_answer": True}, move=Move.ANSWER)

    def user_says(self, by: Someone, body: str) -> None:
        self._add(EntryKind.REPLIED, by, {"body": body, "is_answer": False}, move=Move.USER_REPLY)

    def note(self, by: Someone, body: str) -> None:
        self._add(EntryKind.NOTED, by, {"body": body}, visibility=INTERNAL)

    def ask(self, by: Someone, body: str) -> None:
        self._add(EntryKind.WAITING, by, {"body": body}, move=Move.WAIT_FOR_USER)

    def await_supplier(self, by: Someone, supplier: str, body: str, supplier_id: int | None) -> None:
        told = {"supplier": supplier, "supplier_id": supplier_id}
        self._add(EntryKind.WAITING, by, told, move=Move.WAIT_FOR_SUPPLIER)
        self.note(by, body)

    def resume(self, by: Someone) -> None:
        self._add(EntryKind.RESUMED, by, {}, move=Move.RESUME)

    def raise_urgency(self, by: Someone, to: Level) -> None:
        before, wanted = (int(DEFAULT_MATRIX[self.impact, urgency]) for urgency in (self.urgency, to))
        changed: dict[str, Any] = {"urgency": [self.urgency.value, to.value], "priority": [before, wanted]}
        if before != wanted and self._add(EntryKind.CHANGED, by, changed):
            self.urgency = to

    def classify(self, by: Someone, secrecy: Secrecy, team: Group) -> None:
        data = {"secrecy": secrecy.value, "before": self.secrecy.value, "assignee_id": None, "team_id": team.id}
        if self._add(EntryKind.CLASSIFIED, by, data):
            self.assignee, self.team, self.secrecy = None, team, secrecy

    def solve(self, by: Someone, solution: str, cause: str) -> None:
        told = {"solution": solution, "cause": Cause(cause).value}
        self._add(EntryKind.RESOLVED, by, told, move=Move.RESOLVE)

    def confirm(self, by: Someone, words: str = "") -> None:
        self._add(EntryKind.CONFIRMED, by, {"body": words} if words else {}, move=Move.CONFIRM)

    def reopen(self, by: Someone, reason: str) -> None:
        self._add(EntryKind.REOPENED, by, {"reason": reason}, move=Move.REOPEN)

    def close(self) -> None:
        self._add(EntryKind.CLOSED, None, {}, move=Move.CLOSE)

    def cancel(self, by: Someone, reason: str) -> None:
        self._add(EntryKind.CANCELLED, by, {"reason": reason}, move=Move.CANCEL)

    def follow(self, who: Someone, by: Someone) -> None:
        self._add(EntryKind.FOLLOWED, by, {"person_id": who.id}, visibility=INTERNAL)

    def merge_into(self, other: "Tale", by: Someone) -> None:
        """Both tales must have come to the same instant, with none of them ended."""
        if self.is_cut or other.is_cut:
            return
        told = {"into": other.id, "number": number_of(other.id), "before": self.state.value}
        self._add(EntryKind.MERGED, by, told, move=Move.MERGE)
        other._add(EntryKind.ABSORBED, by, {"other_id": self.id}, visibility=INTERNAL)
        users = {person.id: person for person in (self.filer, self.affected)}
        for person_id in sorted(users.keys() - {other.filer.id, other.affected.id}):
            if not other.is_followed_by(person_id):
                other.follow(users[person_id], by)

    def link(self, other: "Tale", by: Someone, kind: LinkKind, mirrored: LinkKind) -> None:
        if self.is_cut or other.is_cut:
            return
        for here, there, how in ((self, other, kind), (other, self, mirrored)):
            told = {"other_id": there.id, "number": number_of(there.id), "link": how.value}
            here._add(EntryKind.LINKED, by, told, visibility=INTERNAL)

    def is_followed_by(self, person_id: int) -> bool:
        return any(one.kind is EntryKind.FOLLOWED and one.data["person_id"] == person_id for one in self.entries)

    def _add(
        self,
        kind: EntryKind,
        by: Someone | None,
        data: dict[str, Any],
        *,
        move: Move | None = None,
        state: State | None = None,
        visibility: Visibility = Visibility.PUBLIC,
    ) -> bool:
        if self.is_cut or self.at > self._rhythm.now:
            self.is_cut = True
            return False
        self.state = state or (after(self.state, move) if move else self.state)
        at, by_id = instant(self.at), by.id if by else None
        self.add(NewEntry(at=at, kind=kind, by_id=by_id, state=self.state, data=data, visibility=visibility))
        return True
