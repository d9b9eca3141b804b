import pytest

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.signin.models import Identity


def columns(row):
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def test_nothing_but_the_language_is_saved(member, desk, browse):
    """A022"""
    person, other = member(), desk.unit()
    before, identity = columns(desk.get(Person, person.id)), columns(desk.all(Identity)[0])
    asked = {
        "locale": "en",
        "role": "administrator",
        "is_admin": "1",
        "unit_id": str(other.id),
        "groups": "1",
        "manager_id": "1",
        "scope": "all",
        "active": "0",
        "is_active": "0",
        "password_hash": "x",
        "secret": "x",
        "cpr": "010157-5004",
        "name": "Kongen",
        "initials": "kong",
        "email": "kongen@testby.example",
        "customer_id": str(other.id),
    }

    assert browse(person).post("/me", data=asked).status_code == 303

    assert columns(desk.get(Person, person.id)) == {**before, "locale": "en"}
    assert columns(desk.all(Identity)[0]) == identity
    assert desk.count(RoleGrant) == 0


def test_a_person_sees_what_is_known_of_him_or_her(desk, browse):
    unit = desk.unit(name="Borgerservice")
    person = desk.person(Role.SUPPORTER, unit=unit, name="Anders <Jensen>", initials="anje")
    page = browse(person).get("/me").text
    assert "Anders &lt;Jensen&gt;" in page
    assert "Borgerservice" in page
    assert "Supporter for Testby Kommune" in page


def test_the_page_lists_only_own_browsers(desk, browse):
    browse(desk.person())
    person = desk.person()
    browse(person)
    assert browse(person).get("/me").text.count("Ukendt browser") == 2


def test_the_page_asks_a_fixed_number_of_queries(desk, browse, queries):
    person = desk.person(Role.SUPPORTER)
    browser = browse(person)
    for _ in range(5):
        browse(person)
    with queries() as asked:
        browser.get("/me")
    assert len(asked) == 11


def test_the_language_goes_with_the_person(desk, browse):
    person = desk.person()
    browse(person).post("/language", data={"locale": "en", "next": "/me"})
    assert desk.get(Person, person.id).locale == "en"
    assert '<html lang="en"' in browse(person).get("/me").text


def test_a_stranger_chooses_a_language_for_the_browser(browse):
    browser = browse()
    answer = browser.post("/language", data={"locale": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert '<html lang="en"' in browser.get("/sign-in").text


@pytest.mark.parametrize("locale", ["", "de", "../en", "en\x00"])
def test_a_language_we_do_not_have_is_refused(desk, browse, locale):
    person = desk.person()
    assert browse(person).post("/language", data={"locale": locale}).status_code == 422
    assert desk.get(Person, person.id).locale == "da"


def test_a_stored_language_that_is_gone_falls_back(desk, browse):
    assert '<html lang="da"' in browse(desk.person(locale="xx")).get("/me").text


@pytest.mark.parametrize(
    "path", ["/me", "/me/password", "/me/sign-out-everywhere", "/sign-in", "/sign-out", "/language"]
)
def test_no_form_is_taken_without_its_token(desk, browse, path):
    """A174"""
    answer = browse(desk.person()).raw.post(path, data={"locale": "en"}, base_url="https://servicedesk.test")
    assert answer.status_code == 400
