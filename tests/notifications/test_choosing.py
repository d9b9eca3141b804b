"""The page on which people choose what to hear of, how, and when."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications.models import ByMail, NoticeChoice, NoticeHabit
from servicedesk.tickets import events

ANSWERED = events.ANSWERED
ANSWERS = {
    "digest_time": "08:00", "second_time": "", "digest_days": ["0", "1", "2", "3", "4"],
    "quiet_from": "17:00", "quiet_to": "07:00", f"bell-{ANSWERED}": "1", f"mail-{ANSWERED}": "now",
}  # fmt: skip


@pytest.fixture
def person(desk):
    return desk.person()


def test_it_is_reached_from_the_profile(browse, person):
    assert 'href="/me/notices"' in browse(person).get("/me").text
    assert browse(person).get("/me/notices").status_code == 200


def test_choices_are_kept_and_shown(desk, browse, person):
    browser = browse(person)

    told = {"digest_time": "7.30", "second_time": "14:00", "digest_days": ["0", "6"], "is_quiet": "1"}
    del (answers := {**ANSWERS, **told})[f"bell-{ANSWERED}"]
    answer = browser.post("/me/notices", data={**answers, f"mail-{ANSWERED}": "digest"})

    assert (answer.status_code, answer.location) == (303, "/me/notices")
    choice = next(one for one in desk.all(NoticeChoice) if one.event == ANSWERED)
    assert (choice.in_bell, choice.by_mail) == (False, ByMail.DIGEST)
    [habit] = desk.all(NoticeHabit)
    assert (habit.digest_times, habit.digest_days) == (["07:30", "14:00"], [0, 6])
    assert (habit.is_quiet, habit.quiet_from, habit.quiet_to) == (True, "17:00", "07:00")
    page = browser.get("/me/notices").text
    assert 'value="07:30"' in page
    assert 'value="14:00"' in page
    assert f'name="bell-{ANSWERED}" value="1">' in page


def test_they_are_ones_own(desk, browse, person):
    other = desk.person()
    browse(other).post("/me/notices", data={**ANSWERS, f"mail-{ANSWERED}": "never"})

    assert {choice.person_id for choice in desk.all(NoticeChoice)} == {other.id}
    assert "Dine valg er gemt" in browse(other).post("/me/notices", data=ANSWERS, follow_redirects=True).text


def test_only_what_can_happen_to_a_person_is_offered(desk, browse, person):
    supporter = desk.person(Role.SUPPORTER, team=desk.team())

    assert events.ASSIGNED not in browse(person).get("/me/notices").text
    assert events.ASSIGNED in browse(supporter).get("/me/notices").text


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"digest_time": ""}, "Skriv, hvornår du vil have din samlede mail."),
        ({"digest_time": "25:00"}, "Skriv et klokkeslæt som 08:00."),
        ({"second_time": "middag"}, "Skriv et klokkeslæt som 08:00."),
        ({"digest_days": []}, "Vælg mindst én dag til din samlede mail."),
        ({"is_quiet": "1", "quiet_from": ""}, "Skriv både, hvornår de stille timer begynder"),
        ({"is_quiet": "1", "quiet_to": "17:00"}, "kan ikke begynde og slutte på samme tid"),
        ({"is_quiet": "1", "digest_time": "06:00"}, "Kl. 06:00 ligger i dine stille timer."),
        ({"is_quiet": "1", "second_time": "23.15"}, "Kl. 23:15 ligger i dine stille timer."),
    ],
    ids=["no time", "no such time", "no second time", "no day", "half", "round the clock", "quiet", "second quiet"],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(desk, browse, person, told, message):
    typed = {**ANSWERS, "quiet_from": "17:00", f"mail-{ANSWERED}": "never", **told}

    answer = browse(person).post("/me/notices", data=typed)

    assert answer.status_code == 422
    assert message in answer.text
    assert desk.all(NoticeHabit) == desk.all(NoticeChoice) == []
    for name in ("digest_time", "second_time"):
        assert f'name="{name}" value="{typed[name]}"' in answer.text
    assert '<option value="never" selected>' in answer.text


@pytest.mark.parametrize("days", [["7"], ["x"], ["0", "-1"]])
def test_a_day_that_there_is_not_is_refused(browse, person, days):
    assert browse(person).post("/me/notices", data={**ANSWERS, "digest_days": days}).status_code == 422


def test_who_has_no_mailbox_is_told(desk, browse, person):
    assert "kender ikke din e-mailadresse" in browse(desk.person(email=None)).get("/me/notices").text
    assert "kender ikke din e-mailadresse" not in browse(person).get("/me/notices").text
