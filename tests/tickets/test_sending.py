"""What staff send can be taken back for some seconds, and becomes an entry exactly once."""

from datetime import timedelta
from io import BytesIO

import pytest

from servicedesk.core.actor import Role
from servicedesk.drafts.models import Draft, KeptFile, Sending
from servicedesk.notifications.models import Notice
from servicedesk.organisation.models import RoleGrant
from servicedesk.tickets.commands import sending
from servicedesk.tickets.jobs import send_due
from servicedesk.tickets.models import Attachment, EntryKind
from servicedesk.tickets.workflow import State
from tests.pages.town import picture


@pytest.fixture
def now(at):
    return at("2026-03-02 10:00")


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, name="Lene Krogh")


@pytest.fixture
def user(desk):
    return desk.person(name="Mette Holm")


@pytest.fixture
def ticket(now, desk, user, supporter):
    return desk.ticket(State.OPEN, by=user, assignee=supporter)


@pytest.fixture
def browser(now, browse, supporter):
    return browse(supporter)


def say(browser, desk, ticket, body="Prøv at slukke og tænde.", **more):
    form = {"body": body, "seen": desk.look(ticket).version, "undo": "1", "visibility": "public", **more}
    return browser.post(f"/tickets/{ticket}/entries", data=form)


def said(desk, ticket):
    return [entry.data["body"] for entry in desk.journal(ticket) if entry.kind in (EntryKind.REPLIED, EntryKind.NOTED)]


def sweep(app, now, seconds=11):
    with app.app_context():
        return send_due(now + timedelta(seconds=seconds))


def test_it_waits_and_is_shown_to_its_writer_only(app, desk, browse, browser, ticket, user, now):
    say(browser, desk, ticket)

    assert said(desk, ticket) == []
    page = browser.get(f"/tickets/{ticket}").text
    assert "Svaret sendes om lidt" in page
    assert "10.00.10" in page
    assert "slukke og tænde" not in browse(user).get(f"/tickets/{ticket}").text
    assert sweep(app, now, 9) == 0
    assert sweep(app, now) == 1
    assert sweep(app, now) == 0
    assert said(desk, ticket) == ["Prøv at slukke og tænde."]
    assert desk.count(Sending) == 0


def test_taken_back_it_is_a_draft_with_everything(desk, browser, ticket, tmp_path):
    shot = (BytesIO(picture(tmp_path).read_bytes()), "skærm.png")
    say(browser, desk, ticket, "Kun internt", visibility="internal", files=shot)
    (sending,) = desk.all(Sending)

    answer = browser.post(f"/tickets/{ticket}/sending/{sending.id}/undo")

    assert answer.location == f"/tickets/{ticket}#write"
    page = browser.get(f"/tickets/{ticket}").text
    assert "Kun internt" in page
    assert 'value="internal" checked' in page
    assert "skærm.png" in page
    assert said(desk, ticket) == []
    (kept,) = desk.all(KeptFile)
    assert kept.place == f"ticket-{ticket}"


def test_files_are_attached_when_it_goes(app, desk, browser, ticket, tmp_path, now):
    say(browser, desk, ticket, files=(BytesIO(picture(tmp_path).read_bytes()), "skærm.png"))
    assert desk.count(Attachment) == 0

    sweep(app, now)

    assert [file.name for file in desk.all(Attachment)] == ["skærm.png"]
    assert desk.count(KeptFile) == 0


def test_too_late_to_take_back_is_said(app, desk, browser, ticket, now):
    say(browser, desk, ticket)
    (sending,) = desk.all(Sending)
    sweep(app, now)

    browser.post(f"/tickets/{ticket}/sending/{sending.id}/undo")

    assert "kan ikke fortrydes" in browser.get(f"/tickets/{ticket}").text
    assert len(said(desk, ticket)) == 1


def test_the_page_lets_it_go_and_the_worker_finds_nothing(app, desk, browser, ticket, now):
    say(browser, desk, ticket)
    (sending,) = desk.all(Sending)

    script = {"Accept": "application/json"}
    assert browser.post(f"/tickets/{ticket}/sending/{sending.id}/now", headers=script).json == {"is_sent": True}
    assert browser.post(f"/tickets/{ticket}/sending/{sending.id}/now", headers=script).json == {"is_sent": False}

    assert sweep(app, now) == 0
    assert len(said(desk, ticket)) == 1


def test_the_next_thing_that_one_does_there_comes_after_it(desk, browser, ticket):
    before = desk.look(ticket).version
    say(browser, desk, ticket, "Først dette")

    form = {"solution": "Nyt kabel", "cause": "fault", "seen": before}
    assert browser.post(f"/tickets/{ticket}/solution", data=form).status_code == 303

    assert [entry.kind for entry in desk.journal(ticket)[-2:]] == [EntryKind.REPLIED, EntryKind.RESOLVED]


def test_a_second_answer_lets_the_first_go(app, desk, browser, ticket, now):
    before = desk.look(ticket).version
    say(browser, desk, ticket, "Et", seen=before)
    say(browser, desk, ticket, "To", seen=before)

    assert said(desk, ticket) == ["Et"]
    sweep(app, now)
    assert said(desk, ticket) == ["Et", "To"]


def test_a_ticket_that_was_closed_meanwhile_gives_the_text_back(
    app, desk, act, at, browser, ticket, supporter, user, now
):
    say(browser, desk, ticket, "Hører du noget?")
    act(user, now).cancel(ticket, reason="Det løste sig")

    sweep(app, now)

    assert said(desk, ticket) == []
    (draft,) = desk.all(Draft)
    assert draft.fields["body"] == "Hører du noget?"
    (notice,) = desk.all(Notice, person_id=supporter.id, event="ticket_not_sent")
    at("2026-03-02 10:01")
    assert "blev ikke sendt" in browser.get("/notices").text
    assert notice.thread == f"ticket-{ticket}"
    assert "Hører du noget?" in browser.get(f"/tickets/{ticket}").text


def test_somebody_who_lost_the_right_sends_nothing(app, desk, browser, ticket, supporter, now):
    say(browser, desk, ticket)
    with desk.writing() as session:
        for grant in desk.all(RoleGrant, person_id=supporter.id):
            session.delete(session.merge(grant))

    sweep(app, now)

    assert said(desk, ticket) == []
    assert desk.all(Draft)[0].fields["body"] == "Prøv at slukke og tænde."
    page = browser.get("/drafts").text
    assert "slukke og tænde" in page
    assert f"SD-{ticket}" not in page


def test_a_public_word_by_somebody_else_stops_it(app, desk, act, browser, ticket, user, now):
    say(browser, desk, ticket)
    act(user, now).reply(ticket, body="Det virker igen!")

    sweep(app, now)

    assert said(desk, ticket) == ["Det virker igen!"]
    assert desk.all(Draft)[0].fields["body"] == "Prøv at slukke og tænde."


def test_what_else_happens_stops_nothing(app, desk, act, browser, ticket, now):
    say(browser, desk, ticket)
    act(desk.person(Role.SUPPORTER), now).note(ticket, body="Jeg kender den printer")
    act(desk.person(Role.SUPPORTER), now).change(ticket, subject="Printeren på 2. sal")

    sweep(app, now)

    assert "Prøv at slukke og tænde." in said(desk, ticket)


def test_an_old_page_is_told_before_anything_is_sent(desk, act, browser, ticket, user, now):
    before = desk.look(ticket).version
    act(user, now).reply(ticket, body="Nu lugter den også")

    page = say(browser, desk, ticket, "Er den varm?", seen=before)

    assert page.status_code == 409
    assert "Send alligevel" in page.text
    assert page.text.index("Nu lugter den også") < page.text.rindex("Er den varm?")
    assert desk.count(Sending) == 0
    assert desk.all(Draft)[0].fields["body"] == "Er den varm?"
    say(browser, desk, ticket, "Er den varm?", undo="")
    assert said(desk, ticket)[-1] == "Er den varm?"
    assert desk.count(Draft) == 0


@pytest.mark.parametrize("wrong", [{"body": ""}, {"body": "x", "mentions": "12,drop"}, {"then": "wait", "body": " "}])
def test_what_cannot_be_said_is_refused_at_once(desk, browser, ticket, wrong):
    assert say(browser, desk, ticket, **wrong).status_code == 422
    assert desk.count(Sending) == 0


def test_an_employees_words_go_at_once(desk, browse, ticket, user):
    say(browse(user), desk, ticket, "Tak!")

    assert said(desk, ticket) == ["Tak!"]


def test_without_undo_it_goes_at_once(desk, browser, ticket):
    say(browser, desk, ticket, undo="")

    assert len(said(desk, ticket)) == 1


@pytest.mark.parametrize(("seconds", "waits"), [(0, False), (30, True)])
def test_everybody_chooses_for_how_long(app, desk, browser, ticket, now, seconds, waits):
    browser.post("/me/sending", data={"seconds": seconds})
    assert "Fortryd, når du har sendt" in browser.get("/me").text

    say(browser, desk, ticket)

    assert (desk.count(Sending) == 1) is waits
    assert sweep(app, now, 29) == 0
    assert sweep(app, now, 31) == int(waits)
    assert len(said(desk, ticket)) == 1


def test_only_what_is_offered_can_be_chosen(browser):
    assert browser.post("/me/sending", data={"seconds": 86400}).status_code == 422


def test_nobody_else_lets_it_go_or_takes_it_back(desk, browse, browser, ticket):
    say(browser, desk, ticket)
    (sending,) = desk.all(Sending)
    other = browse(desk.person(Role.SUPPORTER))

    other.post(f"/tickets/{ticket}/sending/{sending.id}/now")
    other.post(f"/tickets/{ticket}/sending/{sending.id}/undo")

    assert desk.count(Sending) == 1
    assert said(desk, ticket) == []


def test_a_question_waits_for_the_user_when_it_goes(app, desk, browser, ticket, now):
    say(browser, desk, ticket, "Hvilken model?", then="wait")
    assert desk.look(ticket).state is State.OPEN

    sweep(app, now)

    assert desk.look(ticket).state is State.WAITING_USER


def test_a_fault_of_ours_puts_one_off_and_lets_the_rest_go(app, desk, browse, browser, ticket, monkeypatch, now):
    other = desk.ticket(State.OPEN, by=desk.person(), assignee=desk.person(Role.SUPPORTER))
    say(browser, desk, ticket, "Den ene")
    say(browser, desk, other, "Den anden")
    (first, _second) = desk.all(Sending)
    from servicedesk.tickets.commands import sending

    publish = sending.publish

    def break_first(sending_id, **told):
        if sending_id == first.id:
            raise ZeroDivisionError
        return publish(sending_id, **told)

    monkeypatch.setattr(sending, "publish", break_first)
    sweep(app, now)
    assert said(desk, other) == ["Den anden"]
    monkeypatch.undo()
    sweep(app, now, 120)
    assert said(desk, ticket) == ["Den ene"]


def test_a_mistake_of_ours_keeps_nobody_elses_answer(app, desk, browser, user, supporter, ticket, now, monkeypatch):
    other = desk.ticket(State.OPEN, by=user, assignee=supporter)
    say(browser, desk, ticket, "Den her går galt")
    say(browser, desk, other, "Den her går godt")
    whole = sending._said

    def breaks(ticket_id, message, **told):
        if ticket_id == ticket:
            raise ZeroDivisionError
        return whole(ticket_id, message, **told)

    monkeypatch.setattr(sending, "_said", breaks)
    assert sweep(app, now) == 2
    assert (said(desk, ticket), said(desk, other)) == ([], ["Den her går godt"])

    monkeypatch.undo()
    assert sweep(app, now, 12) == 0  # it waits a minute, so that it is not tried at every look
    assert sweep(app, now, 90) == 1
    assert said(desk, ticket) == ["Den her går galt"]
