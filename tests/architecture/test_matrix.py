"""Every route × method × role × id, made from the running application (A021, A002, A175).

What is expected follows from what a route declares; a new permission on a route has to be given its roles here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from servicedesk.core import access, clock, pdf
from servicedesk.core.access import PUBLIC
from servicedesk.organisation.models import Team
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import LinkKind
from tests.abuse.town import STRANGER, Town, business, contents, undone
from tests.architecture.asked import asked
from tests.architecture.belongings import (
    agreed_as_superbruger,
    begun,
    done_to_many,
    guideline_of,
    helped_by,
    learns,
    meets,
    named,
    package_of,
)
from tests.architecture.competent import competent
from tests.architecture.doors import ADMINISTRATORS, EMPLOYEES, OPEN_TO
from tests.architecture.fillings import filled
from tests.architecture.traces import is_change
from tests.browser import Browser
from tests.privacy_made import guarded

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
    # By the link of a mail, whose secret says whose answer it is.
    "/rating/<token> GET",
    "/rating/<token> POST",
    "/rating/<token>/words POST",
    "/survey/<token> GET",
    "/survey/<token> POST",
    "/survey/<token>/keep POST",
    "/overview/reports/stop/<token> GET",
    "/overview/reports/stop/<token> POST",
    "/overview/reports/stop/<token>/resume POST",
    # Calendars cannot sign in: the secret in the address says whose it is.
    "/status/calendar/<token>.ics GET",
    "/superbrugere/networks/calendar/<token>.ics GET",
}
#: Routes with two ids where the first alone decides: whoever is named second, the answer is the same.
ONE_ID_DECIDES = {
    ("/admin/teams/<int:team_id>/members/<int:person_id>/removal", "person_id"),
    ("/superbrugere/networks/<int:network_id>/members/<int:person_id>/removal", "person_id"),
    # A survey that has been opened is not changed, whichever question is named.
    ("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>", "question_id"),
    ("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>/up", "question_id"),
    ("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>/removal", "question_id"),
    # What has left cannot be told from what another has: it is not on its way.
    ("/tickets/<int:ticket_id>/sending/<int:sending_id>/now", "sending_id"),
    ("/tickets/<int:ticket_id>/sending/<int:sending_id>/undo", "sending_id"),
}

#: Throwing away what is not there, or not one's own, is done already.
DONE_ALREADY = {
    "/admin/import/<int:draft_id>/discard",
    "/admin/systems/import/<int:register_draft_id>/discard",
    "/training/import/<int:training_draft_id>/discard",
}

#: Open to who was a superbruger a day ago, too, for what was done then; for everybody else it does not exist.
ONCE_OPEN_TO = {"/superbrugere/floor POST": {"superbruger"}}

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


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Who gets a PDF is the question here; drawing each takes as long as a hundred pages."""
    monkeypatch.setattr(pdf, "drawn", lambda _page: b"%PDF-")


def test_every_route_has_an_expected_class(app):
    """A021: nothing unlisted, and nothing public but the named doors."""
    declared = [(f"{rule} {method}", who) for method, rule, who in access.declared(app)]
    assert {who for _name, who in declared} <= {PUBLIC, *OPEN_TO}
    assert {name for name, who in declared if who == PUBLIC} == PUBLIC_DOORS


# What forms refuse by themselves they refuse whoever sends them, and before any database is asked.
@pytest.mark.parametrize(
    ("role", "form"),
    [
        *((role, "filled") for role in (STRANGER, *sorted(EMPLOYEES))),
        *(pytest.param(role, "empty", marks=pytest.mark.once) for role in ("employee", "supporter", "administrator")),
    ],
)
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
    # That nothing is written when somebody is refused, the test above sees.
    looks = [call for call in calls(app, ids) if call.method == "GET" and call.ids == "own"]
    everything, before = set(contents(app)), business(app)
    for method in ("GET", "HEAD", "GET", "HEAD"):
        for call in looks:
            browser.open(address(app, call), method=method).close()
    after = business(app)
    assert everything > set(before)
    assert {name for name in before if before[name] != after[name]} == set()


def test_who_looked_at_a_ticket_is_all_that_looking_writes_down(app, desk, town, browse):
    """A175: the one documented mark besides the time of use."""
    browser = browse(town.s3)
    before = contents(app)
    with_lookup = browser.get(f"/tickets/{town.secret}")
    after = contents(app)
    assert with_lookup.status_code == 200
    new = set(after["look_up"]) - set(before["look_up"])
    assert (len(new), after["audit_line"]) == (1, before["audit_line"])


# ------------------------------------------------------------------------------------------------ what is asked


class Ids:
    """The ids of one's own, of others' and of nothing, for each kind of id in an address."""

    def __init__(self, town: Town, role: str) -> None:
        with town.desk.app.app_context():
            by = town.desk.actor(town.s1)
            commands.link(town.t1, other_id=town.t2, kind=LinkKind.RELATED, by=by, now=clock.now())
        is_foreign = role == "foreign administrator"
        self._person = town.roles[role] or town.r1
        self._is_supporter = role == "supporter"
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
        self.own["subscription_id"] = town.report_of(town.roles[role] or town.r1)
        self.forbidden["subscription_id"] = [town.report_of(town.foreign_supporter)]
        self.own["trial_id"] = town.trial_of(town.roles[role] or town.r1)
        self.forbidden["trial_id"] = [town.trial_of(town.foreign_supporter)]
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
            "review_id": town.review(town.system, town.s1),
            "register_draft_id": town.register_draft_of(self._person if is_own else town.adm, town.home),
            "disturbance_id": town.disturbance(town.system),
            "customer_id": town.home.id,
            "grant_id": town.grant_of(town.m1),
            "mail_id": town.dead_mail(town.r1),
            "package_id": package_of(town.desk, town.r1),
            "draft_id": town.draft_of(town.adm, town.home),
            **begun(town, self._person if is_own else town.s3),
            **done_to_many(town, self._person if is_own else town.s3, town.t1),
            **town.agreed(town.home),
            **agreed_as_superbruger(town, self._person if is_own else town.s3, guideline_of(town, town.home.id)),
            **meets(town, self._person if is_own else town.s3),
            **competent(town, self._person if is_own else town.s3, town.u11, town.system),
            **guarded(town.desk, town.home),
            **learns(town.desk, town.home.id, self._person if is_own else town.s3, town.r1),
            "floor_help_id": helped_by(town, self._person if is_own and town.su1 is self._person else None, town.u11),
            **asked(town.desk, self._person if is_own else town.s3, town.home, town.u11, team=self._team(town)),
            **_WORDS,
        }

    def _team(self, town: Town) -> Team | None:
        """Supporters see to ratings of secret tickets of their own team."""
        return town.network if self._is_supporter else None

    def _there(self, town: Town, *, is_own: bool) -> dict[str, Any]:
        return {
            "ticket_id": town.foreign,
            "attachment_id": town.attachment(town.foreign),
            "person_id": town.foreign_person.id,
            "unit_id": town.there.id,
            "team_id": town.foreign_team.id,
            "system_id": town.foreign_system.id,
            "known_error_id": town.known_error(town.foreign_system),
            "review_id": town.review(town.foreign_system, town.foreign_supporter),
            "register_draft_id": town.register_draft_of(self._person if is_own else town.foreign_adm, town.other),
            "disturbance_id": town.disturbance(town.foreign_system),
            "customer_id": town.other.id,
            "grant_id": town.grant_of(town.foreign_supporter),
            "mail_id": town.dead_mail(town.foreign_person),
            "package_id": package_of(town.desk, town.foreign_person),
            "draft_id": town.draft_of(town.foreign_adm, town.other),
            **begun(town, self._person if is_own else town.foreign_supporter),
            **done_to_many(town, self._person if is_own else town.foreign_supporter, town.foreign),
            **town.agreed(town.other),
            **agreed_as_superbruger(
                town, self._person if is_own else town.foreign_supporter, guideline_of(town, town.other.id)
            ),
            **meets(town, self._person if is_own else town.foreign_supporter),
            **competent(town, self._person if is_own else town.foreign_supporter, town.there, town.foreign_system),
            **guarded(town.desk, town.other),
            **learns(town.desk, town.other.id, self._person if is_own else town.foreign_supporter, town.foreign_person),
            "floor_help_id": helped_by(town, None, town.there),
            **asked(town.desk, self._person if is_own else town.foreign_supporter, town.other, town.there),
            **_WORDS,
        }


_WORDS = {"action": "take", "place": "file", "token": "nothing", "filename": "nothing.css", "ending": "csv"}


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
    if role not in ONCE_OPEN_TO.get(call.name, OPEN_TO[call.who_may]):
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
