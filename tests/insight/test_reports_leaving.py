"""Reports by mail: whose rights count when they leave, how they are tried, and how a link ends them."""

import re
from random import Random

import pytest

from servicedesk.core.audit import AuditLine
from servicedesk.insight.models import Ending, ReportMail
from servicedesk.insight.reports import commands, queries
from servicedesk.notifications.models import Delivery, Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.surveys import links as surveys
from tests.figures.conftest import Town, town  # noqa: F401  a fixture
from tests.insight.reported import ask, only, take_role, text_of

pytestmark = pytest.mark.usefixtures("no_drawing")


# ------------------------------------------------------------------------------------------------ rights when it leaves


def test_who_lost_the_role_is_told_that_it_has_ended(desk, browse, chief, at, work, post):
    at("2026-10-20 10:00")
    ask(browse, chief)
    take_role(desk, chief)
    now = at("2026-11-02 10:00")

    assert work(now) == 1
    (mail,) = post(now)

    assert mail["Subject"] == "Du får ikke længere månedsrapporten på mail"
    assert only(desk).ending is Ending.NO_ACCESS
    assert desk.count(ReportMail) == 0
    assert desk.count(Notice, person_id=chief.id) == 1
    assert "Du får ikke længere månedsrapporten på mail" in browse(chief).get("/notices").text


def test_who_has_left_hears_nothing(desk, browse, chief, at, work, post):
    at("2026-10-20 10:00")
    ask(browse, chief)
    with desk.writing() as session:
        session.get_one(Person, chief.id).is_active = False
    now = at("2026-11-02 10:00")

    assert work(now) == 1
    assert post(now) == []
    assert (only(desk).ending, desk.count(OutboxMail), desk.count(Notice)) == (Ending.LEFT, 0, 0)


def test_who_lost_the_role_while_the_mail_waited_gets_nothing(desk, browse, chief, at, work, post):
    at("2026-10-20 10:00")
    ask(browse, chief)
    now = at("2026-11-02 10:00")
    assert work(now) == 1
    take_role(desk, chief)

    assert post(now) == []
    assert [mail.delivery for mail in desk.all(OutboxMail)] == [Delivery.DROPPED]


def test_what_was_stopped_while_the_mail_waited_does_not_leave(desk, browse, chief, at, work, post):
    at("2026-10-20 10:00")
    ask(browse, chief)
    now = at("2026-11-02 10:00")
    assert work(now) == 1
    browse(chief).post(f"/overview/reports/{only(desk).id}/end")

    assert post(now) == []


def test_the_outbox_keeps_no_figure(desk, browse, chief, at, work):
    at("2026-10-20 10:00")
    ask(browse, chief)
    work(at("2026-11-02 10:00"))

    (mail,) = desk.all(OutboxMail)
    assert mail.facts.keys() == {"recipient", "subscription", "month", "unsubscribe_url"}


# ------------------------------------------------------------------------------------------------ trying it


def test_a_preview_says_what_the_mail_says(town: Town, browse, at, post):  # noqa: F811
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    ask(browse, town.chief)
    key = only(town.desk).id

    page = browse(town.chief).get(f"/overview/reports/{key}/preview").text
    browse(town.chief).post(f"/overview/reports/{key}/send")
    (mail,) = post(at("2026-11-20 10:05"))

    for name, value in re.findall(r"- ([^:]+): ([^.\n(]+)", text_of(mail)):
        assert f"<dt>{name}</dt><dd><strong>{value.strip()}" in page


def test_now_is_not_without_end_and_not_instead_of_the_monthly_one(desk, browse, chief, at, work, monkeypatch):
    monkeypatch.setattr(commands, "MOST_ASKED", 2)
    at("2026-10-20 10:00")
    ask(browse, chief)
    at("2026-11-02 07:00")
    answers = [browse(chief).post(f"/overview/reports/{only(desk).id}/send").status_code for _ in range(3)]

    assert answers == [303, 303, 409]
    assert work(at("2026-11-02 10:00")) == 1
    assert sorted(one.number for one in desk.all(ReportMail)) == [0, 1, 2]


# ------------------------------------------------------------------------------------------------ by the link of a mail


@pytest.fixture
def link(desk, browse, chief, at):
    """Where the mail's link leads."""
    at("2026-11-20 10:00")
    ask(browse, chief)
    browse(chief).post(f"/overview/reports/{only(desk).id}/send")
    (mail,) = desk.all(OutboxMail)
    return mail.facts["unsubscribe_url"]


def test_one_press_ends_it_and_looking_does_not(desk, browse, link):
    stranger = browse()

    assert "Ja, stop den" in stranger.get(link).text
    assert only(desk).ended_at is None
    assert "Du får den ikke mere" in stranger.post(link).text
    assert stranger.post(link).status_code == 200
    assert only(desk).ending is Ending.BY_MAIL
    assert desk.count(AuditLine, action="report_ended") == 1


def test_a_mail_program_ends_it_without_a_session(shared_app, desk, app, link):
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"}, headers={"X-CSRFToken": ""})

    assert answer.status_code == 200
    assert only(desk).ending is Ending.BY_MAIL


def test_what_was_stopped_by_mistake_goes_on(desk, browse, link):
    browse().post(link)
    browse().post(f"{link}/resume")

    assert (only(desk).ended_at, only(desk).next_month) == (None, 202611)


def test_what_was_ended_by_hand_is_not_begun_by_a_link(desk, browse, chief, link):
    browse(chief).post(f"/overview/reports/{only(desk).id}/end")
    browse().post(f"{link}/resume")

    assert only(desk).ending is Ending.BY_HAND


def test_a_link_does_not_say_whose_it_is(browse, link):
    page = browse().get(link).text

    assert "Karen" not in page
    assert "Testby Kommune" not in page


def test_a_link_does_one_thing(browse, link, desk):
    token = link.rpartition("/")[2]

    for other in (f"/rating/{token}", f"/survey/{token}", f"/calendar/{token}.ics"):
        assert browse().get(other).status_code in (404, 410)


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5_000, "%00", "æøå"])
def test_a_link_that_is_none_ends_nothing(desk, browse, link, token):
    for answer in (browse().get(f"/overview/reports/stop/{token}"), browse().post(f"/overview/reports/stop/{token}")):
        assert answer.status_code == 404
    assert only(desk).ended_at is None


def test_tokens_of_another_purpose_end_nothing(browse, link):
    token, digest = "a" * 43, surveys.digest("a" * 43, surveys.Purpose.SURVEY)

    assert queries.digest(token) != digest
    assert browse().get(f"/overview/reports/stop/{token}").status_code == 404
