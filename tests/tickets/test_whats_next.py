"""What a user is told of a ticket: where it is, who has it, what it waits for, what comes next and when."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from servicedesk.agreements.opening import Opening, in_words, opening
from servicedesk.tickets.whats_next import Facts, for_mail, in_mail, tell
from servicedesk.tickets.workflow import State
from sla import Calendar

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
AGO = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
OPEN, SHUT = Opening(True, LATER), Opening(False, LATER)
NEW = Facts(state=State.NEW, affected="Mette Holm", team="Servicedesk", desk=OPEN)


@pytest.fixture(autouse=True)
def _here(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("facts", "who", "waits_for", "next_step"),
    [
        pytest.param(
            NEW,
            "Ingen har taget den endnu",
            "At en supporter ser på den",
            "En supporter læser den og skriver til dig her",
            id="new",
        ),
        pytest.param(
            replace(NEW, desk=SHUT),
            "Ingen har taget den endnu",
            "At servicedesken åbner, og en supporter ser på den",
            "En supporter læser den og skriver til dig her",
            id="new while the desk is closed",
        ),
        pytest.param(
            replace(NEW, state=State.OPEN, assignee="Lene Krogh"),
            "Lene Krogh",
            "Vi venter ikke på noget: der bliver arbejdet på den",
            "Lene Krogh skriver til dig her, når der er nyt",
            id="taken",
        ),
        pytest.param(
            replace(NEW, state=State.OPEN),
            "Ingen har taget den endnu",
            "Vi venter ikke på noget: der bliver arbejdet på den",
            "En supporter går videre med den og skriver til dig her",
            id="open, and free again",
        ),
        pytest.param(
            replace(NEW, state=State.WAITING_USER, assignee="Lene Krogh"),
            "Lene Krogh",
            "Dit svar",
            "Svar nedenfor, så går vi videre med det samme",
            id="waits for the reader",
        ),
        pytest.param(
            replace(NEW, state=State.WAITING_USER, is_users=False),
            "Ingen har taget den endnu",
            "Svar fra Mette Holm",
            "Mette Holm svarer",
            id="waits for somebody else",
        ),
        pytest.param(
            replace(NEW, state=State.WAITING_SUPPLIER),
            "Ingen har taget den endnu",
            "Leverandøren",
            "Vi skriver til dig her, når leverandøren har svaret",
            id="waits for a supplier",
        ),
        pytest.param(
            replace(NEW, state=State.RESOLVED, assignee="Lene Krogh"),
            "Lene Krogh",
            "At du siger, om det virker",
            "Prøv det af, og svar her",
            id="solved",
        ),
        pytest.param(
            replace(NEW, state=State.CLOSED), "", "", "Der sker ikke mere, medmindre du skriver igen", id="closed"
        ),
        pytest.param(
            replace(NEW, state=State.CANCELLED), "", "", "Der sker ikke mere, medmindre du skriver igen", id="cancelled"
        ),
    ],
)
def test_who_has_it_and_what_comes_next(facts, who, waits_for, next_step):
    told = tell(facts, NOW)

    assert (told.who, told.waits_for, told.next_step) == (who, waits_for, next_step)


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        pytest.param(NEW, "Hos Servicedesk", id="with a team"),
        pytest.param(replace(NEW, team=None), "Hos servicedesken", id="with none yet"),
        pytest.param(
            replace(NEW, is_secret=True), "Hos et lukket team, som er de eneste, der kan se den", id="a secret one"
        ),
        pytest.param(replace(NEW, state=State.CLOSED), "", id="nowhere any more"),
    ],
)
def test_where_it_is(facts, where):
    assert tell(facts, NOW).where == where


DUE = replace(NEW, answer_due=LATER, solution_due=LATER)


@pytest.mark.parametrize(
    ("facts", "when"),
    [
        pytest.param(NEW, [], id="nothing is promised"),
        pytest.param(
            DUE,
            ["Vi svarer senest tirsdag 3. mar. 12.00.", "Forventes løst senest tirsdag 3. mar. 12.00."],
            id="an answer and a solution",
        ),
        pytest.param(
            replace(DUE, promised_at=LATER),
            ["Vi svarer senest tirsdag 3. mar. 12.00.", "Vi har aftalt, at det er klar tirsdag 3. mar. 12.00."],
            id="agreed by hand",
        ),
        pytest.param(
            replace(DUE, answer_due=AGO, solution_due=AGO),
            [
                "Vi skulle have svaret dig nu, og det beklager vi. Henvendelsen er ikke glemt.",
                "Det tager længere tid, end vi lovede. Vi arbejder stadig på det.",
            ],
            id="late",
        ),
        pytest.param(replace(DUE, state=State.WAITING_USER), [], id="no promise while it waits for the user"),
        pytest.param(
            replace(NEW, state=State.RESOLVED, closes_at=LATER),
            ["Hører vi ikke fra dig, lukker vi den tirsdag 3. mar. 12.00."],
            id="solved",
        ),
        pytest.param(replace(DUE, state=State.CLOSED), [], id="closed"),
    ],
)
def test_when(facts, when):
    assert tell(facts, NOW).when == when


@pytest.mark.parametrize("state", list(State))
def test_it_is_the_readers_turn_when_asked_or_when_it_is_solved(state):
    told = tell(replace(NEW, state=state), NOW)

    assert told.is_yours is (state in (State.WAITING_USER, State.RESOLVED))
    assert told.words
    assert not tell(replace(NEW, state=state, is_users=False), NOW).is_yours


def test_a_mail_says_the_same_as_the_page():
    for facts in (NEW, DUE, replace(DUE, desk=SHUT), replace(NEW, team=None)):
        assert in_mail(for_mail(facts), NOW) == tell(facts, NOW)


HOURS = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)})
ALWAYS = Calendar("Europe/Copenhagen", {day: [("00:00", "24:00")] for day in range(7)})


@pytest.mark.parametrize(
    ("calendar", "local", "words"),
    [
        (HOURS, "2026-03-02T09:00+01:00", "Servicedesken har åbent til 16.00."),
        (HOURS, "2026-03-02T07:00+01:00", "Servicedesken er lukket og åbner i dag 08.00."),
        (HOURS, "2026-03-06T16:00+01:00", "Servicedesken er lukket og åbner mandag 9. mar. 08.00."),
        (ALWAYS, "2026-03-06T16:00+01:00", "Servicedesken har åbent hele døgnet."),
    ],
    ids=["open", "before it opens", "exactly at closing time on a Friday", "round the clock"],
)
def test_whether_the_desk_is_open(calendar, local, words):
    now = datetime.fromisoformat(local).astimezone(UTC)

    assert in_words(opening(calendar, now), now, "Europe/Copenhagen") == words
