import re

import pytest

from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import Person
from servicedesk.signin import passwords
from servicedesk.signin.models import Identity, SignIn

GOOD = "fire glade køer spiser"


def shown(answer):
    """The page without what differs between any two pages: tokens, the reference, and the name that was typed."""
    page = re.sub(r'(name="csrf_token" value|X-CSRFToken&?#?\w*;?"?: ?)="?[^">]*', "", answer.text)
    page = re.sub(r'X-CSRFToken": "[^"]*', "", page)
    page = re.sub(r'id="name" name="name" value="[^"]*', "", page)
    headers = {name: value for name, value in answer.headers if name not in ("X-Request-ID", "Content-Length")}
    headers["Set-Cookie"] = headers.get("Set-Cookie", "").partition("=")[0]
    return answer.status_code, headers, page


@pytest.mark.parametrize(
    "typed", ["anje", "ANJE ", "Anders.Jensen@testby.example"], ids=["initials", "capitals", "mail"]
)
def test_a_person_signs_in_by_name_or_mail(member, browse, enter, typed):
    member(initials="anje", email="anders.jensen@testby.example")
    browser = browse()

    answer = enter(typed, browser=browser)

    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/me").status_code == 200


def test_a_mail_address_of_two_people_signs_nobody_in(member, enter):
    member(email="holdet@testby.example")
    member(email="holdet@testby.example")
    assert enter("holdet@testby.example").status_code == 422


def test_a_second_person_with_the_same_initials_gets_a_longer_name(desk, member, enter):
    member(initials="anje")
    other = desk.customer(name="Ny Å Kommune")
    member(initials="anje", unit=other)
    assert [identity.subject for identity in desk.all(Identity)] == ["anje", "anje@ny-å-kommune"]
    assert enter("anje@ny-å-kommune").status_code == 303


def test_failed_sign_ins_all_look_the_same(member, desk, enter):
    """A035"""
    member(initials="known")
    member(initials="gone", is_active=False)
    member(initials="never", password=None)
    desk.person(initials="ssoonly")

    answers = [enter(*typed) for typed in (("nobody",), ("known", "wrong"), ("gone",), ("never",), ("ssoonly",))]

    assert {answer.status_code for answer in answers} == {422}
    first = shown(answers[0])
    assert all(shown(answer) == first for answer in answers)


def test_every_failure_does_the_same_work(member, enter, monkeypatch):
    """A035: a hash is compared whoever asks."""
    compared = []

    def compare(*asked):
        compared.append(asked)
        return is_right(*asked)

    is_right = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", compare)
    member(initials="known")
    for name in ("known", "nobody"):
        enter(name, "wrong password")
    assert len(compared) == 2


def test_a_failure_is_recorded_without_what_was_typed(member, desk, enter):
    person = member(initials="anje")
    enter("anje", "Hemmelig-tastefejl")
    enter("Hemmelig-tastefejl", "anje")

    known, unknown = desk.all(AuditLine, action="sign_in_failed")

    assert (known.subject_kind, known.subject_id, unknown.subject_id) == ("person", person.id, None)
    assert "tastefejl" not in str([known.facts, unknown.facts]).lower()


@pytest.mark.parametrize(
    ("wanted", "gets"),
    [
        ("/tickets/7?a=1", "/tickets/7?a=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_on_within_this_site(member, enter, wanted, gets):
    member(initials="anje")
    assert enter("anje", next=wanted).location == gets


def test_twenty_wrong_passwords_on_one_account_are_slowed_down(member, enter, at):
    """A037: at the eleventh, with the time to wait; not even the right one helps, until the window is over."""
    member(initials="anje")
    at("2026-03-02 09:00")
    statuses = [enter("anje", f"wrong {number}").status_code for number in range(20)]
    assert statuses == [422] * 10 + [429] * 10
    stopped = enter("anje")
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "900")

    at("2026-03-02 09:16")
    assert enter("anje").status_code == 303


def test_an_unknown_name_is_slowed_down_like_a_known_one(enter):
    """A035, A037"""
    assert [enter("nobody", "x").status_code for _ in range(11)] == [422] * 10 + [429]


def test_the_right_password_forgives_the_wrong_ones(member, enter):
    member(initials="anje")
    for _ in range(3):
        assert [enter("anje", "wrong").status_code for _ in range(6)] == [422] * 6
        assert enter("anje").status_code == 303


def test_many_accounts_from_one_address_are_slowed_down(enter):
    """A037: and a made-up X-Forwarded-For does not make another address."""
    statuses = [
        enter(f"name{number}", "Sommer2026!", headers={"X-Forwarded-For": f"10.1.2.{number}"}).status_code
        for number in range(120)
    ]
    assert statuses == [422] * 100 + [429] * 20


def test_a_whole_town_hall_signs_in_from_one_address(member, enter):
    member(initials="anje")
    assert {enter("anje").status_code for _ in range(105)} == {303}


def test_the_session_changes_when_somebody_signs_in(member, browse, enter):
    """A038: what a stranger planted in the browser is worth nothing."""
    member(initials="anje")
    browser = browse()
    browser.get("/sign-in")
    with browser.session_transaction(base_url="https://servicedesk.test") as session:
        session["planted"] = "yes"
        before = session.get("csrf_token")

    enter("anje", browser=browser)

    with browser.session_transaction(base_url="https://servicedesk.test") as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_signing_in_again_ends_the_sign_in_before(member, desk, browse, enter):
    member(initials="anje")
    browser = browse()
    enter("anje", browser=browser)
    enter("anje", browser=browser)
    assert desk.count(SignIn) == 1


def test_the_cookie_is_kept_from_scripts_and_other_sites(member, browse, enter):
    """A040"""
    member(initials="anje")
    browser = browse()
    answers = [browser.get("/sign-in"), enter("anje", browser=browser), browser.post("/sign-out")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) >= 3
    for cookie in cookies:
        assert cookie.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


@pytest.mark.parametrize("header", ["Remote-User", "X-Forwarded-User", "X-MS-CLIENT-PRINCIPAL", "Authorization"])
def test_nobody_is_signed_in_by_a_header(member, browse, header):
    """A051"""
    person = member(initials="anje")
    for value in ("anje", person.email, str(person.id), "Basic YW5qZTphbmpl"):
        answer = browse().get("/me", headers={header: value}, environ_overrides={"REMOTE_USER": value})
        assert (answer.status_code, answer.location) == (302, "/sign-in?next=/me")


@pytest.mark.parametrize("path", ["/setup", "/install", "/init", "/admin/setup", "/register", "/demo/sign-in"])
def test_there_is_no_way_in_but_the_front_door(browse, member, path):
    """A060"""
    person = member()
    browser = browse()
    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"person_id": str(person.id)}).status_code == 404


def test_a_new_installation_has_no_default_password(desk, enter):
    """A060"""
    assert desk.count(Person) == desk.count(Identity) == 0
    for name in ("admin", "administrator", "root", "demo", "test"):
        assert enter(name, name).status_code == 422


def test_what_is_missing_is_said_beside_its_field(enter):
    answer = enter("", "")
    assert answer.status_code == 422
    assert "Skriv dit brugernavn" in answer.text
    assert 'href="#password"' in answer.text
