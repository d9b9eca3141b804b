"""Two workers that look at once: every follow-up is done by one of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from servicedesk.competence import commands
from servicedesk.competence.models import FollowUp
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import Notice
from tests.competence_made import visit
from tests.desk import Desk

VISITS = 12


@pytest.mark.committing
def test_two_workers_follow_each_visit_up_once(fresh_app):
    desk = Desk(fresh_app)
    unit, sent = desk.unit(), desk.person(Role.SUPPORTER)
    for _ in range(VISITS):
        one = visit(desk, unit, [sent])
        with fresh_app.app_context():
            commands.hold_visit(one.id, by=SYSTEM, now=clock.now())
    after, start = clock.now() + timedelta(weeks=13), Barrier(2)

    def work() -> int:
        done = 0
        start.wait()
        with fresh_app.app_context():
            while commands.follow_up_next(now=after):
                done += 1
        return done

    with ThreadPoolExecutor(2) as pool:
        done = [each.result() for each in [pool.submit(work) for _ in range(2)]]
    assert sum(done) == 2 * VISITS
    assert all(row.done_at is not None for row in desk.all(FollowUp))
    assert desk.count(AuditLine, action="visit_followed_up") == 2 * VISITS
    told = [row.source for row in desk.all(Notice, event="visit_followed_up", person_id=sent.id)]
    assert len(told) == len(set(told)) == 2 * VISITS
