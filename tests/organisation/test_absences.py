"""Being away: who may say so, what makes no sense, and who stands in."""

from datetime import date, timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.errors import NotFoundError
from servicedesk.organisation import absences, commands
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Absence

TODAY = date(2026, 3, 2)


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, name="Lene")


@pytest.fixture
def plan(app, desk):
    """`plan(person, deputy, first=-1, last=5)`: away from so many days before today to so many after."""

    def carry_out(person, deputy=None, first=-1, last=5, by=None):
        with app.app_context():
            return commands.plan_absence(
                person.id,
                starts_on=TODAY + timedelta(days=first),
                ends_on=TODAY + timedelta(days=last),
                deputy_id=deputy.id if deputy else None,
                by=desk.actor(by or person),
                now=clock.now(),
                today=TODAY,
            )

    return carry_out


@pytest.fixture
def stands_in(app):
    def ask(person, today=TODAY):
        with app.app_context():
            found = absences.away([person.id], today)
        return found[person.id].deputy_id if found else "here"

    return ask


def test_somebody_is_away_and_somebody_stands_in(app, desk, plan, stands_in, supporter):
    deputy = desk.person(Role.SUPPORTER)
    plan(supporter, deputy)

    assert stands_in(supporter) == deputy.id
    assert stands_in(supporter, TODAY + timedelta(days=5)) == deputy.id
    assert stands_in(supporter, TODAY + timedelta(days=6)) == "here"
    with app.app_context():
        assert [one.person_id for one in absences.stood_for(deputy.id, TODAY)] == [supporter.id]
    assert [line.action for line in desk.all(AuditLine)] == ["absence_planned"]


def test_a_deputys_deputy_stands_in_for_both(app, desk, plan, stands_in, supporter):
    middle, last = desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    plan(supporter, middle)
    plan(middle, last)

    assert stands_in(supporter) == stands_in(middle) == last.id
    with app.app_context():
        assert {one.person_id for one in absences.stood_for(last.id, TODAY)} == {supporter.id, middle.id}


def test_a_circle_of_three_leaves_nobody(app, desk, plan, stands_in, supporter):
    second, third = desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    plan(supporter, second)
    plan(second, third)
    plan(third, supporter)

    assert [stands_in(one) for one in (supporter, second, third)] == [None, None, None]
    with app.app_context():
        assert len(absences.stood_for(supporter.id, TODAY)) == 2


def test_two_cannot_stand_in_for_each_other(desk, plan, supporter):
    other = desk.person(Role.SUPPORTER)
    plan(other, supporter)

    with pytest.raises(FieldRefusedError) as refused:
        plan(supporter, other, first=5, last=9)
    assert refused.value.field == "deputy_id"
    plan(supporter, other, first=6, last=9)  # when the other is back


def test_a_deputy_who_has_left_stands_in_for_nobody(desk, plan, stands_in, supporter):
    deputy = desk.person(Role.SUPPORTER)
    plan(supporter, deputy)
    with desk.writing() as session:
        session.get_one(type(deputy), deputy.id).is_active = False

    assert stands_in(supporter) is None


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 9), (-9, -1), (0, 0), (-9, 20)])
def test_two_absences_share_no_day(plan, supporter, first, last):
    plan(supporter)
    with pytest.raises(FieldRefusedError):
        plan(supporter, first=first, last=last)


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-5, -1), (0, 800)], ids=["backwards", "over", "for good"])
def test_a_period_makes_sense(plan, supporter, first, last):
    with pytest.raises(FieldRefusedError):
        plan(supporter, first=first, last=last)


def test_who_cannot_be_a_deputy(desk, plan, supporter):
    gone = desk.person(is_active=False)
    for nobody in (supporter, gone, desk.person(unit=desk.customer())):
        with pytest.raises(FieldRefusedError):
            plan(supporter, nobody)


def test_whose_absence_one_may_plan(desk, plan, supporter):
    manager, colleague = desk.person(Role.SERVICEDESK_MANAGER), desk.person(Role.SUPPORTER)
    elsewhere = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())

    for stranger in (colleague, elsewhere, desk.person()):
        with pytest.raises(NotFoundError):
            plan(supporter, by=stranger)
    plan(supporter, by=manager)


def test_back_again_early(app, desk, plan, stands_in, supporter):
    ongoing, coming = plan(supporter), plan(supporter, first=10, last=12)
    with app.app_context():
        for one in (ongoing, coming):
            commands.end_absence(one.id, by=desk.actor(supporter), now=clock.now(), today=TODAY)

    assert stands_in(supporter) == "here"
    assert [row.ends_on for row in desk.all(Absence)] == [TODAY - timedelta(days=1)]


# ------------------------------------------------------------------------------------------ the pages


def test_a_supporter_says_so_on_his_own_page(desk, browse, at, supporter):
    at("2026-03-02 09:00")
    deputy = desk.person(Role.SUPPORTER, name="Jonas")
    browser = browse(supporter)
    assert "Sig, at du er væk" in browser.get("/me").text

    browser.post(
        "/me/absence",
        data={"starts_on": "2026-03-02", "ends_on": "2026-03-06", "deputy_id": deputy.id, "note": "Ferie"},
    )

    assert "Jonas er stedfortræder" in browser.get("/me").text
    assert "Du er stedfortræder for Lene" in browse(deputy).get("/me").text


def test_what_was_typed_is_kept_when_it_is_refused(browse, at, supporter):
    at("2026-03-02 09:00")
    answer = browse(supporter).post(
        "/me/absence", data={"starts_on": "2026-03-09", "ends_on": "2026-03-06", "note": "Ferie"}
    )

    assert answer.status_code == 422
    assert "Den sidste dag ligger før den første." in answer.text
    assert 'value="Ferie"' in answer.text


def test_a_manager_plans_for_staff_and_nobody_else_may(desk, browse, at, supporter):
    at("2026-03-02 09:00")
    told = {"person_id": supporter.id, "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    assert browse(desk.person(Role.SUPPORTER)).post("/admin/absences", data=told).status_code == 404

    browser = browse(desk.person(Role.SERVICEDESK_MANAGER))
    browser.post("/admin/absences", data=told)

    assert "Lene" in browser.get("/admin/absences").text
    absence = desk.all(Absence)[0].id
    assert browse(desk.person(Role.SUPPORTER)).post(f"/absences/{absence}/end").status_code == 404
    browser.post(f"/absences/{absence}/end")
    assert desk.all(Absence) == []


def test_an_employee_without_duties_is_not_asked(desk, browse):
    assert "/me/absence" not in browse(desk.person()).get("/me").text
