import pytest

from servicedesk.core.audit import AuditLine
from servicedesk.notifications import mails
from servicedesk.notifications.models import OutboxMail
from servicedesk.signin.models import Identity, ResetToken, SignIn

NEW = "syv små grå gæs"


def link(desk):
    return desk.all(OutboxMail)[-1].facts["url"]


def ask(browser, name, **more):
    return browser.post("/password/forgot", data={"name": name}, **more)


def choose(browser, path, password=NEW, again=None):
    return browser.post(path, data={"password": password, "again": again or password})


def test_a_forgotten_password_is_replaced_by_a_mailed_link(member, desk, browse, enter):
    person = member(initials="anje")
    elsewhere, stranger = browse(person), browse()

    ask(stranger, "anje")
    assert stranger.get(link(desk)).status_code == 200
    answer = choose(stranger, link(desk))

    assert (answer.status_code, answer.location) == (303, "/sign-in?changed=1")
    assert enter("anje").status_code == 422
    assert enter("anje", NEW).status_code == 303
    assert elsewhere.get("/me").status_code == 302
    assert [line.subject_id for line in desk.all(AuditLine, action="password_changed")] == [person.id]


def test_the_answer_does_not_tell_who_is_known(member, desk, browse):
    """A044: one mail, to the one who can sign in and has a mailbox."""
    known = member(initials="known")
    member(initials="gone", is_active=False)
    member(initials="nomail", email=None)
    desk.person(initials="ssoonly", email="sso@testby.example")

    answers = [
        ask(browse(), name) for name in ("known", "gone", "nomail", "ssoonly", "sso@testby.example", "nobody", "x@y.z")
    ]

    assert {(answer.status_code, answer.location, answer.text) for answer in answers} == {
        (303, "/password/forgot?asked=1", answers[0].text)
    }
    assert [mail.person_id for mail in desk.all(OutboxMail)] == [known.id]
    assert desk.count(AuditLine, action="password_reset_asked") == len(answers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Host": "evil.test"}, 400, id="host"),
        pytest.param({"Host": "servicedesk.test.evil.test"}, 400, id="longer host"),
        pytest.param({"Host": "servicedesk.test@evil.test"}, 400, id="user part"),
        pytest.param({"X-Forwarded-Host": "evil.test"}, 303, id="forwarded host"),
        pytest.param({"Forwarded": "host=evil.test"}, 303, id="forwarded"),
        pytest.param({"Host": "servicedesk.test:9999"}, 303, id="port"),
    ],
)
def test_the_link_leads_to_us_whatever_the_request_says(member, desk, app, headers, status):
    """A042"""
    member(initials="anje")
    answer = ask(app.test_client(), "anje", headers=headers)
    assert answer.status_code == status
    assert desk.count(OutboxMail) == (status == 303)
    for mail in desk.all(OutboxMail):
        with app.app_context():
            text = mails.build(mail, app.extensions["settings"]).as_string()
        assert "https://servicedesk.test/password/reset/" in text
        assert "evil" not in text
        assert "9999" not in text


def test_a_link_works_once(member, desk, browse, enter):
    member(initials="anje")
    ask(browse(), "anje")
    choose(browse(), link(desk))
    assert choose(browse(), link(desk), "otte store grå gæs").status_code == 410
    assert enter("anje", NEW).status_code == 303


def test_looking_at_a_link_does_not_use_it(member, desk, browse):
    """Mail filters open every link."""
    member(initials="anje")
    ask(browse(), "anje")
    for _ in range(3):
        assert browse().get(link(desk)).status_code == 200
        assert browse().head(link(desk)).status_code == 200
    assert choose(browse(), link(desk)).status_code == 303


def test_using_one_link_closes_the_others(member, desk, browse):
    member(initials="anje")
    ask(browse(), "anje")
    first = link(desk)
    ask(browse(), "anje")
    choose(browse(), link(desk))
    assert browse().get(first).status_code == 410
    assert desk.count(ResetToken) == 0


def test_a_link_works_for_an_hour(member, desk, browse, at):
    member(initials="anje")
    at("2026-03-02 09:00")
    ask(browse(), "anje")
    at("2026-03-02 09:59")
    assert browse().get(link(desk)).status_code == 200
    at("2026-03-02 10:00")
    assert browse().get(link(desk)).status_code == 410
    assert choose(browse(), link(desk)).status_code == 410


def test_a_refused_password_leaves_the_link_open(member, desk, browse):
    member(initials="anje")
    ask(browse(), "anje")
    assert choose(browse(), link(desk), "Kommune2026!").status_code == 422
    assert choose(browse(), link(desk), NEW, again="noget andet").status_code == 422
    assert choose(browse(), link(desk)).status_code == 303


def test_a_link_is_of_no_use_to_one_who_left(member, desk, browse):
    person = member(initials="anje")
    ask(browse(), "anje")
    with desk.writing() as session:
        session.merge(person).is_active = False
    assert choose(browse(), link(desk)).status_code == 410


def test_tokens_are_for_one_purpose(member, desk, browse):
    person = member(initials="anje")
    ask(browse(), "anje")
    browser = browse()
    browser.sign_in(link(desk).rpartition("/")[2])
    assert browser.get("/me").status_code == 302
    token = desk.sign_in(person)
    assert browser.get(f"/password/reset/{token}").status_code == 410


def test_only_a_digest_of_the_link_is_kept_with_it(member, desk, browse):
    member(initials="anje")
    ask(browse(), "anje")
    token = link(desk).rpartition("/")[2]
    assert len(token) >= 43
    assert token not in desk.all(ResetToken)[0].digest


def test_the_address_of_the_page_is_passed_on_to_nobody(member, desk, browse):
    member(initials="anje")
    ask(browse(), "anje")
    answer = browse().get(link(desk))
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_asking_again_and_again_is_slowed_down(member, desk, browse):
    member(initials="anje")
    assert [ask(browse(), "anje").status_code for _ in range(7)] == [303] * 5 + [429] * 2
    assert desk.count(OutboxMail) == 5


def test_asking_for_many_is_slowed_down(browse):
    answers = [ask(browse(), f"name{number}") for number in range(32)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_person_without_a_password_gets_one_by_the_link(member, desk, browse, enter):
    member(initials="ny", password=None)
    ask(browse(), "ny")
    choose(browse(), link(desk))
    assert enter("ny", NEW).status_code == 303
    assert desk.all(Identity)[0].secret.startswith("$argon2id$")
    assert desk.count(SignIn) == 1
