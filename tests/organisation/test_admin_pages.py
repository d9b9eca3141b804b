"""The administration's pages: one who may, one who may not, a stranger."""

from datetime import date

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit

ADMINISTRATORS = [
    "/admin",
    "/admin/people",
    "/admin/people/new",
    "/admin/people/{person}",
    "/admin/units",
    "/admin/units/{unit}",
    "/admin/teams",
    "/admin/teams/{team}",
    "/admin/import",
    "/admin/systems",
    "/admin/systems/new",
    "/admin/systems/{system}",
    "/admin/priorities",
    "/admin/audit",
]


@pytest.fixture
def things(desk):
    """Ids of one of each, in the home customer."""
    return {
        "person": desk.person(name="Vibeke Ådal").id,
        "unit": desk.unit(name="Skolen ved åen").id,
        "team": desk.team(name="Netværk").id,
        "system": desk.system("Opus").id,
    }


@pytest.mark.parametrize("page", ADMINISTRATORS)
def test_each_page_is_for_administrators_alone(desk, browse, things, page):
    address = page.format(**things)

    assert browse(desk.person(Role.ADMINISTRATOR)).get(address).status_code == 200
    for role in (Role.SUPERBRUGER, Role.SUPPORTER, Role.MANAGER):
        assert browse(desk.person(role)).get(address).status_code == 404
    assert browse(desk.person()).get(address).status_code == 404
    assert browse().get(address).status_code in (302, 303, 401)


@pytest.mark.parametrize("page", [page for page in ADMINISTRATORS if "{" in page])
def test_an_administrator_of_another_customer_finds_nothing(desk, browse, things, page):
    stranger = desk.person(Role.ADMINISTRATOR, unit=desk.customer())

    assert browse(stranger).get(page.format(**things)).status_code == 404


@pytest.mark.parametrize("key", [0, 99_999, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize("page", [page for page in ADMINISTRATORS if "{" in page])
def test_what_was_never_made_is_not_found(desk, browse, page, key):
    address = page.format(person=key, unit=key, team=key, system=key)

    assert browse(desk.person(Role.ADMINISTRATOR)).get(address).status_code == 404


@pytest.mark.parametrize("page", [page for page in ADMINISTRATORS if "{" not in page])
def test_no_list_shows_what_belongs_to_another_customer(desk, browse, things, page):
    own = desk.person(Role.ADMINISTRATOR)
    other = desk.customer(name="KANARIE kommune")
    desk.unit(other, name="KANARIE enhed")
    desk.person(unit=other, name="KANARIE person")
    desk.team(customer=other, name="KANARIE team")
    desk.system("KANARIE system", customer=other)
    browse(desk.person(Role.ADMINISTRATOR, unit=other)).post(
        "/admin/units", data={"name": "KANARIE ny", "parent_id": other.id}
    )
    assert desk.count(Unit, name="KANARIE ny") == 1

    assert "KANARIE" not in browse(own).get(page).text


def test_an_administrator_of_a_part_sees_that_part(desk, browse):
    own, others = desk.unit(name="Min skole"), desk.unit(name="Deres skole")
    desk.person(unit=own, name="Min kollega")
    desk.person(unit=others, name="Deres kollega")
    browser = browse(desk.person(Role.ADMINISTRATOR, over=own))

    assert "Min kollega" in browser.get("/admin/people").text
    assert "Deres kollega" not in browser.get("/admin/people").text
    assert "Deres skole" not in browser.get("/admin/units").text
    for page in ("/admin/teams", "/admin/import", "/admin/audit", "/admin/priorities"):
        assert browser.get(page).status_code == 404


def test_a_person_is_added_and_changed_with_a_line_in_the_log(desk, browse):
    school = desk.unit(name="Skolen")
    browser = browse(desk.person(Role.ADMINISTRATOR))

    answer = browser.post(
        "/admin/people/new", data={"name": " Anne  Jensen ", "initials": "ANJE", "email": "", "unit_id": school.id}
    )
    assert answer.status_code == 303
    [made] = desk.all(Person, initials="anje")
    assert (made.name, made.email, made.unit_id) == ("Anne Jensen", None, school.id)

    changed = {"name": "Anne Holm", "initials": "anje", "email": "anje@testby.dk", "unit_id": desk.home.id}
    assert browser.post(f"/admin/people/{made.id}", data=changed).status_code == 303
    [line] = desk.all(AuditLine, action="person_changed")
    assert line.facts["changes"] == {
        "name": ["Anne Jensen", "Anne Holm"],
        "email": [None, "anje@testby.dk"],
        "unit": ["Skolen", "Testby Kommune"],
    }
    assert "Anne Jensen → Anne Holm" in browser.get("/admin/audit").text


def test_a_form_with_mistakes_keeps_what_was_typed(desk, browse):
    desk.person(initials="anje")
    browser = browse(desk.person(Role.ADMINISTRATOR))

    answer = browser.post(
        "/admin/people/new", data={"name": "Anders Jepsen", "initials": "anje", "unit_id": desk.home.id}
    )

    assert answer.status_code == 422
    assert "Anders Jepsen" in answer.text
    assert "Initialerne anje er allerede i brug." in answer.text


@pytest.mark.parametrize("unit_id", ["", "abc", "-1", "0", "9" * 40, "1e3", "\x00"])
def test_nonsense_for_a_unit_is_a_mistake_not_a_fault(desk, browse, unit_id):
    browser = browse(desk.person(Role.ADMINISTRATOR))

    told = {"name": "A", "initials": "a", "unit_id": unit_id}
    assert browser.post("/admin/people/new", data=told).status_code in (404, 422)


def test_nobody_is_put_into_another_customers_unit(desk, browse):
    other = desk.customer()
    browser = browse(desk.person(Role.ADMINISTRATOR))
    mine = desk.person(name="Min")
    told = {"name": "Min", "initials": mine.initials, "unit_id": other.id}

    assert browser.post("/admin/people/new", data={**told, "initials": "ny"}).status_code == 404
    assert browser.post(f"/admin/people/{mine.id}", data=told).status_code == 404
    everywhere = browse(desk.person(Role.ADMINISTRATOR, over="everything"))
    assert everywhere.post(f"/admin/people/{mine.id}", data=told).status_code == 404
    assert desk.get(Person, mine.id).customer_id == desk.home.id


def test_deactivating_shuts_a_person_out_at_once(desk, browse):
    leaving = desk.person()
    theirs = browse(leaving)
    assert theirs.get("/me").status_code == 200

    answer = browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/people/{leaving.id}/deactivation")

    assert answer.status_code == 303
    assert desk.get(Person, leaving.id).is_active is False
    assert theirs.get("/me").status_code != 200


def test_people_are_paged_by_key(desk, browse):
    for number in range(120):
        desk.person(name=f"Navn {number:03}")
    browser = browse(desk.person(Role.ADMINISTRATOR, name="Zacharias"))

    first = browser.get("/admin/people").text
    last_on_first = desk.all(Person, name="Navn 049")[0].id
    second = browser.get(f"/admin/people?after={last_on_first}").text
    back = browser.get(f"/admin/people?before={desk.all(Person, name='Navn 050')[0].id}").text

    assert "Navn 049" in first and "Navn 050" not in first
    assert "Navn 050" in second and "Navn 099" in second and "Navn 049" not in second
    assert "Navn 000" in back and "Navn 049" in back and "Navn 050" not in back
    for nonsense in ("x", "-1", "9" * 30, "0", "%00"):
        assert browser.get(f"/admin/people?after={nonsense}&unit={nonsense}&q={nonsense}").status_code == 200


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.SUPPORTER, "unit:{home}"), (Role.ADMINISTRATOR, "unit:{home}"), (Role.SUPERBRUGER, "all")],
)
def test_nobody_gives_himself_a_role(desk, browse, role, scope):
    """A026."""
    self = desk.person(Role.ADMINISTRATOR, over="everything")

    answer = browse(self).post(
        f"/admin/people/{self.id}/roles",
        data={"role": role.value, "scope": scope.format(home=desk.home.id), "starts_on": "2026-01-01"},
    )

    assert answer.status_code == 403
    assert desk.count(RoleGrant, person_id=self.id) == 1


def test_an_administrator_of_a_part_gives_roles_there_and_nowhere_else(desk, browse):
    """A026."""
    own, others = desk.unit(), desk.unit()
    system = desk.system()
    colleague, stranger = desk.person(unit=own), desk.person(unit=others)
    browser = browse(desk.person(Role.ADMINISTRATOR, over=own))

    def give(person, scope):
        told = {"role": "manager", "scope": scope, "starts_on": "2026-01-01"}
        return browser.post(f"/admin/people/{person.id}/roles", data=told).status_code

    assert give(colleague, f"unit:{own.id}") == 303
    for scope in (f"unit:{others.id}", f"unit:{desk.home.id}", f"system:{system.id}", "all"):
        assert give(colleague, scope) == 404
    assert give(stranger, f"unit:{own.id}") == 404
    for scope in ("", "unit:", "unit:x", "team:1", "unit:" + "9" * 40):
        assert give(colleague, scope) == 422
    assert [grant.unit_id for grant in desk.all(RoleGrant, person_id=colleague.id)] == [own.id]


def test_a_superbruger_cannot_widen_his_own_area(desk, browse):
    """A026."""
    area, far = desk.unit(), desk.unit()
    team = desk.team(is_closed=True)
    superbruger = desk.person(Role.SUPERBRUGER, over=area, unit=area)
    browser = browse(superbruger)
    told = {"role": "superbruger", "scope": f"unit:{far.id}", "starts_on": "2026-01-01"}

    assert browser.post(f"/admin/people/{superbruger.id}/roles", data=told).status_code == 404
    assert browser.post(f"/admin/units/{far.id}/parent", data={"parent_id": area.id}).status_code == 404
    assert browser.post(f"/admin/teams/{team.id}/members", data={"person_id": superbruger.id}).status_code == 404
    assert desk.count(RoleGrant, person_id=superbruger.id) == 1
    assert desk.get(Unit, far.id).parent_id == desk.home.id


def test_an_administrator_does_not_let_himself_into_a_closed_team(desk, browse):
    """A026."""
    self = desk.person(Role.ADMINISTRATOR)
    closed, mine = desk.team(is_closed=True), desk.team(members=[self])
    browser = browse(self)

    assert browser.post(f"/admin/teams/{closed.id}/members", data={"person_id": self.id}).status_code == 403
    told = {"name": mine.name, "receives_confidential": "1"}
    assert browser.post(f"/admin/teams/{mine.id}", data=told).status_code == 403
    assert desk.count(TeamMember, team_id=closed.id) == 0
    assert desk.get(Team, mine.id).is_closed is False


def test_a_role_is_ended_from_today(desk, browse, at):
    at("2026-03-02 09:00")
    person = desk.person(Role.SUPPORTER)
    [grant] = desk.all(RoleGrant, person_id=person.id)

    answer = browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/roles/{grant.id}/end")

    assert answer.status_code == 303
    assert desk.get(RoleGrant, grant.id).ends_on == date(2026, 3, 1)
    assert not desk.actor(person).grants


def test_a_role_over_everything_is_out_of_reach_for_a_customers_administrator(desk, browse):
    mighty = desk.person(Role.ADMINISTRATOR, over="everything")
    [grant] = desk.all(RoleGrant, person_id=mighty.id)

    assert browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/roles/{grant.id}/end").status_code == 404
    assert desk.get(RoleGrant, grant.id).ends_on is None


def test_exactly_one_team_receives_confidential_tickets(desk, browse):
    browser = browse(desk.person(Role.ADMINISTRATOR))
    first = desk.team(receives_confidential=True, is_closed=True)

    told = {"name": "HR", "customer_id": desk.home.id, "receives_confidential": "1"}
    assert browser.post("/admin/teams", data=told).status_code == 303
    [second] = desk.all(Team, name="HR")
    assert second.is_closed and second.receives_confidential
    assert desk.get(Team, first.id).receives_confidential is False

    assert browser.post(f"/admin/teams/{second.id}", data={"name": "HR"}).status_code == 422
    assert browser.post(f"/admin/teams/{second.id}/deactivation").status_code == 409
    assert desk.get(Team, second.id).receives_confidential


def test_a_closed_team_is_not_the_first_line(desk, browse):
    browser = browse(desk.person(Role.ADMINISTRATOR))
    first = desk.team(name="Servicedesk", is_first_line=True)
    told = {"name": "Vagt", "customer_id": desk.home.id, "is_first_line": "1", "receives_security": "1"}

    assert "Et lukket team kan ikke modtage nye" in browser.post("/admin/teams", data=told).text
    changed = {"name": "Servicedesk", "is_first_line": "1", "is_closed": "1"}
    assert browser.post(f"/admin/teams/{first.id}", data=changed).status_code == 422
    assert desk.count(Team, name="Vagt") == 0
    assert desk.get(Team, first.id).is_closed is False


def test_members_come_and_go(desk, browse):
    browser = browse(desk.person(Role.ADMINISTRATOR))
    team, person = desk.team(), desk.person(name="Ærø Østergård")
    stranger = desk.person(unit=desk.customer(), name="Ærø Fremmed")

    page = browser.get(f"/admin/teams/{team.id}?q=ærø").text
    assert "Ærø Østergård" in page and "Ærø Fremmed" not in page
    assert browser.post(f"/admin/teams/{team.id}/members", data={"person_id": person.id}).status_code == 303
    assert browser.post(f"/admin/teams/{team.id}/members", data={"person_id": stranger.id}).status_code == 404
    assert [member.person_id for member in desk.all(TeamMember, team_id=team.id)] == [person.id]
    assert browser.post(f"/admin/teams/{team.id}/members/{person.id}/removal").status_code == 303
    assert desk.count(TeamMember, team_id=team.id) == 0
    assert [line.facts["person"] for line in desk.all(AuditLine, action="team_member_removed")] == ["Ærø Østergård"]


@pytest.mark.parametrize("page", ["/admin/people", "/admin/units", "/admin/teams", "/admin/systems", "/admin/audit"])
def test_a_longer_list_asks_no_more_questions(desk, browse, queries, page):
    browser = browse(desk.person(Role.ADMINISTRATOR))

    def asked():
        with queries() as statements:
            assert browser.get(page).status_code == 200
        return len(statements)

    browser.get(page)
    few = asked()
    for _time in range(5):
        unit = desk.unit()
        desk.team(members=[desk.person(unit=unit)])
        desk.system(unit=unit, owner=desk.person(unit=unit))
        desk.add(AuditLine(action="x", at=clock.now(), customer_id=desk.home.id, by_id=desk.person().id, facts={}))
    assert asked() == few
    assert few <= 10


def test_nobody_changes_who_has_more_to_say(desk, browse):
    """A026: a changed mail address would be a way to somebody else's roles."""
    part = desk.unit()
    mighty = desk.person(Role.ADMINISTRATOR, unit=part, initials="stor", name="Stor")
    minor = desk.person(Role.SUPERBRUGER, unit=part, over=part, initials="lille", name="Lille")
    browser = browse(desk.person(Role.ADMINISTRATOR, over=part))

    def change(person):
        told = {"name": person.name, "initials": person.initials, "email": "mig@testby.dk", "unit_id": part.id}
        return browser.post(f"/admin/people/{person.id}", data=told).status_code

    assert change(mighty) == 403
    assert browser.post(f"/admin/people/{mighty.id}/deactivation").status_code == 403
    assert change(minor) == 303
    assert browser.post(f"/admin/people/{minor.id}/deactivation").status_code == 303
    assert desk.get(Person, mighty.id).email == mighty.email
