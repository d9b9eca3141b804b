"""Whether something that happens comes to the bell, by mail now, into the digest or nowhere, and when."""

from datetime import timedelta

import pytest

from servicedesk.notifications import commands
from servicedesk.notifications.models import ByMail, Notice, NoticeChoice, OutboxMail
from servicedesk.tickets import events
from tests.notifications.mail_server import NOW

ANSWERED, FILED = events.ANSWERED, events.FILED


@pytest.fixture
def told(desk):
    """Where a person has been told: (shown from, goes with the digest at, mail leaves at), None for nowhere."""

    def look(person):
        notices = desk.all(Notice, person_id=person.id)
        mails = desk.all(OutboxMail, person_id=person.id)
        assert len(notices) <= 1 and len(mails) <= 1
        notice = notices[0] if notices else None
        return (
            notice and notice.shown_from,
            notice and notice.digest_at,
            mails[0].next_try_at if mails else None,
        )

    return look


def test_who_has_chosen_nothing_is_told_as_the_event_says(desk, happen, told):
    person, member = desk.person(), desk.person()

    happen(ANSWERED, person)
    happen(events.TEAM_CLOCK_BREACHED, member)

    assert told(person) == (NOW, None, NOW)
    assert told(member) == (NOW, None, None)


@pytest.mark.parametrize("in_bell", [True, False], ids=["bell", "no bell"])
@pytest.mark.parametrize("by_mail", ByMail)
def test_each_way_can_be_chosen(desk, happen, choose, told, in_bell, by_mail):
    person = desk.person()
    choose(person, {ANSWERED: (in_bell, by_mail)})

    happen(ANSWERED, person)

    shown_from, digest_at, mailed_at = told(person)
    assert shown_from == (NOW if in_bell else None)
    assert (digest_at is not None) == (by_mail is ByMail.DIGEST)
    assert mailed_at == (NOW if by_mail is ByMail.NOW else None)


def test_a_choice_is_for_its_event_only(desk, happen, choose, told):
    person = desk.person()
    choose(person, {events.RESOLVED: (False, ByMail.NEVER)})

    happen(ANSWERED, person)

    assert told(person) == (NOW, None, NOW)


def test_who_did_it_is_not_told(desk, happen, told):
    person, other = desk.person(), desk.person()

    happen(ANSWERED, person, other, by=desk.actor(person))

    assert told(person) == (None, None, None)
    assert told(other) == (NOW, None, NOW)


def test_a_receipt_is_mailed_to_who_did_it_but_is_no_news(desk, happen, told):
    person, other = desk.person(), desk.person()

    happen(FILED, person, other, by=desk.actor(person))

    assert told(person) == (None, None, NOW)
    assert told(other) == (NOW, None, NOW)


def test_who_has_no_mailbox_has_the_bell(desk, happen, choose, told):
    person, collector = desk.person(email=None), desk.person(email=None)
    choose(collector, {ANSWERED: (True, ByMail.DIGEST)})

    happen(ANSWERED, person, collector)

    assert told(person) == told(collector) == (NOW, None, None)


def test_who_has_left_is_told_nothing(desk, happen, told):
    person = desk.person(is_active=False)

    happen(ANSWERED, person)

    assert told(person) == (None, None, None)


def test_nobody_is_told_the_same_thing_twice(desk, happen, told):
    person, late = desk.person(), desk.person()
    news = happen(ANSWERED, person)

    happen(ANSWERED, person, late, source=news.source)

    assert told(person) == told(late) == (NOW, None, NOW)


def test_news_that_has_to_wait_is_neither_shown_nor_mailed_before(desk, happen, told):
    person = desk.person()

    happen(ANSWERED, person, not_before=NOW + timedelta(hours=9))

    assert told(person) == (NOW + timedelta(hours=9), None, NOW + timedelta(hours=9))


def test_mails_wait_for_the_end_of_quiet_hours_and_the_bell_does_not(desk, happen, choose, told, at):
    night, morning = at("2026-03-02 22:15"), at("2026-03-03 07:00")
    person = desk.person()
    choose(person, is_quiet=True, quiet_from="17:00", quiet_to="07:00")

    happen(ANSWERED, person, now=night)

    assert told(person) == (night, None, morning)


def test_what_is_urgent_waits_for_no_quiet_hours(desk, happen, choose, told, at):
    night = at("2026-03-02 22:15")
    person = desk.person()
    choose(person, is_quiet=True)

    happen(ANSWERED, person, now=night, is_urgent=True)

    assert told(person) == (night, None, night)


def test_news_that_waited_waits_for_quiet_hours_too(desk, happen, choose, told, at):
    evening, opening, afternoon = at("2026-03-02 22:15"), at("2026-03-03 08:00"), at("2026-03-03 12:00")
    person = desk.person()
    choose(person, is_quiet=True, quiet_from="07:30", quiet_to="12:00")

    happen(ANSWERED, person, now=evening, not_before=opening)

    assert told(person) == (opening, None, afternoon)


def test_one_persons_mails_about_one_thing_hang_together(desk, happen):
    person = desk.person()

    happen(FILED, person, ticket=7)
    happen(ANSWERED, person, ticket=7)

    first, second = desk.all(OutboxMail)
    assert (first.message_id, first.thread_id) == (f"ticket-7-{person.id}", None)
    assert second.thread_id == first.message_id != second.message_id


def test_news_belongs_to_the_transaction_of_what_it_tells_about(app, desk, happen):
    news = happen(ANSWERED, desk.person())

    with app.app_context(), pytest.raises(RuntimeError):
        commands.tell(news, [1], by=desk.actor(desk.person()), now=NOW)


def test_only_what_differs_from_the_usual_is_kept(desk, choose):
    person = desk.person()
    choose(person, {ANSWERED: (False, ByMail.NOW), events.RESOLVED: (True, ByMail.NOW)})
    assert [choice.event for choice in desk.all(NoticeChoice)] == [ANSWERED]

    choose(person, {ANSWERED: (True, ByMail.NOW)})
    assert desk.all(NoticeChoice) == []
