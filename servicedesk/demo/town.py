"""Odby Kommune, which does not exist: its units, people, systems and teams, as rows; and its small neighbour."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from servicedesk.core.actor import Role
from servicedesk.demo import texts

MAIL = "odby.example"
#: The ids of those whom the sign-in page has a button for.
FACES = range(1, 8)
#: Of so many units one has no superbruger at the moment.
UNSERVED = 7
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
Row = dict[str, Any]


@dataclass
class Place:
    """A unit."""

    id: int
    name: str
    kind: str
    path: str
    customer_id: int
    parent_id: int | None
    size: int
    people: list["Someone"] = field(default_factory=list)
    superbrugere: list["Someone"] = field(default_factory=list)

    def is_below(self, path: str) -> bool:
        return self.path.startswith(path)


@dataclass
class Someone:
    """A person."""

    id: int
    name: str
    initials: str
    title: str
    place: Place
    has_mail: bool
    phone: str | None = None

    @property
    def first(self) -> str:
        return self.name.split(" ", 1)[0]


@dataclass
class Thing:
    """A system."""

    id: int
    name: str
    description: str
    #: Path of the subtree that uses it.
    path: str
    unit_id: int | None
    team_id: int | None
    customer_id: int
    owner: Someone | None = None
    is_professional: bool = False


@dataclass
class Group:
    """A team."""

    id: int
    name: str
    customer_id: int
    duties: dict[str, bool]
    members: list[Someone] = field(default_factory=list)


@dataclass(frozen=True)
class Faces:
    """Whom the buttons on the sign-in page sign in; the lowest id of each kind of user."""

    employee: Someone
    superbruger: Someone
    supporter: Someone
    manager: Someone
    system_owner: Someone
    servicedesk_manager: Someone
    administrator: Someone


class Town:
    """Everything about the town that does not change from day to day."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self._rng, self._now = rng, now
        self._words = texts.load("people")
        self._taken: set[tuple[int, str]] = set()
        self.places: list[Place] = []
        self.people: list[Someone] = []
        self.systems: list[Thing] = []
        self.teams: list[Group] = []
        self.grants: list[Row] = []
        #: Ids of suppliers by name, and of agreements' versions by customer and system; made by `promises`.
        self.suppliers: dict[str, int] = {}
        #: Suppliers by the names of systems; made by `register`.
        self.delivered_by: dict[str, str] = {}
        self.agreed: dict[tuple[int, int | None], int | None] = {}
        self.silent_until = now
        self._plant()
        self.faces = self._make_faces()
        self._staff_desk()
        for place in self.places:
            self._fill(place)
        officer = self.place("Byråds- og direktionssekretariatet").people[1]
        self.grant(officer, Role.DATA_PROTECTION_OFFICER, over=self.root)
        self._install_systems()
        self._make_neighbour()

    # ------------------------------------------------------------------------------------------ looking up

    def place(self, name: str) -> Place:
        return next(place for place in self.places if place.name == name)

    def system(self, name: str) -> Thing:
        return next(system for system in self.systems if system.name == name)

    def team(self, name: str, customer_id: int = 1) -> Group:
        return next(team for team in self.teams if team.name == name and team.customer_id == customer_id)

    def promised(self, customer_id: int, system: Thing | None) -> Row:
        """What a ticket's filing says about its clocks."""
        version = self.agreed.get((customer_id, system.id if system else None))
        return {"agreement_id": version, "silent_until": self.silent_until.isoformat()}

    def supplier_id(self, name: str, customer_id: int) -> int | None:
        return self.suppliers.get(name) if customer_id == self.root.id else None

    def at(self, place: Place) -> str:
        """Where somebody is: "på Bakkeskolen"."""
        return f"{self._words['at'][place.kind]} {place.name}"

    @property
    def root(self) -> Place:
        return self.places[0]

    # ------------------------------------------------------------------------------------------ making

    def _plant(self) -> None:
        above: list[Place] = []
        for indent, (name, kind, size) in texts.lines("units"):
            del above[indent // 2 :]
            above.append(self._add_place(name, kind, int(size), above[-1] if above else None))

    def _add_place(self, name: str, kind: str, size: int, parent: Place | None) -> Place:
        id_ = len(self.places) + 1
        path, customer_id = f"{parent.path if parent else '/'}{id_}/", parent.customer_id if parent else id_
        place = Place(id_, name, kind, path, customer_id, parent.id if parent else None, size)
        self.places.append(place)
        return place

    def add_person(self, place: Place, title: str, *, name: str = "", has_mail: bool = True) -> Someone:
        name = name or self._new_name()
        someone = Someone(len(self.people) + 1, name, self._new_initials(name, place), title, place, has_mail)
        if has_mail and self._rng.random() < 0.6:
            someone.phone = f"lokal {self._rng.randrange(4000, 8000)}"
        self.people.append(someone)
        place.people.append(someone)
        return someone

    def _new_name(self) -> str:
        pick, words = self._rng.choice, self._words
        first = pick(words["women"].split() if self._rng.random() < 0.72 else words["men"].split())
        middle = f" {pick(words['family'].split())}" if self._rng.random() < 0.25 else ""
        return f"{first}{middle} {pick(words['family'].split()[:-12] if middle else words['family'].split())}"

    def _new_initials(self, name: str, place: Place) -> str:
        first, *_, last = name.lower().split()
        wanted = short = f"{first[:2]}{last[:2]}".translate(_LETTERS)[:4]
        number = 1
        while (place.customer_id, wanted) in self._taken:
            number += 1
            wanted = f"{short}{number}"
        self._taken.add((place.customer_id, wanted))
        return wanted

    def grant(self, someone: Someone, role: Role, *, over: Place | None = None, system: Thing | None = None) -> None:
        row = {"person_id": someone.id, "role": role, "unit_id": over.id if over else None}
        starts_on = self._now.date() - timedelta(days=self._rng.randrange(560, 2200))
        self.grants.append({**row, "system_id": system.id if system else None, "starts_on": starts_on, "ends_on": None})

    def _make_faces(self) -> Faces:
        school, it, care = self.place("Bakkeskolen"), self.place("IT og Digitalisering"), self.place("Sundhed og Ældre")
        faces = Faces(
            employee=self.add_person(school, "lærer", name="Signe Lyngvig"),
            superbruger=self.add_person(school, "skolesekretær", name="Jonas Engholt"),
            supporter=self.add_person(it, "it-supporter", name="Nadia Brinkholt"),
            manager=self.add_person(school, "skoleleder", name="Karen Storkedal"),
            system_owner=self.add_person(care, "systemejer", name="Peter Vangsbo"),
            servicedesk_manager=self.add_person(it, "servicedesk-leder", name="Henrik Midtgaard"),
            administrator=self.add_person(it, "it-administrator", name="Lone Fuglevang"),
        )
        school.superbrugere.append(faces.superbruger)
        self.grant(faces.manager, Role.MANAGER, over=school)
        self.grant(faces.supporter, Role.SUPPORTER, over=self.root)
        self.grant(faces.servicedesk_manager, Role.SERVICEDESK_MANAGER, over=self.root)
        self.grant(faces.administrator, Role.ADMINISTRATOR, over=self.root)
        return faces

    def _staff_desk(self) -> None:
        for told in self._words["team"]:
            duties = {name: value for name, value in told.items() if name not in ("name", "members")}
            team = Group(len(self.teams) + 1, told["name"], 1, duties)
            self.teams.append(team)
            titles = list(told["members"])
            if duties.get("is_first_line"):
                team.members.append(self.faces.supporter)
                titles.pop(0)
            for title in titles:
                supporter = self.add_person(self.place("IT og Digitalisering"), title)
                self.grant(supporter, Role.SUPPORTER, over=self.root)
                team.members.append(supporter)
        self.team("Servicedesk").members.append(self.faces.servicedesk_manager)

    def _fill(self, place: Place) -> None:
        titles, share, mail = zip(*self._words["titles"][place.kind], strict=True)
        if place.id != 1 and self.faces.manager not in place.people:
            head = self.add_person(place, self._words["head"][place.kind])
            self.grant(head, Role.MANAGER, over=place)
        while len(place.people) < place.size:
            at = self._rng.choices(range(len(titles)), share)[0]
            self.add_person(place, titles[at], has_mail=self._rng.random() * 10 < mail[at])
        if place.kind != "it" and place.size > 8:
            self._appoint_superbrugere(place)

    def _appoint_superbrugere(self, place: Place) -> None:
        if place.id % UNSERVED == 0 and not place.superbrugere:
            return
        known = {self.faces.employee.id, *(row["person_id"] for row in self.grants)}
        willing = [someone for someone in place.people if someone.has_mail and someone.id not in known]
        wanted = 1 + place.size // 50 - len(place.superbrugere)
        for someone in self._rng.sample(willing, min(max(wanted, 0), len(willing))):
            place.superbrugere.append(someone)

    def _install_systems(self) -> None:
        for _, (name, used_in, team, owned_in, description) in texts.lines("systems"):
            place = self.place(used_in) if used_in else None
            group = self.team(team) if team else None
            unit_id, team_id = place.id if place else None, group.id if group else None
            path = place.path if place else self.root.path
            system = Thing(len(self.systems) + 1, name, description, path, unit_id, team_id, 1)
            system.is_professional = team == "Fagsystemer"
            system.owner = self._owner(self.place(owned_in))
            self.grant(system.owner, Role.SYSTEM_OWNER, system=system)
            self.systems.append(system)

    def _owner(self, place: Place) -> Someone:
        if self.faces.system_owner in place.people:
            return self.faces.system_owner
        if place.kind == "it":
            return next(someone for someone in place.people if someone.title == "it-chef")
        heads = [someone for someone in place.people if someone.title == self._words["head"][place.kind]]
        return self._rng.choice([*heads, *place.people[1:4]] if place.size > 6 else heads)

    def _make_neighbour(self) -> None:
        """A second organisation that buys its servicedesk here; one supporter works for both."""
        root = self._add_place("Nabo Kommune", "hall", 5, None)
        for name, kind, size in (("Nabo Skole", "school", 6), ("Nabo Plejecenter", "care", 4)):
            self._add_place(name, kind, size, root)
        for place in self.places[root.id - 1 :]:
            self._fill(place)
        joint = self.team("Netværk og drift").members[0]
        self.grant(joint, Role.SUPPORTER, over=root)
        closed = {"is_closed": True, "receives_confidential": True, "receives_security": True}
        for name, duties in (("Fælles servicedesk", {"is_first_line": True}), ("Fortrolige henvendelser", closed)):
            self.teams.append(Group(len(self.teams) + 1, name, root.id, duties, [joint]))
        for name in ("E-mail", "Pc-arbejdsplads", "ESDH"):
            twin = self.system(name)
            self.systems.append(Thing(len(self.systems) + 1, name, twin.description, root.path, None, None, root.id))

    # ------------------------------------------------------------------------------------------ as rows

    def unit_rows(self) -> list[Row]:
        names = ("id", "name", "path", "customer_id", "parent_id")
        return [{name: getattr(place, name) for name in names} for place in self.places]

    def person_rows(self) -> list[Row]:
        return [
            {
                "id": one.id,
                "customer_id": one.place.customer_id,
                "unit_id": one.place.id,
                "name": one.name,
                "initials": one.initials,
                "email": f"{one.initials}@{MAIL if one.place.customer_id == 1 else 'nabo.example'}"
                if one.has_mail
                else None,
                "phone": one.phone,
                "title": one.title,
                "external_id": f"medarbejder-{one.id:05}",
                "employed_since": self._employed_since(one),
            }
            for one in self.people
        ]

    def _employed_since(self, one: Someone) -> date:
        """Told by the number alone, so that nothing else in the town changes: one in thirty is new."""
        days = one.id * 7919 % 60 if one.id % 30 == 0 else 90 + one.id * 7919 % 7000
        return self._now.date() - timedelta(days=days)

    def team_rows(self) -> list[Row]:
        usual = dict.fromkeys(("is_closed", "is_first_line", "receives_confidential", "receives_security"), False)
        return [
            {"id": one.id, "customer_id": one.customer_id, "name": one.name, **usual, **one.duties}
            for one in self.teams
        ]

    def member_rows(self) -> list[Row]:
        since = self._now - timedelta(days=600)
        return [
            {"team_id": team.id, "person_id": member.id, "since": since}
            for team in self.teams
            for member in team.members
        ]

    def system_rows(self) -> list[Row]:
        names = ("id", "customer_id", "name", "description", "team_id")
        aliases = {name: others for _, (name, others) in texts.lines("aliases")}
        return [
            {
                **{name: getattr(one, name) for name in names},
                "aliases": aliases.get(one.name, ""),
                "owner_id": one.owner.id if one.owner else None,
            }
            for one in self.systems
        ]

    def system_unit_rows(self) -> list[Row]:
        return [{"system_id": one.id, "unit_id": one.unit_id} for one in self.systems if one.unit_id is not None]
