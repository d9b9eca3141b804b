"""What an administrator does for those who cannot sign in."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import OutboxMail
from servicedesk.signin.models import Identity

NEW = {"password": "syv små grå gæs", "again": "syv små grå gæs"}


def test_a_person_without_a_mailbox_is_given_a_password(desk, browse, enter):
    administrator, person = desk.person(Role.ADMINISTRATOR), desk.person(initials="sosu", email=None)
    old = browse(person)

    answer = browse(administrator).post(f"/admin/people/{person.id}/sign-in", data=NEW)

    assert answer.status_code == 303
    assert enter("sosu", NEW["password"]).status_code == 303
    assert old.get("/me").status_code == 302
    assert desk.all(AuditLine, action="password_changed")[0].by_id == administrator.id


def test_a_new_person_is_mailed_a_link(desk, browse, enter):
    person = desk.person(initials="ny")
    browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/people/{person.id}/sign-in/link")
    assert browse().post(desk.all(OutboxMail)[0].facts["url"], data=NEW).status_code == 303
    assert enter("ny", NEW["password"]).status_code == 303


def test_a_person_is_signed_out_for(desk, browse):
    person = desk.person()
    browser = browse(person)
    browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/people/{person.id}/sign-in/end")
    assert browser.get("/me").status_code == 302


@pytest.mark.parametrize("way", ["", "/link", "/end"])
def test_others_have_no_such_page(desk, browse, way):
    person = desk.person()
    elsewhere = desk.person(Role.ADMINISTRATOR, unit=desk.customer())
    for who in (desk.person(), desk.person(Role.SUPPORTER), elsewhere):
        browser = browse(who)
        assert browser.get(f"/admin/people/{person.id}/sign-in").status_code == 404
        assert browser.post(f"/admin/people/{person.id}/sign-in{way}", data=NEW).status_code == 404
    assert desk.count(Identity) == desk.count(OutboxMail) == 0


@pytest.mark.parametrize("over", ["everything", "customer", "other", "system"])
def test_nobody_becomes_somebody_greater_by_setting_a_password(desk, browse, over):
    """A026: an administrator of a school cannot take over one whose roles reach further."""
    school = desk.unit()
    reach = {"everything": "everything", "customer": desk.home, "other": desk.customer(), "system": desk.system()}
    head = desk.person(unit=school)
    desk.grant(head, Role.SUPPORTER, over=reach[over])
    small = browse(desk.person(Role.ADMINISTRATOR, unit=school, over=school))

    assert small.get(f"/admin/people/{head.id}/sign-in").status_code == 200
    assert small.post(f"/admin/people/{head.id}/sign-in", data=NEW).status_code == 403

    teacher = desk.person(Role.SUPERBRUGER, unit=school, over=school)
    assert small.post(f"/admin/people/{teacher.id}/sign-in", data=NEW).status_code == 303
    great = browse(desk.person(Role.ADMINISTRATOR, over="everything"))
    assert great.post(f"/admin/people/{head.id}/sign-in", data=NEW).status_code == 303


def test_an_easily_guessed_password_is_refused(desk, browse):
    person = desk.person()
    given = {"password": "Kommune2026!", "again": "Kommune2026!"}
    answer = browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/people/{person.id}/sign-in", data=given)
    assert answer.status_code == 422
    assert "let at gætte" in answer.text
    assert desk.count(Identity) == 0
