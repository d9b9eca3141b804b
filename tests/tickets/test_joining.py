"""Tickets that are one, tickets that belong together, and people who follow along."""

from datetime import timedelta
from itertools import pairwise

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from servicedesk.tickets import lists
from servicedesk.tickets import queries as reading
from servicedesk.tickets.models import EntryKind, Link, Visibility
from servicedesk.tickets.workflow import MIRRORED, LinkKind, MoveRefusedError, Secrecy, State
from tests.desk import EVERYTHING
from tests.tickets.reading import followers, may_see

DAY = timedelta(days=1)


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER)


def links(desk):
    return {(row.ticket_id, row.other_id, row.kind) for row in desk.all(Link)}


# ------------------------------------------------------------------------------------------ merging


def test_a_merged_ticket_is_closed_and_its_users_follow_the_survivor(app, desk, act, supporter):
    affected, superbruger, user = desk.person(), desk.person(Role.SUPERBRUGER), desk.person()
    survivor, ticket = act(user).file(), act(superbruger).file(affected_id=affected.id)

    act(supporter).merge(ticket, into_id=survivor)

    looked = desk.look(ticket)
    assert (looked.state, looked.merged_into_id, looked.closed_at) == (State.CLOSED, survivor, looked.updated_at)
    assert followers(desk, survivor) == {affected.id, superbruger.id}
    assert may_see(app, desk, affected, survivor)
    assert desk.look(survivor).state is State.NEW


def test_no_entry_is_lost_in_a_merge(desk, act, supporter):
    survivor, ticket = desk.ticket(), desk.ticket(State.WAITING_USER)
    before = [(entry.seq, entry.digest) for entry in desk.journal(ticket)]

    act(supporter).merge(ticket, into_id=survivor)

    assert [(entry.seq, entry.digest) for entry in desk.journal(ticket)][:-1] == before
    merged, absorbed = desk.journal(ticket)[-1], desk.journal(survivor)[-2]
    assert (merged.kind, merged.data["into"]) == (EntryKind.MERGED, survivor)
    assert (absorbed.kind, absorbed.data, absorbed.visibility) == (
        EntryKind.ABSORBED,
        {"other_id": ticket},
        Visibility.INTERNAL,
    )


def test_the_survivor_is_found_however_many_merges_away(app, desk, act, supporter):
    first, second, third = desk.ticket(), desk.ticket(), desk.ticket()
    act(supporter).merge(first, into_id=second)
    act(supporter).merge(second, into_id=third)

    with app.app_context():
        for ticket in (first, second, third):
            assert reading.survivor(reading.get(ticket, desk.actor(supporter))) == third


def test_users_follow_the_survivor_through_a_chain_of_merges(app, desk, act, supporter):
    user = desk.person()
    first, second, third = desk.ticket(by=user), desk.ticket(), desk.ticket()
    act(supporter).merge(first, into_id=second)
    act(supporter).merge(second, into_id=third)

    assert may_see(app, desk, user, third)


def test_who_is_a_user_of_both_needs_not_follow(desk, act, supporter):
    user = desk.person()
    survivor, ticket = desk.ticket(by=user), desk.ticket(by=user)

    act(supporter).merge(ticket, into_id=survivor)

    assert followers(desk, survivor) == set()


def test_a_merged_ticket_is_not_listed_among_ones_own_any_more(app, desk, act, supporter):
    user = desk.person()
    survivor, ticket = desk.ticket(), desk.ticket(by=user)
    act(supporter).merge(ticket, into_id=survivor)

    with app.app_context():
        assert [row.id for row in lists.mine(desk.actor(user), is_open=True)] == [survivor]
        assert lists.mine(desk.actor(user), is_open=False) == []


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.CANCELLED])
def test_nothing_is_merged_into_what_is_done(desk, act, unchanged, supporter, state):
    ticket, done = desk.ticket(), desk.ticket(state)

    with unchanged(MoveRefusedError):
        act(supporter).merge(ticket, into_id=done)


def test_tickets_do_not_run_in_a_circle(desk, act, unchanged, supporter):
    one, two = desk.ticket(), desk.ticket()
    act(supporter).merge(one, into_id=two)

    with unchanged(MoveRefusedError):
        act(supporter).merge(two, into_id=one)
    with unchanged(RefusedError):
        act(supporter).merge(two, into_id=two)


def test_two_customers_tickets_are_never_one(desk, act, unchanged):
    here, there = desk.ticket(), desk.ticket(by=desk.person(unit=desk.customer()))
    everywhere, supporter = desk.person(Role.SUPPORTER, over=EVERYTHING), desk.person(Role.SUPPORTER)

    with unchanged(RefusedError):
        act(everywhere).merge(here, into_id=there)
    with unchanged(NotFoundError):
        act(supporter).merge(here, into_id=there)


def test_secret_tickets_are_never_merged(desk, act, unchanged, supporter):
    desk.team([supporter], is_closed=True, receives_confidential=True)
    ordinary, secret, another = desk.ticket(), *(desk.ticket(secrecy=Secrecy.CONFIDENTIAL) for _ in range(2))

    for one, two in ((ordinary, secret), (secret, ordinary), (secret, another)):
        with unchanged(RefusedError):
            act(supporter).merge(one, into_id=two)


def test_what_cannot_be_read_cannot_be_merged_and_is_like_what_is_not_there(desk, act, unchanged, supporter):
    desk.team(is_closed=True, receives_confidential=True)
    ticket, hidden = desk.ticket(), desk.ticket(secrecy=Secrecy.CONFIDENTIAL)

    for other in (hidden, hidden + 1000):
        with unchanged(NotFoundError):
            act(supporter).merge(ticket, into_id=other)
        with unchanged(NotFoundError):
            act(supporter).merge(other, into_id=ticket)


@pytest.mark.parametrize("state", [State.NEW, State.OPEN, State.WAITING_USER, State.WAITING_SUPPLIER])
def test_a_merge_is_undone_within_thirty_days(app, desk, act, supporter, state):
    user = desk.person()
    survivor, ticket = desk.ticket(), desk.ticket(state, by=user)
    when = desk.look(ticket).updated_at
    act(supporter, when).merge(ticket, into_id=survivor)

    act(supporter, when + 30 * DAY).undo_merge(ticket)

    looked = desk.look(ticket)
    assert (looked.state, looked.merged_into_id, looked.closed_at, looked.is_open) == (state, None, None, True)
    assert followers(desk, survivor) == set()
    assert not may_see(app, desk, user, survivor)
    assert [entry.kind for entry in desk.journal(survivor)[-2:]] == [EntryKind.RELEASED, EntryKind.UNFOLLOWED]


def test_a_merge_is_not_undone_later_or_twice_or_when_there_was_none(desk, act, unchanged, supporter):
    survivor, ticket = desk.ticket(), desk.ticket()
    with unchanged(ConflictError):
        act(supporter).undo_merge(ticket)
    when = desk.look(ticket).updated_at
    act(supporter, when).merge(ticket, into_id=survivor)

    with unchanged(ConflictError):
        act(supporter, when + 30 * DAY + timedelta(microseconds=1)).undo_merge(ticket)
    act(supporter, when + DAY).undo_merge(ticket)
    with unchanged(ConflictError):
        act(supporter, when + 2 * DAY).undo_merge(ticket)


def test_a_merge_can_be_made_again_and_undone_from_then(desk, act, supporter):
    survivor, ticket = desk.ticket(), desk.ticket()
    when = desk.look(ticket).updated_at
    act(supporter, when).merge(ticket, into_id=survivor)
    act(supporter, when + DAY).undo_merge(ticket)
    act(supporter, when + 40 * DAY).merge(ticket, into_id=survivor)

    act(supporter, when + 60 * DAY).undo_merge(ticket)

    assert desk.look(ticket).state is State.NEW


def test_undoing_takes_away_only_what_the_merge_gave(desk, act, supporter):
    """Who followed the survivor before, or is a user of another ticket that lives on in it, goes on following."""
    follower, twice = desk.person(), desk.person()
    survivor, ticket = desk.ticket(), desk.ticket(by=follower)
    one, two = desk.ticket(by=twice), desk.ticket(by=twice)
    act(supporter).follow(survivor, person_id=follower.id)
    for merged in (ticket, one, two):
        act(supporter).merge(merged, into_id=survivor)

    act(supporter).undo_merge(ticket)
    act(supporter).undo_merge(one)

    assert followers(desk, survivor) == {follower.id, twice.id}


def test_undoing_the_first_merge_of_a_chain_leaves_nobody_behind_in_the_survivor(app, desk, act, supporter):
    user = desk.person()
    first, second, third = desk.ticket(by=user), desk.ticket(), desk.ticket()
    act(supporter).merge(first, into_id=second)
    act(supporter).merge(second, into_id=third)

    act(supporter).undo_merge(first)

    assert desk.look(first).state is State.NEW
    assert not may_see(app, desk, user, second)
    assert not may_see(app, desk, user, third)


def test_merging_and_undoing_are_work(desk, act, unchanged, supporter):
    user, leader = desk.person(), desk.person(Role.MANAGER)
    survivor, ticket = desk.ticket(by=user), desk.ticket(by=user)

    for who in (user, leader):
        with unchanged(NotAllowedError):
            act(who).merge(ticket, into_id=survivor)
    act(supporter).merge(ticket, into_id=survivor)
    for who in (user, leader):
        with unchanged(NotAllowedError):
            act(who).undo_merge(ticket)


# ------------------------------------------------------------------------------------------ links


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_is_kept_and_told_from_both_sides(desk, act, supporter, kind):
    one, two = desk.ticket(), desk.ticket()

    act(supporter).link(one, other_id=two, kind=kind)
    act(supporter).link(one, other_id=two, kind=kind)
    act(supporter).link(two, other_id=one, kind=MIRRORED[kind])

    assert links(desk) == {(one, two, kind), (two, one, MIRRORED[kind])}
    for ticket, other, how in ((one, two, kind), (two, one, MIRRORED[kind])):
        [entry] = desk.journal(ticket)[1:]
        assert (entry.kind, entry.visibility) == (EntryKind.LINKED, Visibility.INTERNAL)
        assert entry.data == {"other_id": other, "number": f"SD-{other}", "link": how.value}


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_is_taken_back_from_either_side(desk, act, unchanged, supporter, kind):
    one, two = desk.ticket(), desk.ticket()
    act(supporter).link(one, other_id=two, kind=kind)

    act(supporter).unlink(two, other_id=one, kind=MIRRORED[kind])

    assert links(desk) == set()
    with unchanged(NotFoundError):
        act(supporter).unlink(one, other_id=two, kind=kind)


def test_no_ticket_comes_to_lie_under_itself(desk, act, unchanged, supporter):
    tickets = [desk.ticket() for _ in range(4)]
    for child, parent in pairwise(tickets):
        act(supporter).link(child, other_id=parent, kind=LinkKind.PARENT)

    for under in tickets[:3]:
        with unchanged(RefusedError):
            act(supporter).link(tickets[3], other_id=under, kind=LinkKind.PARENT)
        with unchanged(RefusedError):
            act(supporter).link(under, other_id=tickets[3], kind=LinkKind.CHILD)
    with unchanged(RefusedError):
        act(supporter).link(tickets[0], other_id=tickets[0], kind=LinkKind.RELATED)
    act(supporter).link(tickets[0], other_id=tickets[3], kind=LinkKind.PARENT)


def test_a_ticket_under_two_others_is_no_circle(desk, act, supporter):
    child, mother, father, grandmother = (desk.ticket() for _ in range(4))
    for below, above in ((child, mother), (child, father), (mother, grandmother), (father, grandmother)):
        act(supporter).link(below, other_id=above, kind=LinkKind.PARENT)

    assert len(links(desk)) == 8


def test_no_link_to_what_cannot_be_read_or_belongs_to_another_customer(desk, act, unchanged, supporter):
    desk.team(is_closed=True, receives_confidential=True)
    ticket, hidden = desk.ticket(), desk.ticket(secrecy=Secrecy.CONFIDENTIAL)
    elsewhere = desk.ticket(by=desk.person(unit=desk.customer()))
    everywhere = desk.person(Role.SUPPORTER, over=EVERYTHING)

    for other in (hidden, elsewhere, 10**6):
        with unchanged(NotFoundError):
            act(supporter).link(ticket, other_id=other, kind=LinkKind.PARENT)
        with unchanged(NotFoundError):
            act(supporter).link(other, other_id=ticket, kind=LinkKind.PARENT)
    with unchanged(NotFoundError):
        act(everywhere).link(ticket, other_id=elsewhere, kind=LinkKind.RELATED)


def test_a_link_shows_nothing_of_a_ticket_that_has_become_secret(app, desk, act, supporter):
    desk.team(is_closed=True, receives_confidential=True)
    ticket, other = desk.ticket(), desk.ticket(subject="Kanariefugl")
    act(supporter).link(ticket, other_id=other, kind=LinkKind.RELATED)
    act(supporter).classify(other, secrecy=Secrecy.CONFIDENTIAL)

    with app.app_context():
        who = desk.actor(supporter)
        assert reading.links(reading.hold(ticket, who), who) == ([], [])


def test_links_and_merged_tickets_are_shown_to_who_may_read_them(app, desk, act, supporter):
    user = desk.person()
    ticket, other, merged = desk.ticket(by=user), desk.ticket(), desk.ticket()
    act(supporter).link(ticket, other_id=other, kind=LinkKind.PARENT)
    act(supporter).merge(merged, into_id=ticket)

    with app.app_context():
        for person, seen in ((supporter, ([other], [merged])), (user, ([], []))):
            who = desk.actor(person)
            linked, into = reading.links(reading.hold(ticket, who), who)
            assert ([one.id for one in linked], [one.id for one in into]) == seen
