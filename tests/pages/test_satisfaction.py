"""Satisfaction with a telephone in the hand: two taps from the mail, a bad answer that is followed up, a survey."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.surveys import jobs
from servicedesk.surveys.models import Invitation, Rating
from servicedesk.surveys.rules import Kind
from servicedesk.tickets.workflow import State
from tests.desk import Desk
from tests.pages.visiting import PHONE, Visits, press, unfold
from tests.surveys.made import make_survey

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


@pytest.fixture
def user(here: Desk) -> Person:
    return here.person(name="Anne Jensen", phone="87 80 33 33")


def mailed(here: Desk, person: Person, template: str = "rating_asked") -> str:
    """The address in the newest mail to the person, when the worker has been at it."""
    with here.app.app_context():
        while jobs.ask_for_ratings(clock.now()):  # other tests have closed tickets too, and a run does so many
            pass
        jobs.run_surveys(clock.now())
    mails = here.all(OutboxMail, person_id=person.id, template=template)
    return str(mails[-1].facts["url"])


@pytest.fixture
def ticket(here: Desk, user: Person) -> int:
    team = here.team(is_first_line=True)
    return here.ticket(State.CLOSED, by=user, assignee=here.person(Role.SUPPORTER, team=team, name="Lene Krogh"))


def test_a_rating_is_two_taps_from_the_mail(here: Desk, user: Person, ticket: int, opened: Open) -> None:
    page = opened(None, mailed(here, user), width=PHONE)  # the first tap, in the mail
    assert here.get(Rating, ticket).step is None
    page.get_by_role("button", name="Meget tilfreds").click()  # the second
    expect(page.get_by_role("heading", name="Tak for dit svar")).to_be_visible()
    expect(page.get_by_text("Meget tilfreds")).to_be_visible()
    assert here.get(Rating, ticket).step == 5
    page.get_by_label("Vil du skrive lidt om hvorfor?").fill("Hurtigt og venligt")
    press(page, "Send")
    expect(page.get_by_text("Hurtigt og venligt")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)


def test_a_low_rating_is_taken_answered_and_read(here: Desk, user: Person, ticket: int, opened: Open) -> None:
    boss = here.person(Role.SERVICEDESK_MANAGER, name="Birgit Chef")
    page = opened(None, mailed(here, user), width=PHONE)
    page.get_by_role("button", name="Meget utilfreds").click()
    page.get_by_label("Vil du skrive lidt om hvorfor?").fill("Det tog to uger")
    page.get_by_label("Kontakt mig gerne om det").check()
    press(page, "Send")
    expect(page.get_by_text("Du har bedt om at blive kontaktet.")).to_be_visible()

    desk = opened(boss, "/", width=PHONE)
    desk.get_by_role("link", name="1 bedømmelse skal følges op").click()
    desk.locator("main").get_by_role("link", name=f"SD-{ticket}").click()
    expect(desk.get_by_text("Det tog to uger")).to_be_visible()
    press(desk, "Tag opfølgningen")
    desk.get_by_label("Svar", exact=False).first.fill("Det beklager vi meget.")
    press(desk, "Send svaret")
    expect(desk.get_by_text("Svaret er sendt til Anne Jensen.")).to_be_visible()
    if not desk.get_by_role("button", name="Afslut", exact=True).is_visible():
        unfold(desk, "Afslut opfølgningen")
    press(desk, "Afslut")
    expect(desk.get_by_text("Der er intet at følge op på")).to_be_visible()

    own = opened(user, f"/tickets/{ticket}", width=PHONE)
    own.get_by_role("link", name="Se dit svar").click()
    expect(own.get_by_text("Det beklager vi meget.")).to_be_visible()


def test_a_survey_is_answered_from_the_mail(here: Desk, user: Person, opened: Open) -> None:
    for _ in range(5):
        here.person()
    make_survey(here, tuple(Kind))
    page = opened(None, mailed(here, user, "survey_asked"), width=PHONE)
    expect(page.get_by_text("Målingen er anonym")).to_be_visible()
    page.get_by_label("Tilfreds", exact=True).check()
    page.get_by_label("9", exact=True).check()
    page.get_by_label("Blå").last.check()
    press(page, "Send svar")
    expect(page.get_by_role("heading", name="Tak for dine svar")).to_be_visible()


def test_with_names_on_it_a_survey_is_kept_while_one_answers(here: Desk, user: Person, visit: Visits) -> None:
    for _ in range(5):
        here.person()
    survey = make_survey(here, (Kind.STEPS, Kind.TEXT), is_anonymous=False)
    page = visit(user, f"/surveys/{survey}/answer", width=PHONE)
    page.get_by_label("Spørgsmål text?").fill("Halvt skrevet")
    expect(page.get_by_text("Gemt. Du kan gøre det færdigt senere.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Spørgsmål text?")).to_have_value("Halvt skrevet")
    [mine] = here.all(Invitation, survey_id=survey, person_id=user.id)
    assert mine.kept and not mine.is_answered
