"""A low rating becomes a task with a clock of its own, and the person hears of it."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.surveys.models import FollowUp, RatingSettings
from servicedesk.surveys.rules import Reason
from servicedesk.tickets.workflow import Secrecy
from tests.desk import LOCAL_ZONE


@pytest.fixture
def low(browse, place, closed, work, link, agreed):
    """A task after a rating of 2 on a Monday at nine."""
    ticket = closed()
    work()
    browse().post(link(place.user), data={"step": "2"})
    browse().post(f"{link(place.user)}/words", data={"words": "Det tog to uger"})
    return ticket


def local(instant):
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo(LOCAL_ZONE)).isoformat()[:16]


def test_a_low_rating_makes_a_task_with_a_time(desk, place, low):
    [task] = desk.all(FollowUp)
    assert (task.ticket_id, task.reason, local(task.due_at)) == (low, Reason.LOW, "2026-03-04T09:00")
    [mail] = desk.all(OutboxMail, template="follow_up_needed")
    assert mail.person_id == place.manager.id and "Det tog" not in str(mail.facts)


def test_the_time_is_in_working_days(browse, desk, place, closed, work, link, agreed, at):
    desk.add(RatingSettings(customer_id=desk.home.id, follow_up_days=3))
    closed()
    work()
    at("2026-03-06 15:30")  # a Friday
    browse().post(link(place.user), data={"step": "1"})
    [task] = desk.all(FollowUp)
    assert local(task.due_at) == "2026-03-11T15:30"


def test_who_asks_to_be_contacted_gets_a_task_too(browse, desk, place, closed, work, link):
    closed()
    work()
    address = link(place.user)
    browse().post(address, data={"step": "5"})
    assert desk.count(FollowUp) == 0
    browse().post(f"{address}/words", data={"wants_contact": "1"})
    [task] = desk.all(FollowUp)
    assert task.reason is Reason.CONTACT


def test_a_ticket_has_one_task(browse, desk, place, closed, work, link):
    closed()
    work()
    browse().post(link(place.user), data={"step": "1"})
    browse().post(f"{link(place.user)}/words", data={"wants_contact": "1"})
    assert desk.count(FollowUp) == 1


def test_the_manager_takes_answers_and_ends_it(browse, desk, place, low):
    manager = browse(place.manager)
    [task] = desk.all(FollowUp)
    assert "1 bedømmelse skal følges op" in manager.get("/").text
    assert "Anne Jensen" in manager.get("/satisfaction/tasks").text
    page = manager.get(f"/satisfaction/tasks/{task.id}").text
    assert "Det tog to uger" in page and "tel:87803333" in page

    assert manager.post(f"/satisfaction/tasks/{task.id}/take").status_code == 303
    answer = manager.post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "Det beklager vi."})
    assert answer.status_code == 303
    assert manager.post(f"/satisfaction/tasks/{task.id}/done").status_code == 303

    [task] = desk.all(FollowUp)
    assert (task.taken_by_id, task.answer, task.done_by_id) == (place.manager.id, "Det beklager vi.", place.manager.id)
    [mail] = desk.all(OutboxMail, template="rating_followed_up")
    assert mail.person_id == place.user.id and mail.facts["body"] == "Det beklager vi."
    assert desk.count(Notice, person_id=place.user.id, event="rating_followed_up") == 1
    assert "Det beklager vi." in browse(place.user).get(f"/tickets/{low}/rating").text
    assert "bedømmelse skal følges op" not in manager.get("/").text
    assert desk.count(AuditLine, action="follow_up_done") == 1


def test_it_is_not_ended_in_silence(browse, desk, place, low):
    manager = browse(place.manager)
    [task] = desk.all(FollowUp)
    assert manager.post(f"/satisfaction/tasks/{task.id}/done").status_code == 422
    done = manager.post(f"/satisfaction/tasks/{task.id}/done", data={"note": "Talt i telefon"})
    assert done.status_code == 303
    assert manager.post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "x"}).status_code == 409
    assert manager.post(f"/satisfaction/tasks/{task.id}/reopen").status_code == 303
    assert desk.all(FollowUp)[0].done_at is None


def test_what_is_typed_is_not_lost_and_an_answer_goes_once(browse, desk, place, low):
    manager = browse(place.manager)
    [task] = desk.all(FollowUp)
    long = manager.post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "y" * 2_001})
    assert long.status_code == 422 and "y" * 2_001 in long.text
    manager.post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "Hej"})
    assert manager.post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "Igen"}).status_code == 409
    assert desk.count(OutboxMail, template="rating_followed_up") == 1


def test_what_is_over_its_time_shows_so(browse, place, low, at):
    at("2026-03-04 09:01")
    assert "1 er over tiden" in browse(place.manager).get("/").text
    assert "Over tiden" in browse(place.manager).get("/satisfaction/tasks").text


@pytest.mark.parametrize("who", ["supporter", "colleague", "leader", "user", "stranger"])
def test_for_others_there_is_no_task(browse, desk, place, low, who):
    [task] = desk.all(FollowUp)
    other = browse(getattr(place, who))
    assert other.get(f"/satisfaction/tasks/{task.id}").status_code == 404
    for deed in ("take", "answer", "done", "reopen"):
        assert other.post(f"/satisfaction/tasks/{task.id}/{deed}", data={"answer": "x", "note": "x"}).status_code == 404
    assert f"/satisfaction/tasks/{task.id}" not in other.get("/satisfaction/tasks").text


def test_a_secret_tickets_rating_is_seen_to_by_its_team(browse, desk, place, closed, work, link):
    team = desk.team(name="Fortroligt", is_closed=True, receives_confidential=True)
    confidant = desk.person(Role.SUPPORTER, team=team)
    closed(secrecy=Secrecy.CONFIDENTIAL, assignee=confidant, subject="Sygdom")
    work()
    browse().post(link(place.user), data={"step": "1"})
    [task] = desk.all(FollowUp)
    assert {mail.person_id for mail in desk.all(OutboxMail, template="follow_up_needed")} == {confidant.id}
    manager = browse(place.manager)
    assert manager.get(f"/satisfaction/tasks/{task.id}").status_code == 404
    assert "bedømmelse skal følges op" not in manager.get("/").text
    assert "Sygdom" in browse(confidant).get(f"/satisfaction/tasks/{task.id}").text
    browse(confidant).post(f"/satisfaction/tasks/{task.id}/answer", data={"answer": "Om din sygdom"})
    [mail] = desk.all(OutboxMail, template="rating_followed_up")
    assert "sygdom" not in str(mail.facts).lower()
