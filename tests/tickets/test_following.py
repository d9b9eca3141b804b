"""Following a ticket."""

from datetime import timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError, NotFoundError, RefusedError
from servicedesk.tickets import lists
from servicedesk.tickets.models import EntryKind, Visibility
from servicedesk.tickets.workflow import Secrecy
from tests.desk import EVERYTHING
from tests.tickets.reading import followers, may_see

DAY = timedelta(days=1)


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER)


def test_a_reader_follows_and_stops(desk, act):
    leader, ticket = desk.person(Role.MANAGER), desk.ticket()

    act(leader).follow(ticket)
    act(leader).follow(ticket)
    assert followers(desk, ticket) == {leader.id}
    act(leader).unfollow(ticket)
    act(leader).unfollow(ticket)

    assert followers(desk, ticket) == set()
    assert [entry.kind for entry in desk.journal(ticket)[1:]] == [EntryKind.FOLLOWED, EntryKind.UNFOLLOWED]
    assert {entry.visibility for entry in desk.journal(ticket)[1:]} == {Visibility.INTERNAL}


def test_a_stranger_cannot_let_himself_in_by_following(desk, act, unchanged):
    stranger, ticket = act(desk.person()), desk.ticket()

    for attempt in (stranger.follow, stranger.unfollow):
        with unchanged(NotFoundError):
            attempt(ticket)


def test_staff_lets_a_colleague_follow_who_then_reads_but_does_nothing(app, desk, act, unchanged, supporter):
    colleague, ticket = desk.person(), desk.ticket()

    act(supporter).follow(ticket, person_id=colleague.id)

    assert may_see(app, desk, colleague, ticket)
    with unchanged(NotAllowedError):
        act(colleague).reply(ticket, body="Hej")
    act(colleague).unfollow(ticket)
    assert not may_see(app, desk, colleague, ticket)


def test_nobody_brings_whom_he_cannot_look_up(desk, act, unchanged, supporter):
    user, colleague = desk.person(), desk.person(unit=desk.unit())
    gone, elsewhere = desk.person(is_active=False), desk.person(unit=desk.customer())
    everywhere = desk.person(Role.SUPPORTER, over=EVERYTHING)
    leader = desk.person(Role.MANAGER)
    ticket = desk.ticket(by=user)

    for who, whom, refusal in (
        (user, colleague, NotFoundError),
        (supporter, gone, NotFoundError),
        (supporter, elsewhere, NotFoundError),
        (everywhere, elsewhere, NotFoundError),
        (leader, colleague, NotAllowedError),
    ):
        with unchanged(refusal):
            act(who).follow(ticket, person_id=whom.id)


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECURITY])
def test_a_secret_ticket_cannot_be_followed(desk, act, unchanged, supporter, secrecy):
    desk.team([supporter], is_closed=True, receives_confidential=True, receives_security=True)
    user, colleague = desk.person(), desk.person()
    ticket = desk.ticket(by=user, secrecy=secrecy)

    with unchanged(RefusedError):
        act(user).follow(ticket)
    with unchanged(RefusedError):
        act(supporter).follow(ticket, person_id=colleague.id)


def test_followers_lose_sight_of_what_becomes_secret(app, desk, act, unchanged, supporter):
    desk.team(is_closed=True, receives_confidential=True)
    follower, user = desk.person(), desk.person()
    ticket = desk.ticket(by=user)
    act(supporter).follow(ticket, person_id=follower.id)

    act(supporter).classify(ticket, secrecy=Secrecy.CONFIDENTIAL)

    assert not may_see(app, desk, follower, ticket)
    assert may_see(app, desk, user, ticket)
    with app.app_context():
        who = desk.actor(follower)
        assert lists.mine(who, is_open=True) == []
        assert lists.listed([ticket], who) == {}
