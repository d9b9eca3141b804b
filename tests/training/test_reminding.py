"""Reminders: to the employee, then the manager; in opening hours, at most one mail a week, and each once."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import table_of
from servicedesk.notifications import mails
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.training import jobs
from servicedesk.training.commands import reminding
from servicedesk.training.models import Reminder, ReminderRound
from tests.desk import Desk
from tests.training_made import course, record, require

MONDAY = "2026-03-02 09:00"


@pytest.fixture
def sweep(desk):
    """One pass of the worker at the clock's time; answers whom it wrote to, by initials."""

    def run():
        before = {mail.id for mail in desk.all(OutboxMail)}
        with desk.app.app_context():
            while jobs.remind_of_training(clock.now()):
                pass
        new = [mail for mail in desk.all(OutboxMail) if mail.id not in before]
        assert all(mail.template == "training_reminder" for mail in new)
        return [mail.address.partition("@")[0] for mail in new]

    return run


@pytest.fixture
def text_of(desk):
    def read(person):
        with desk.app.app_context():
            mail = desk.all(OutboxMail, person_id=person.id)[-1]
            body = mails.build(mail, desk.app.extensions["settings"]).get_body(["plain"])
        assert body is not None
        return body.get_content()

    return read


def mailbox(person):
    return (person.email or "").partition("@")[0]


def test_an_employee_is_reminded_with_a_way_to_the_course(desk, at, anna, sweep, text_of):
    at(MONDAY)
    require(desk, course(desk, "Nexus"), starts_on=date(2026, 2, 20))

    assert sweep() == [mailbox(anna)]

    text = text_of(anna)
    assert "Nexus, senest den 22. mar. 2026" in text
    assert "/me/training" in text
    [notice] = desk.all(Notice, person_id=anna.id)
    assert notice.facts == {"own": 1, "staff": 0}


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("2026-03-02 06:00", id="before opening"),
        pytest.param("2026-03-02 20:00", id="in the evening"),
        pytest.param("2026-03-07 10:00", id="on a Saturday"),
    ],
)
def test_nobody_is_reminded_outside_opening_hours(desk, at, anna, sweep, when):
    at(when)
    require(desk, course(desk))

    assert sweep() == []


def test_what_is_far_away_or_recommended_or_met_is_not_spoken_of(desk, at, anna, sweep):
    at(MONDAY)
    require(desk, course(desk, "Langt væk"), starts_on=date(2026, 3, 1), deadline_days=90)
    require(desk, course(desk, "Anbefalet"), is_mandatory=False)
    met = course(desk, "Taget")
    require(desk, met)
    record(desk, anna, met, date(2026, 1, 1))

    assert sweep() == []


def test_what_expires_is_spoken_of_beforehand(desk, at, anna, sweep, text_of):
    at(MONDAY)
    taught = course(desk, "Førstehjælp")
    require(desk, taught, validity_months=12)
    record(desk, anna, taught, date(2025, 3, 20))

    assert sweep() == [mailbox(anna)]
    assert "Førstehjælp udløber den 20. mar. 2026" in text_of(anna)


def test_at_most_one_mail_a_week_whatever_is_new(desk, at, anna, sweep):
    at(MONDAY)
    require(desk, course(desk, "Nexus"))
    assert sweep() == [mailbox(anna)]
    at("2026-03-03 09:00")
    require(desk, course(desk, "SBSYS"))

    sent = {day: sweep() for day in ("03", "04", "05", "06") if at(f"2026-03-{day} 09:00")}

    assert not any(sent.values())
    at("2026-03-09 09:00")
    assert sweep() == [mailbox(anna)]


def test_from_friday_to_monday_is_no_week(desk, at, anna, sweep):
    at("2026-03-06 09:00")
    require(desk, course(desk, "Nexus"))
    assert sweep() == [mailbox(anna)]
    at("2026-03-09 09:00")
    require(desk, course(desk, "SBSYS"))

    assert sweep() == []
    at("2026-03-13 09:00")
    assert sweep() == [mailbox(anna)]


def test_the_same_is_said_again_after_four_weeks_and_not_before(desk, at, anna, sweep):
    start = at(MONDAY)
    require(desk, course(desk))
    days = []
    for day in range(60):
        local = (start + timedelta(days=day)).date()
        at(f"{local} 09:00")
        days += [day] if sweep() else []

    assert days == [0, 28, 56]


def test_when_it_is_overdue_the_manager_hears_too(desk, at, anna, chief, care, sweep, text_of):
    start = at("2026-03-02 09:00")
    require(desk, course(desk, "Nexus"), unit=desk.unit(care), starts_on=date(2026, 2, 20), deadline_days=14)
    under = desk.person(unit=desk.all(type(care), parent_id=care.id)[0], name="Bo")

    assert sweep() == [mailbox(under)]
    at(f"{(start + timedelta(days=7)).date()} 09:00")

    assert sorted(sweep()) == sorted([mailbox(under), mailbox(chief)])
    assert "1 af dine medarbejdere mangler" in text_of(chief)
    assert "/training/staff" in text_of(chief)
    assert "Bo" not in text_of(chief)


def test_only_the_closest_manager_hears(desk, at, anna, chief, sweep):
    at(MONDAY)
    director = desk.person(Role.MANAGER, name="Dorte Direktør")
    require(desk, course(desk), title="Sygeplejerske")

    assert sorted(sweep()) == sorted([mailbox(anna), mailbox(chief)])
    assert desk.count(Notice, person_id=director.id) == 0


def test_a_manager_who_is_behind_hears_of_both_in_one_mail(desk, at, anna, chief, sweep, text_of):
    at(MONDAY)
    require(desk, course(desk, "Nexus"))

    assert sorted(sweep()) == sorted([mailbox(anna), mailbox(chief)])

    text = text_of(chief)
    assert "Nexus" in text
    assert "1 af dine medarbejdere" in text


def test_who_has_left_or_has_no_mailbox_has_no_mail(desk, at, sweep):
    at(MONDAY)
    require(desk, course(desk))
    desk.person(is_active=False)
    quiet = desk.person(email=None)

    assert sweep() == []
    assert desk.count(Notice, person_id=quiet.id) == 1


def test_a_day_that_is_done_is_not_looked_at_again(desk, at, anna, sweep, queries):
    at(MONDAY)
    require(desk, course(desk))
    sweep()
    assert desk.count(ReminderRound) == 1

    with queries() as asked:
        sweep()

    assert len([one for one in asked if "training_record" in one]) == 0


def test_many_are_done_in_runs(desk, at, sweep, monkeypatch):
    monkeypatch.setattr(reminding, "BATCH", 2)
    monkeypatch.setattr(reminding, "AT_ONCE", 3)
    at(MONDAY)
    require(desk, course(desk))
    people = [desk.person() for _ in range(7)]

    assert sorted(sweep()) == sorted(mailbox(person) for person in people)
    assert desk.count(Reminder) == 7


@pytest.mark.committing
@pytest.mark.timeout(120)
def test_two_workers_remind_two_thousand_people_once_each(fresh_app, at):
    desk, many = Desk(fresh_app), 2_000
    at(MONDAY)
    require(desk, course(desk))
    shared = {"customer_id": desk.home.id, "unit_id": desk.home.id, "name": "Person", "sort_name": "person"}
    people = [{"initials": f"m{n}", "email": f"m{n}@testby.example", **shared} for n in range(many)]
    with desk.writing() as session:
        session.execute(insert(table_of(Person)), people)
    now, failed = clock.now(), []
    ready = threading.Barrier(2)

    def work():
        with fresh_app.app_context():
            ready.wait()
            try:
                while jobs.remind_of_training(now):
                    pass
            except Exception as error:
                failed.append(error)
                raise

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    written = [mail.address for mail in desk.all(OutboxMail)]
    assert (len(written), len(set(written))) == (many, many)
    assert desk.count(Reminder) == many
