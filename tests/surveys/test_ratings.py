"""How was the help? Asked by mail when a ticket is closed, counted by POST alone, answered once."""

from datetime import timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.surveys.models import FollowUp, Rating, RatingSettings
from servicedesk.surveys.rules import Outcome
from servicedesk.tickets.workflow import Secrecy, State
from tests.surveys.conftest import buttons


@pytest.fixture
def asked(closed, work):
    ticket = closed()
    work()
    return ticket


# ------------------------------------------------------------------------------------------------ asking


def test_whom_a_closed_ticket_is_about_is_asked_once(desk, place, asked, work):
    assert work() == 0
    [rating] = desk.all(Rating)
    assert (rating.ticket_id, rating.person_id, rating.supporter_id, rating.team_id) == (
        asked,
        place.user.id,
        place.supporter.id,
        place.team.id,
    )
    [mail] = desk.all(OutboxMail, template="rating_asked")
    assert mail.facts["subject"] == "Printeren skriver kun striber"
    assert len(mail.facts["url"].removeprefix("/rating/")) >= 43  # 256 bits
    assert rating.digest not in mail.facts["url"]
    assert desk.count(Notice, event="rating_asked") == 1


@pytest.mark.parametrize("state", [State.CANCELLED, State.RESOLVED, State.OPEN])
def test_only_closed_tickets_are_asked_about(desk, place, work, state):
    desk.ticket(state, by=place.user)
    assert work() == 0 and desk.count(Rating) == 0


def test_nobody_is_asked_about_security(desk, place, closed, work):
    team = desk.team(name="Vagt", is_closed=True, receives_security=True)
    guard = desk.person(Role.SUPPORTER, team=team)
    closed(secrecy=Secrecy.SECURITY, assignee=guard)
    assert work() == 0 and desk.count(Rating) == 0


def test_a_secret_tickets_mail_names_nothing(desk, closed, work):
    team = desk.team(name="Fortroligt", is_closed=True, receives_confidential=True)
    closed(secrecy=Secrecy.CONFIDENTIAL, assignee=desk.person(Role.SUPPORTER, team=team), subject="Sygdom")
    work()
    [mail] = desk.all(OutboxMail, template="rating_asked")
    assert "Sygdom" not in str(mail.facts)


def test_nobody_is_asked_more_often_than_once_in_thirty_days(desk, place, closed, work, at):
    closed()
    closed()
    work()
    assert [one.outcome for one in desk.all(Rating)] == [Outcome.ASKED, Outcome.TOO_SOON]
    at("2026-04-02 09:00")
    closed()
    work()
    assert desk.all(Rating)[-1].outcome is Outcome.ASKED


def test_a_share_is_asked(desk, place, closed, work):
    desk.add(RatingSettings(customer_id=desk.home.id, share=0))
    closed()
    work()
    [rating] = desk.all(Rating)
    assert (rating.outcome, rating.digest) == (Outcome.NOT_CHOSEN, None)
    assert desk.count(OutboxMail, template="rating_asked") == 0


def test_tickets_of_long_ago_ask_nobody(desk, closed, work, at):
    closed()
    at("2026-03-20 09:00")
    assert work() == 0


def test_looking_for_what_to_ask_runs_along_the_index(desk, asked, app, queries, work):
    work()
    with queries() as sent:
        work()
    assert not any("INSERT" in statement for statement in sent)


# ------------------------------------------------------------------------------------------------ answering


def test_looking_never_counts_whatever_the_link_says(browse, desk, place, asked, link):
    """Mail scanners open every link; nothing is chosen when one looks, and nothing is written."""
    stranger = browse()
    for address in (link(place.user), f"{link(place.user)}?step=1"):
        for method in ("GET", "HEAD", "GET"):
            answer = stranger.open(address, method=method)
            assert answer.status_code == 200
    assert buttons(stranger.get(f"{link(place.user)}?step=1")) == ["5", "4", "3", "2", "1"]
    assert "checked" not in answer.text
    assert answer.headers["Referrer-Policy"] == "strict-origin" and "no-store" in answer.headers["Cache-Control"]
    [rating] = desk.all(Rating)
    assert rating.step is None and rating.answered_at is None


def test_one_press_is_the_answer_and_words_can_be_added_once(browse, desk, place, asked, link):
    stranger, address = browse(), link(place.user)

    assert stranger.post(address, data={"step": "4"}).status_code == 303
    page = stranger.get(address)
    assert "Du svarede:" in page.text and "Tilfreds" in page.text and buttons(page) == []
    assert stranger.post(f"{address}/words", data={"words": "Hurtig hjælp"}).status_code == 303

    [rating] = desk.all(Rating)
    assert (rating.step, rating.words, rating.answered_at) == (4, "Hurtig hjælp", clock.now())
    assert stranger.post(f"{address}/words", data={"words": "Nej"}).status_code == 409
    assert "Hurtig hjælp" in stranger.get(address).text
    assert desk.count(FollowUp) == 0


def test_an_answer_is_final(browse, desk, place, asked, link):
    stranger, address = browse(), link(place.user)
    stranger.post(address, data={"step": "4"})

    again = stranger.post(address, data={"step": "1"})

    assert again.status_code == 409 and "kan ikke ændres" in again.text
    assert desk.all(Rating)[0].step == 4
    signed_in = browse(place.user)
    assert signed_in.post(f"/tickets/{asked}/rating", data={"step": "1"}).status_code == 409


@pytest.mark.parametrize("step", ["", "0", "6", "5.0", "meget", "५"])
def test_what_is_no_step_is_refused_and_the_question_stays(browse, desk, place, asked, link, step):
    answer = browse().post(link(place.user), data={"step": step})
    assert answer.status_code == 422 and len(buttons(answer)) == 5
    assert desk.all(Rating)[0].step is None


def test_words_that_are_too_long_are_not_lost(browse, place, asked, link):
    stranger, address = browse(), link(place.user)
    stranger.post(address, data={"step": "3"})
    answer = stranger.post(f"{address}/words", data={"words": "x" * 2_001})
    assert answer.status_code == 422 and "x" * 2_001 in answer.text
    assert stranger.post(f"{address}/words", data={"words": " "}).status_code == 422


def test_signed_in_one_answers_from_the_start_page_and_the_ticket(browse, desk, place, asked):
    user = browse(place.user)
    assert f"/tickets/{asked}/rating" in user.get("/").text
    assert len(buttons(user.get(f"/tickets/{asked}"))) == 5

    assert user.post(f"/tickets/{asked}/rating", data={"step": "5"}).status_code == 303

    assert f"/tickets/{asked}/rating" not in user.get("/").text
    page = user.get(f"/tickets/{asked}").text
    assert "Din bedømmelse" in page and "Meget tilfreds" in page


@pytest.mark.parametrize("who", ["supporter", "manager", "colleague", "stranger"])
def test_only_whoever_was_asked_answers(browse, desk, place, asked, who):
    other = browse(getattr(place, who))
    assert other.get(f"/tickets/{asked}/rating").status_code == 404
    assert other.post(f"/tickets/{asked}/rating", data={"step": "1"}).status_code == 404
    assert desk.all(Rating)[0].step is None


# ------------------------------------------------------------------------------------------------ who sees it


def test_team_manager_and_rated_see_the_rating_on_the_ticket(browse, place, asked, link):
    browse().post(link(place.user), data={"step": "4"})
    browse().post(f"{link(place.user)}/words", data={"words": "Hurtig hjælp"})
    for who in (place.supporter, place.manager):
        assert "Hurtig hjælp" in browse(who).get(f"/tickets/{asked}").text
    for who in (place.colleague, place.leader):
        page = browse(who).get(f"/tickets/{asked}")
        assert page.status_code == 200
        assert "Hurtig hjælp" not in page.text and "Bedømmelse" not in page.text


def test_words_are_shown_as_they_were_written(browse, place, asked, link):
    browse().post(link(place.user), data={"step": "4"})
    browse().post(f"{link(place.user)}/words", data={"words": "<script>alert(1)</script>"})
    assert "<script>alert" not in browse(place.manager).get(f"/tickets/{asked}").text


# ------------------------------------------------------------------------------------------------ abuse


def test_a181_a_token_is_for_its_purpose_its_ticket_and_its_time(
    browse, desk, place, closed, work, link, at, unchanged
):
    """A181: answered twice, another's, altered, expired, of somebody gone, used for something else."""
    closed()
    other = desk.person(unit=place.school)
    closed(by=other)
    work()
    stranger, address, token = browse(), link(place.user), link(place.user).rpartition("/")[2]
    assert stranger.post(address, data={"step": "5"}).status_code == 303
    assert [one.step for one in desk.all(Rating)] == [5, None]
    with unchanged():
        assert stranger.post(address, data={"step": "1"}).status_code == 409
        for wrong in (
            token[:-1],
            token + "A",
            token.swapcase(),
            "A" * 43,
            "0",
            "%00",
            "null",
            desk.all(Rating)[1].digest,
        ):
            assert stranger.get(f"/rating/{wrong}").status_code == 410, wrong
            assert stranger.post(f"/rating/{wrong}", data={"step": "1"}).status_code == 410, wrong
        assert stranger.get(f"/survey/{token}").status_code == 410
        assert stranger.get(f"/password/reset/{token}").status_code == 410
        assert stranger.get(f"/status/calendar/{token}.ics").status_code == 404
    with desk.writing() as session:
        session.get(Person, other.id).is_active = False
    gone = link(other)
    with unchanged():
        assert stranger.get(gone).status_code == 410
        assert stranger.post(gone, data={"step": "1"}).status_code == 410
        at("2026-03-16 09:01")
        assert stranger.get(address).status_code == 410
        assert stranger.post(f"{address}/words", data={"words": "x"}).status_code == 410


def test_a183_guessing_is_answered_alike_and_throttled(browse, place, asked, link):
    """A183: every wrong link looks the same, and soon there is nothing to try any more."""
    stranger = browse()
    answers = [stranger.get(f"/rating/{number}") for number in range(60)]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.text.partition("<main")[2].partition("</main>")[0] for answer in answers}) == 1
    assert stranger.get("/rating/60").status_code == 429
    assert stranger.get(f"/survey/{'A' * 43}").status_code == 429
    assert stranger.get(link(place.user)).status_code == 200  # whoever has the link is not in the way of it


def test_a_link_is_not_found_by_its_digest(desk, asked):
    """What is kept opens nothing."""
    [rating] = desk.all(Rating)
    assert rating.digest and rating.expires_at == clock.now() + timedelta(days=14)
