"""The overview of how systems run: told from one question, with pieces that are kept as they were written."""

import re
from datetime import timedelta

from servicedesk.core import clock
from servicedesk.systems import commands, queries
from servicedesk.systems.rules import LONGEST, DisturbanceKind, Phase

HOUR = timedelta(hours=1)


def test_it_tells_what_the_pages_of_each_system_tell(desk, place, declare, at):
    """Running, planned, over, cancelled, withdrawn; of two systems, of one, and of one that is not heard of."""
    at("2026-11-23 09:40")
    now, by = clock.now(), desk.actor(place.supporter)
    window = {"kind": DisturbanceKind.MAINTENANCE, "expected_end_at": now + 30 * HOUR}
    ended, withdrawn, cancelled = declare(place.mail), declare(place.mail), declare(starts_at=now + 20 * HOUR, **window)
    declare(place.mail, place.aula)
    declare(place.aula, starts_at=now + 24 * HOUR, **window)
    declare(place.mail, starts_at=now - HOUR, kind=DisturbanceKind.MAINTENANCE, expected_end_at=now + HOUR)
    with desk.app.app_context():
        commands.join_disturbance(ended, by=desk.actor(place.nurse), now=now)
        for one in (ended, cancelled):
            commands.end_disturbance(one, outcome="Løst", by=by, now=now)
        commands.withdraw_disturbance(withdrawn, by=by, now=now)

    for person in (place.teacher, place.nurse, place.foreign, place.supporter):
        for later in (now, now + 2 * HOUR, now + 40 * HOUR):
            with desk.app.app_context():
                who = desk.actor(person)
                lately = queries.told_lately(who, later, most_over=10)
                current = queries.current_disturbances(who, later, ahead=later + LONGEST)
                over = queries.ended_disturbances(who, later, most=10)
                assert _told(lately.running) == _told(one for one in current if one.phase(later) is Phase.RUNNING)
                assert _told(lately.planned) == _told(one for one in current if one.phase(later) is Phase.PLANNED)
                assert _told(lately.over) == _told(over)
                told = queries.stretches(who, later - timedelta(days=30), later)
                assert {id_: set(some) for id_, some in lately.stretches.items()} == {
                    id_: set(some) for id_, some in told.items()
                }


def _told(some):
    return [(one.id, [system.name for system in one.systems], one.message, one.outcome) for one in some]


def test_who_notices_it_is_counted_for_each_reader(desk, place, declare):
    running = declare(place.mail)
    with desk.app.app_context():
        commands.join_disturbance(running, by=desk.actor(place.nurse), now=clock.now())
        for person, is_joined in ((place.nurse, True), (place.teacher, False)):
            [one] = queries.told_lately(desk.actor(person), clock.now(), most_over=10).running
            assert (one.affected, one.is_joined) == (1, is_joined)


def test_a_kept_card_has_each_readers_own_token(browse, place, declare):
    """The card of two readers is written once; what each sends from it is taken from that reader alone."""
    notice = f"/status/{declare(place.mail)}/me-too"
    nurse, teacher = browse(place.nurse), browse(place.teacher)
    own, others = _token(nurse), _token(teacher)
    assert nurse.raw.post(notice, data={"csrf_token": others}).status_code == 400
    assert nurse.raw.post(notice, data={"csrf_token": own}).status_code == 303


def _token(browser):
    card = browser.get("/status").text.partition('<article class="disturbance disturbance-running">')[2]
    return re.findall(r'name="csrf_token" value="([^"]+)"', card)[0]
