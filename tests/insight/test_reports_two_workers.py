"""Two workers at once, and a worker that is killed: each report is put in the post once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.figures.slices import Slice
from servicedesk.insight import jobs
from servicedesk.insight.models import ReportMail, ReportSubscription
from servicedesk.insight.reports import commands
from servicedesk.notifications.models import OutboxMail
from tests.desk import Desk

pytestmark = pytest.mark.committing

READERS = 6


@pytest.fixture
def desk(fresh_app):
    return Desk(fresh_app)


@pytest.fixture
def at_once(fresh_app):
    """`at_once(work)`: twice, each in a thread with a connection of its own, begun together."""

    def run(work):
        barrier = Barrier(2)

        def one():
            with fresh_app.app_context():
                barrier.wait()
                return work()

        with ThreadPoolExecutor(2) as pool:
            return [future.result() for future in [pool.submit(one), pool.submit(one)]]

    return run


def subscribe(desk, person, now):
    everything = Slice(customer_id=desk.home.id, first=202610, last=202610)
    with desk.app.app_context():
        return commands.subscribe(everything, has_pdf=False, has_xlsx=True, by=desk.actor(person), now=now)


def readers(desk, now):
    people = [desk.person(Role.SERVICEDESK_MANAGER) for _ in range(READERS)]
    for person in people:
        subscribe(desk, person, now)
    return people


def test_two_workers_send_each_report_once(desk, at_once, at):
    people = readers(desk, at("2026-10-20 10:00"))
    now = at("2026-11-02 10:00")

    assert sum(at_once(lambda: jobs.send_reports(now))) == READERS

    mails = [mail.person_id for mail in desk.all(OutboxMail, template="monthly_report")]
    assert sorted(mails) == sorted(person.id for person in people)
    assert desk.count(ReportMail) == READERS
    assert {row.next_month for row in desk.all(ReportSubscription)} == {202611}


def test_the_row_of_the_month_decides_if_all_else_failed(desk, at):
    now = at("2026-10-20 10:00")
    (person,) = [desk.person(Role.SERVICEDESK_MANAGER)]
    row, _is_new = subscribe(desk, person, now)

    def post_again():
        with desk.app.app_context(), transaction():
            commands._post(db.session.merge(row), 202610, 0, now)

    post_again()
    with pytest.raises(IntegrityError):
        post_again()
    assert (desk.count(ReportMail), desk.count(OutboxMail, template="monthly_report")) == (1, 1)


def test_two_taps_are_one_subscription(desk, at_once, at):
    now, person = at("2026-10-20 10:00"), desk.person(Role.SERVICEDESK_MANAGER)

    at_once(lambda: subscribe(desk, person, now))

    assert desk.count(ReportSubscription) == 1


def test_two_taps_on_send_it_now_are_two_mails_at_most(desk, at_once, at):
    now, person = at("2026-10-20 10:00"), desk.person(Role.SERVICEDESK_MANAGER)
    row, _is_new = subscribe(desk, person, now)
    who = desk.actor(person)

    at_once(lambda: commands.send_now(row.id, by=who, now=now))

    assert sorted(one.number for one in desk.all(ReportMail)) == [1, 2]
