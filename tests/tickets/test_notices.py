"""Who hears of what by mail, and that secrets and internal words never leave."""

import json
from typing import Any

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import Cause, Level, LinkKind, Secrecy, State

CANARY = "kanariefugl"


class Cast:
    """A ticket with everybody around it: filer, affected person, follower, assignee and a colleague at the desk."""

    def __init__(self, desk, act, state=State.OPEN, **filed):
        self.desk, self.act = desk, act
        self.filer, self.affected = desk.person(Role.SUPERBRUGER, name="Filip"), desk.person(name="Asta")
        self.follower, self.assignee = desk.person(name="Frida"), desk.person(Role.SUPPORTER, name="Sofus")
        self.colleague, self.leader = desk.person(Role.SUPPORTER), desk.person(Role.MANAGER)
        self.team = desk.team([self.assignee, self.colleague], is_first_line=True)
        self.other_team = desk.team()
        self.ticket = act(self.filer).file(affected_id=self.affected.id, subject="Emne", **filed)
        act(self.assignee).take(self.ticket)
        act(self.colleague).follow(self.ticket, person_id=self.follower.id)
        if state is State.RESOLVED:
            act(self.assignee).resolve(self.ticket, solution="Gjort", cause=Cause.OTHER)
        self.before = {mail.id for mail in desk.all(OutboxMail)}

    def mails(self):
        return [mail for mail in self.desk.all(OutboxMail) if mail.id not in self.before]

    def told(self):
        """Who has been told since the curtain rose, as (names of the parts, templates)."""
        parts = {person.id: part for part, person in vars(self).items() if isinstance(person, Person)}
        return {parts[mail.person_id] for mail in self.mails()}, {mail.template for mail in self.mails()}


NOBODY: tuple[set[str], set[str]] = (set(), set())
USERS = {"filer", "affected", "follower"}

#: What is done, by whom, from which state: who hears of it, and with which mail.
HEARD: dict[str, tuple[str, str, dict[str, Any], State, tuple[set[str], set[str]]]] = {
    "staff answers": ("assignee", "reply", {"body": "Svar"}, State.OPEN, (USERS, {"ticket_replied"})),
    "a user writes": ("affected", "reply", {"body": "Mere"}, State.OPEN, ({"assignee"}, {"ticket_user_replied"})),
    "the filer writes": ("filer", "reply", {"body": "Mere"}, State.OPEN, ({"assignee"}, {"ticket_user_replied"})),
    "staff notes": ("assignee", "note", {"body": "Note"}, State.OPEN, NOBODY),
    "staff asks": ("assignee", "wait_for_user", {"body": "Hvad?"}, State.OPEN, (USERS, {"ticket_question"})),
    "staff waits": ("assignee", "wait_for_supplier", {"supplier": "X", "body": "Y"}, State.OPEN, NOBODY),
    "staff solves": (
        "assignee", "resolve", {"solution": "S", "cause": Cause.FAULT}, State.OPEN, (USERS, {"ticket_resolved"}),
    ),
    "a user reopens": ("affected", "reopen", {"reason": "Nej"}, State.RESOLVED, ({"assignee"}, {"ticket_reopened"})),
    "the assignee reopens": ("assignee", "reopen", {"reason": "Nej"}, State.RESOLVED, NOBODY),
    "a user confirms": ("affected", "confirm", {}, State.RESOLVED, NOBODY),
    "staff closes": ("assignee", "close", {}, State.RESOLVED, (USERS, {"ticket_closed"})),
    "a user cancels": (
        "filer",
        "cancel",
        {"reason": "Nå"},
        State.OPEN,
        ({"affected", "assignee", "follower"}, {"ticket_cancelled"}),
    ),
    "a colleague takes": ("colleague", "take", {}, State.OPEN, NOBODY),
    "staff changes": ("assignee", "change", {"urgency": Level.HIGH}, State.OPEN, NOBODY),
    "staff follows": ("assignee", "follow", {}, State.OPEN, NOBODY),
}  # fmt: skip


@pytest.mark.parametrize("what", HEARD)
def test_who_hears_when(desk, act, what):
    who, command, told, state, heard = HEARD[what]
    cast = Cast(desk, act, state)

    getattr(act(getattr(cast, who)), command)(cast.ticket, **told)

    assert cast.told() == heard


def test_the_filer_and_the_affected_person_get_a_receipt(desk, act):
    affected, filer = desk.person(), desk.person(Role.SUPERBRUGER)

    ticket = act(filer).file(affected_id=affected.id)

    mails = desk.all(OutboxMail)
    assert {(mail.person_id, mail.template) for mail in mails} == {
        (filer.id, "ticket_filed"),
        (affected.id, "ticket_filed"),
    }
    assert {mail.message_id for mail in mails} == {f"ticket-{ticket}-{filer.id}", f"ticket-{ticket}-{affected.id}"}


def test_all_mails_to_one_person_about_one_ticket_hang_together(desk, act):
    cast = Cast(desk, act)

    act(cast.assignee).reply(cast.ticket, body="Svar")
    act(cast.assignee).resolve(cast.ticket, solution="Løst", cause=Cause.OTHER)

    for mail in cast.mails():
        assert mail.thread_id == f"ticket-{cast.ticket}-{mail.person_id}"
    assert len({mail.message_id for mail in desk.all(OutboxMail)}) == desk.count(OutboxMail)


def test_who_is_given_a_ticket_hears_of_it_and_who_takes_it_does_not(desk, act):
    cast = Cast(desk, act)

    act(cast.assignee).assign(cast.ticket, assignee_id=cast.colleague.id)
    assert cast.told() == ({"colleague"}, {"ticket_assigned"})
    act(cast.colleague).assign(cast.ticket, assignee_id=None)
    act(cast.colleague).move(cast.ticket, team_id=cast.other_team.id)
    assert len(cast.mails()) == 1


def test_users_hear_that_their_ticket_lives_on_in_another(desk, act):
    cast = Cast(desk, act)
    survivor = desk.ticket()
    cast.before = {mail.id for mail in desk.all(OutboxMail)}

    act(cast.assignee).merge(cast.ticket, into_id=survivor)

    assert cast.told() == (USERS, {"ticket_merged"})


def test_links_are_nobodys_mail(desk, act):
    cast = Cast(desk, act)
    other = desk.ticket()
    cast.before = {mail.id for mail in desk.all(OutboxMail)}

    act(cast.assignee).link(cast.ticket, other_id=other, kind=LinkKind.PARENT)
    act(cast.assignee).unlink(cast.ticket, other_id=other, kind=LinkKind.PARENT)

    assert cast.mails() == []


def test_who_has_no_mailbox_or_has_left_gets_no_mail(desk, act):
    filer, staff = desk.person(email=None), desk.person(Role.SUPPORTER)
    gone = desk.person()
    ticket, other = act(filer).file(), act(gone).file()
    with desk.writing() as session:
        session.get(type(gone), gone.id).is_active = False
    before = desk.count(OutboxMail)

    act(staff).reply(ticket, body="Svar")
    act(staff).reply(other, body="Svar")

    assert desk.count(OutboxMail) == before


def test_internal_words_are_in_nobodys_mail(desk, act):
    cast = Cast(desk, act)

    act(cast.assignee).note(cast.ticket, body=CANARY)
    act(cast.assignee).wait_for_supplier(cast.ticket, supplier="Canon", body=CANARY)
    act(cast.assignee).reply(cast.ticket, body="Vi venter på Canon.")
    act(cast.assignee).resolve(cast.ticket, solution="Løst", cause=Cause.OTHER)

    assert EntryKind.NOTED in [entry.kind for entry in desk.journal(cast.ticket)]
    assert CANARY not in json.dumps([mail.facts for mail in desk.all(OutboxMail)])


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECURITY])
def test_mails_about_a_secret_ticket_say_nothing_but_that_there_is_news(desk, act, secrecy):
    user, hr, colleague = desk.person(), desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    desk.team([hr, colleague], is_closed=True, receives_confidential=True, receives_security=True)
    ticket = act(user).file(f"Emne {CANARY}", f"Tekst {CANARY}", secrecy=secrecy)
    for do in (
        lambda: act(hr).take(ticket),
        lambda: act(hr).assign(ticket, assignee_id=colleague.id),
        lambda: act(hr).reply(ticket, body=CANARY),
        lambda: act(hr).wait_for_user(ticket, body=CANARY),
        lambda: act(user).reply(ticket, body=CANARY),
        lambda: act(hr).change(ticket, subject=f"Nyt {CANARY}"),
        lambda: act(hr).resolve(ticket, solution=CANARY, cause=Cause.OTHER),
        lambda: act(user).reopen(ticket, reason=CANARY),
        lambda: act(user).cancel(ticket, reason=CANARY),
    ):
        do()

    mails = desk.all(OutboxMail)
    assert {mail.person_id for mail in mails} == {user.id, colleague.id}
    for mail in mails:
        assert mail.facts == {
            "recipient": mail.facts["recipient"], "number": f"SD-{ticket}", "url": f"/tickets/{ticket}",
            "is_secret": True,
        }  # fmt: skip


def test_followers_hear_nothing_of_what_has_become_secret(desk, act):
    cast = Cast(desk, act)
    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    act(cast.assignee).classify(cast.ticket, secrecy=Secrecy.CONFIDENTIAL)

    act(hr).reply(cast.ticket, body="Svar")

    assert cast.told() == ({"filer", "affected"}, {"ticket_replied"})


def test_a_member_of_the_team_who_may_not_read_the_ticket_is_not_given_it(desk, act, unchanged):
    """Membership alone lets nobody in; the mail would tell what the page refuses."""
    from servicedesk.core.errors import RefusedError

    staff, helper = desk.person(Role.SUPPORTER), desk.person()
    desk.team([staff, helper], is_first_line=True)
    ticket = desk.ticket()

    with unchanged(RefusedError):
        act(staff).assign(ticket, assignee_id=helper.id)
