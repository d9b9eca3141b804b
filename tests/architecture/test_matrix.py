"""Every route × method × role × id, made from the running application (A021, A002, A175).

What is expected follows from what a route declares; a new permission on a route has to be given its roles here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from servicedesk.core import access, clock
from servicedesk.core.access import PUBLIC
from servicedesk.organisation.models import Person, Unit
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import LinkKind
from tests.abuse.town import STRANGER, Town, business, contents, undone
from tests.architecture.belongings import agreed_as_superbruger, begun, done_to_many, guideline_of, named
from tests.architecture.doors import ADMINISTRATORS, EMPLOYEES, OPEN_TO
from tests.architecture.traces import is_change
from tests.browser import Browser

pytestmark = pytest.mark.thorough

#: The only doors for those who are not signed in.
PUBLIC_DOORS = {
    "/healthz GET",
    "/language POST",
    "/password/forgot GET",
    "/password/forgot POST",
    "/password/reset/<token> GET",
    "/password/reset/<token> POST",
    "/readyz GET",
    "/sign-in GET",
    "/sign-in POST",
    "/sign-out POST",
    "/static/<path:filename> GET",
    # Calendars cannot sign in: the secret in the address says whose it is.
    "/status/calendar/<token>.ics GET",
}
#: Routes with two ids where the first alone decides: whoever is named second, the answer is the same.
ONE_ID_DECIDES = {
    ("/admin/teams/<int:team_id>/members/<int:person_id>/removal", "person_id"),
    # What has left cannot be told from what another has: it is not on its way.
    ("/tickets/<int:ticket_id>/sending/<int:sending_id>/now", "sending_id"),
    ("/tickets/<int:ticket_id>/sending/<int:sending_id>/undo", "sending_id"),
}

#: Throwing away what is not there, or not one's own, is done already.
DONE_ALREADY = {"/admin/import/<int:draft_id>/discard"}

MISSING = (999_999, 2**63 - 1)
#: A number that no database takes for a key: such an address does not exist, for nobody.
BEYOND = 10**30
#: What an answer may be where the person is let in: done, or not done for a reason that he or she may know.
LET_IN = {200, 204, 302, 303, 403, 409, 422}


@dataclass(frozen=True)
class Call:
    method: str
    rule: Rule
    who_may: str
    values: dict[str, Any]
    #: "own", "forbidden", "missing" or "beyond".
    ids: str

    @property
    def name(self) -> str:
        return f"{self.rule.rule} {self.method}"


@pytest.fixture
def town(desk):
    return Town(desk)


def test_every_route_has_an_expected_class(app):
    """A021: nothing unlisted, and nothing public but the named doors."""
    declared = [(f"{rule} {method}", who) for method, rule, who in access.declared(app)]
    assert {who for _name, who in declared} <= {PUBLIC, *OPEN_TO}
    assert {name for name, who in declared if who == PUBLIC} == PUBLIC_DOORS


@pytest.mark.parametrize("role", [STRANGER, *sorted(EMPLOYEES)])
# What forms refuse by themselves they refuse before any database is asked.
@pytest.mark.parametrize("form", [pytest.param("empty", marks=pytest.mark.once), "filled"])
def test_each_role_gets_what_its_class_says_and_no_more(app, desk, town, browse, queries, role, form):
    """A021, A002: no way in outside the class; a thing that one may not see is like one that never was."""
    ids, browser, wrong = Ids(town, role), browse(), []
    person = town.roles[role]
    token = desk.sign_in(person) if person else ""
    told = named(ids.own) | (filled(town, role) if form == "filled" else {})
    answers: dict[tuple[str, str], set[int]] = {}
    for call in calls(app, ids):
        if call.method == "GET" and form == "empty":
            continue
        if token:
            browser.sign_in(token)
        with undone(app), queries() as asked:
            answer = ask(browser, app, call, told)
        answer.close()
        if not is_expected(call, role, answer.status_code, answer.location):
            wrong.append((call.name, call.ids, call.values, answer.status_code))
        if is_refusal(answer.status_code) and call.who_may != PUBLIC and any(map(is_change, asked)):
            wrong.append((call.name, "refused, and yet something was written", call.values, answer.status_code))
        if call.ids in ("forbidden", "missing"):
            answers.setdefault((call.name, call.ids), set()).add(answer.status_code)
    assert wrong == []
    for (name, ids_), statuses in answers.items():
        assert statuses == answers.get((name, "missing"), statuses), (name, ids_)


@pytest.mark.once  # every page is asked for on every database by the test above
@pytest.mark.parametrize("role", [STRANGER, *sorted(EMPLOYEES)])
def test_looking_changes_nothing(app, town, browse, role):
    """A175: GET and HEAD, twice, as each role; only what looking leaves by intention is left."""
    ids, browser = Ids(town, role), browse(town.roles[role])
    looks = [call for call in calls(app, ids) if call.method == "GET"]
    everything, before = set(contents(app)), business(app)
    for method in ("GET", "HEAD", "GET", "HEAD"):
        for call in looks:
            browser.open(address(app, call), method=method).close()
    after = business(app)
    assert everything > set(before)
    assert {name for name in before if before[name] != after[name]} == set()


def test_who_looked_at_a_secret_ticket_is_all_that_looking_tells_the_log(app, desk, town, browse):
    """A175: the one documented mark besides the time of use."""
    before = contents(app)
    with_lookup = browse(town.s3).get(f"/tickets/{town.secret}")
    before_again = contents(app)
    assert with_lookup.status_code == 200
    new = set(before_again["audit_line"]) - set(before["audit_line"])
    assert len(new) == 1 and "ticket_looked_up" in new.pop()


# ------------------------------------------------------------------------------------------------ what is asked


class Ids:
    """The ids of one's own, of others' and of nothing, for each kind of id in an address."""

    def __init__(self, town: Town, role: str) -> None:
        with town.desk.app.app_context():
            by = town.desk.actor(town.s1)
            commands.link(town.t1, other_id=town.t2, kind=LinkKind.RELATED, by=by, now=clock.now())
        is_foreign = role == "foreign administrator"
        self._person = town.roles[role] or town.r1
        home = self._home(town, is_own=not is_foreign)
        there = self._there(town, is_own=is_foreign)
        self.own, others = (there, home) if is_foreign else (home, there)
        self.forbidden: dict[str, list[Any]] = {name: [value] for name, value in others.items()}
        self.forbidden["ticket_id"] += [] if is_foreign else [town.secret]
        self.forbidden["ticket_id"] += [town.t2, town.t3] if role == "employee" else []
        self.forbidden["attachment_id"] += [town.attachment(town.t3)]
        self.own["absence_id"] = town.absence_of(town.roles[role] or town.r1)
        self.forbidden["absence_id"] = [town.absence_of(town.r1 if is_foreign else town.foreign_person)]
        self.own["view_id"] = town.view_of(town.roles[role] or town.r1)
        self.forbidden["view_id"] = [town.view_of(town.foreign_supporter)]
        if not is_foreign:  # nor is what a colleague of the same customer has
            for name, value in done_to_many(town, town.s3, town.t2).items():
                self.forbidden[name].append(value)
        self.forbidden["draft_id"] = [town.draft_of(town.foreign_adm if not is_foreign else town.adm, town.home)]

    def _home(self, town: Town, *, is_own: bool) -> dict[str, Any]:
        return {
            "ticket_id": town.t1,
            "attachment_id": town.attachment(town.t1),
            "person_id": town.r1.id,
            "unit_id": town.u11.id,
            "team_id": town.network.id,
            "system_id": town.system.id,
            "known_error_id": town.known_error(town.system),
            "disturbance_id": town.disturbance(town.system),
            "customer_id": town.home.id,
            "grant_id": town.grant_of(town.m1),
            "mail_id": town.dead_mail(town.r1),
            "draft_id": town.draft_of(town.adm, town.home),
            **begun(town, self._person if is_own else town.s3),
            **done_to_many(town, self._person if is_own else town.s3, town.t1),
            **town.agreed(town.home),
            **agreed_as_superbruger(town, self._person if is_own else town.s3, guideline_of(town, town.home.id)),
            **_WORDS,
        }

    def _there(self, town: Town, *, is_own: bool) -> dict[str, Any]:
        return {
            "ticket_id": town.foreign,
            "attachment_id": town.attachment(town.foreign),
            "person_id": town.foreign_person.id,
            "unit_id": town.there.id,
            "team_id": town.foreign_team.id,
            "system_id": town.foreign_system.id,
            "known_error_id": town.known_error(town.foreign_system),
            "disturbance_id": town.disturbance(town.foreign_system),
            "customer_id": town.other.id,
            "grant_id": town.grant_of(town.foreign_supporter),
            "mail_id": town.dead_mail(town.foreign_person),
            "draft_id": town.draft_of(town.foreign_adm, town.other),
            **begun(town, self._person if is_own else town.foreign_supporter),
            **done_to_many(town, self._person if is_own else town.foreign_supporter, town.foreign),
            **town.agreed(town.other),
            **agreed_as_superbruger(
                town, self._person if is_own else town.foreign_supporter, guideline_of(town, town.other.id)
            ),
            **_WORDS,
        }


_WORDS = {"action": "take", "place": "file", "token": "nothing", "filename": "nothing.css"}


def calls(app: Flask, ids: Ids) -> Iterator[Call]:
    """Each route with own ids, and with each id in turn forbidden or missing."""
    for method, address_, who_may in access.declared(app):
        rule = next(r for r in app.url_map.iter_rules() if r.rule == address_ and method in (r.methods or ()))
        own = {name: ids.own[name] for name in rule.arguments}
        yield Call(method, rule, who_may, own, "own")
        for name in sorted(rule.arguments & ids.forbidden.keys() - _WORDS.keys()):
            for kind, values in (("forbidden", ids.forbidden[name]), ("missing", MISSING), ("beyond", [BEYOND])):
                said = "own" if (address_, name) in ONE_ID_DECIDES and kind != "beyond" else kind
                for value in values:
                    yield Call(method, rule, who_may, own | {name: value}, said)


def address(app: Flask, call: Call) -> str:
    with app.test_request_context(base_url=app.extensions["settings"].base_url):
        built = call.rule.build(call.values)
    assert built is not None
    return built[1]


def ask(browser: Browser, app: Flask, call: Call, told: dict[str, dict[str, Any]]) -> Any:
    if call.method == "GET":
        return browser.get(address(app, call), query_string=told.get(call.rule.endpoint, {}))
    return browser.post(address(app, call), data=told.get(call.rule.endpoint, {}))


def filled(town: Town, role: str) -> dict[str, dict[str, Any]]:
    """What a person would send who may do it, so that nothing but the person's rights is in the way."""
    is_foreign = role == "foreign administrator"
    unit, customer = (town.there, town.other) if is_foreign else (town.u11, town.home)
    person: Person = town.foreign_person if is_foreign else town.r1
    ticket = {"body": "Hej", "solution": "Sådan", "cause": "fault", "supplier": "Firma", "reason": "Derfor"}
    about = {"subject": "Emne", "kind": "incident", "impact": "low", "urgency": "low"}
    told = {"name": "Navn", "initials": "nyini", "unit_id": unit.id, "parent_id": unit.id, "customer_id": customer.id}
    known = {"system_id": town.system.id, "title": "Kendt", "audience": "everybody"}
    levels = ("low", "medium", "high")
    cells = {f"{impact}_{urgency}": "2" for impact in levels for urgency in levels}
    return {
        "organisation.add_person": told,
        "organisation.change_person": told,
        "organisation.give_role": {"role": "manager", "scope": f"unit:{unit.id}", "starts_on": "2026-01-01"},
        "organisation.add_unit": told,
        "organisation.rename_unit": told,
        "organisation.move_unit": {"parent_id": customer.id},
        "organisation.add_team": told,
        "organisation.change_team": told,
        "organisation.add_member": {"person_id": person.id},
        "systems.add_system": told,
        "systems.change_system": told,
        "known_errors.add": known,
        "known_errors.change": known,
        "cockpit.make_known": {**known, "is_read": "1"},
        "status.declare": {"kind": "disturbance", "system": town.system.id, "message": "Nede", "expected": ""},
        "status.update": {"body": "Nyt", "expected": ""},
        "status.choose": {"systems": [(town.foreign_system if is_foreign else town.system).id]},
        "cockpit.solve_all": {**ticket, "form_id": "a" * 32},
        "matrix.set_priorities": cells,
        **_about_superbrugere(person, unit),
        **_about_agreements(town.agreed(customer)["hours_id"]),
        **_about_hours(told),
        "tickets.file_it": {**about, "description": "Tekst"},
        "tickets.say": ticket,
        "tickets.resolve": ticket,
        "tickets.reopen": ticket,
        "tickets.cancel": ticket,
        "tickets.wait_for_supplier": ticket,
        "tickets.merge": {"number": f"SD-{town.t2}"},
        "tickets.choose_merge": {"number": f"SD-{town.t2}"},
        "tickets.split": {**about, "description": "Tekst", "entry": "1"},
        "tickets.quote_for_split": {**about, "entry": "1"},
        "organisation.plan_own_absence": _days_away(),
        "organisation.plan_absence_of_other": {**_days_away(), "person_id": person.id},
        "organisation.change_settings": {"counts_minutes": "1"},
        "tickets.link": {"number": f"SD-{town.t2}", "link": "related"},
        "tickets.unlink": {"number": f"SD-{town.t2}", "link": "related"},
        "tickets.follow": {},
        "tickets.move": {"team": town.network.id},
        "tickets.assign": {"assignee": town.s1.id},
        "tickets.change": about,
        "tickets.classify": {"secrecy": "confidential"},
        "drafts.save": {"description": "Tekst"},
        "phrases.add": {"name": "Navn", "keyword": "navn", "body": "Tekst"},
        "phrases.change": {"name": "Navn", "keyword": "navn", "body": "Tekst"},
        "tickets.choose_seconds": {"seconds": "30"},
        "notifications.choose": {"digest_time": "08:00", "digest_days": ["0"]},
        "notifications.read": {"thread": f"ticket-{town.t1}"},
        "signin.save_profile": {"locale": "en"},
        "signin.language": {"locale": "en"},
        "signin.enter": {"name": "x", "password": "y"},
        "signin.ask_reset": {"name": "x"},
        "signin.reset": {"password": "fire glade køer", "again": "fire glade køer"},
    }


def _days_away() -> dict[str, str]:
    ahead = clock.now().date() + timedelta(days=300)
    return {"starts_on": ahead.isoformat(), "ends_on": ahead.isoformat()}


def _about_superbrugere(person: Person, unit: Unit) -> dict[str, dict[str, Any]]:
    terms = {"kind": "it", "units": unit.id, "starts_on": "2026-01-01", "hours": "2"}
    return {
        "superbrugere.add": {**terms, "person": person.name, "person_id": person.id},
        "superbrugere.change": terms,
        "superbrugere.publish": {"body": "Sådan", "incident": "solve", "request": "answer", "seen": "1"},
    }


def _about_hours(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    ahead = clock.now().date() + timedelta(days=30)
    week = {f"day_{day}": "8-16" for day in range(5)}
    return {
        "hours.add_hours": {**told, **week, "zone": "Europe/Copenhagen"},
        "hours.rename": told,
        "hours.change_week": {**week, "starts_on": ahead.isoformat()},
        "hours.set_day": {"on": ahead.isoformat(), "name": "Ferie", "times": ""},
        "hours.remove_day": {"on": f"{ahead.year + 1}-01-01"},
        "hours.propose_days": {"year": ahead.year + 2},
        "hours.decide_days": {"days": [f"{ahead.year}-12-24"], "do": "approve"},
    }


def _about_agreements(hours_id: int) -> dict[str, dict[str, Any]]:
    ahead = (clock.now() + timedelta(days=30)).date().isoformat()
    length = {"all_1_resolution": "4", "all_1_resolution_unit": "hours", "auto_close": "10"}
    terms = {"name": "En aftale", "starts_on": ahead, "calendar": hours_id, **length}
    return {
        "agreements.add": terms,
        "agreements.change": terms,
        "suppliers.add": {"name": "Firma"},
        "suppliers.change": {"name": "Firma", "is_active": "1"},
    }


# ------------------------------------------------------------------------------------------------ what is expected


def is_expected(call: Call, role: str, status: int, location: str | None) -> bool:
    if call.ids == "beyond":
        return status in (404, 405)
    if call.who_may == PUBLIC:
        return status in (200, 302, 303, 404, 410, 422)
    if role == STRANGER:
        return status == 401 if call.method == "POST" else status == 302 and "/sign-in" in str(location)
    if call.rule.rule in SAYS_NOTHING:
        return status == 204
    if role not in OPEN_TO[call.who_may]:
        return status == 404
    if call.ids != "own":
        return status == (303 if call.rule.rule in DONE_ALREADY else 404)
    if "ticket_id" in call.rule.arguments and role in ADMINISTRATORS:
        return status == 404  # who runs the organisation does not thereby read what people write
    return status in LET_IN


#: Notes of the page's own, answered alike whether there is such a thing or not.
SAYS_NOTHING = {"/recent/<int:ticket_id>"}


def is_refusal(status: int) -> bool:
    return status in (401, 403, 404)
